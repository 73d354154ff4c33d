# Each of `make app` and `make test` is the only command needed on a fresh clone.
# README gives the plain commands behind them, for machines without make.

PYTHON      ?= python3
VENV        ?= .venv
CORPUS      ?=
PORT        ?=
PROFILE     ?=
PART        ?=
ARTICLES    ?=
TORCH_INDEX ?=
DATA        ?=
STEP        ?=
WORK        ?=
RESUME      ?=

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

PIP   := $(BIN)/python -m pip
# Progress is for people: without a terminal pip only speaks of what went wrong.
QUIET := $(shell [ -t 2 ] || echo --quiet)
TORCH := $(shell sed -n 's/^torch==\([0-9.]*\).*/torch==\1/p' constraints.txt)

ifneq (,$(filter train,$(MAKECMDGOALS)))
ifeq (,$(DATA))
$(error 请写明数据文件夹：make train DATA=文件夹)
endif
endif

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: app test check eval bench fault train resolve clean help
.NOTPARALLEL:

app: $(VENV)/.installed-app ## 打开问答页面 [CORPUS=文件夹] [PORT=端口] [PROFILE=cpu]
	$(if $(PROFILE),@$(BIN)/python -m rag models pull "$(PROFILE)")
	@exec $(BIN)/python -m page.command app $(if $(CORPUS),--corpus "$(CORPUS)") \
		$(if $(PORT),--port "$(PORT)") $(if $(PROFILE),--profile "$(PROFILE)")

test: $(VENV)/.installed-test ## 运行全部测试
	@$(BIN)/python -m pytest

check: $(VENV)/.installed-test ## 格式、静态检查、类型、分层，加快速测试
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q -m "not slow" -n auto --maxprocesses 4 --dist loadfile

eval: $(VENV)/.installed-app ## 跑评测题，报告存入 eval/results
	@$(BIN)/python -m eval run

bench: $(VENV)/.installed-app ## 量速度 [DATA=数据文件夹 WORK=工作文件夹 PART=peers：和别家比；ARTICLES=多少篇：量大索引]
	@$(BIN)/python -m eval bench $(if $(ARTICLES),--data "$(DATA)" --articles $(ARTICLES) --work "$(WORK)") \
		$(if $(PART),--data "$(DATA)" --part "$(PART)" --work "$(WORK)")

fault: $(VENV)/.installed-test ## 更新索引时随机杀进程 200 次
	@YINJU_TEST_KILLS=200 $(BIN)/python -m pytest -q -o timeout=3600 tests/test_building.py -k killed

train: $(VENV)/.installed-train ## 重做内置模型 DATA=数据文件夹 [STEP=步骤] [WORK=工作文件夹] [RESUME=1]
	@$(BIN)/python -m training --data "$(DATA)" $(if $(STEP),--step "$(STEP)") \
		$(if $(WORK),--work "$(WORK)") $(if $(RESUME),--resume)

# uv reads only the metadata, so the 5 GB of CUDA wheels stay where they are; unlike pip it judges
# `python_version` markers by the version asked for.
resolve: $(VENV)/.resolver/done ## 证明依赖在 3.12 和 3.13 上也能解析（不下载）
	@for version in 3.12 3.13; do \
		$(VENV)/.resolver/$(notdir $(BIN))/python -m uv pip compile --quiet --all-extras \
			--python-version $$version --constraint constraints.txt --no-annotate --no-header \
			--output-file $(VENV)/.resolver/$$version.txt pyproject.toml || exit 1; \
		echo "Python $$version：解析出 $$(grep -c == $(VENV)/.resolver/$$version.txt) 个包"; \
	done

$(VENV)/.resolver/done: $(VENV)/.created
	@$(BIN)/python -m venv $(@D) && $(@D)/$(notdir $(BIN))/python -m pip install --quiet "uv<1"
	@touch $@

clean: ## 删去虚拟环境、索引和缓存
	rm -rf $(VENV) .yinju build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## 列出这些命令
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1@\2/p' Makefile | awk -F@ '{printf "%-16s%s\n", $$1, $$2}'

# --- The environment -----------------------------------------------------------------------
# Stamps keep a second run from installing again. `.installing` stands while pip works: if the
# next run still finds it, that work was cut off, and the environment is made anew.

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || { \
		echo "需要 Python 3.11 至 3.13，$(PYTHON) 不是；请这样写明：make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
		exit 1; }
	@if [ ! -x $(BIN)/python ] || ! $(PIP) --version >/dev/null 2>&1; then \
		echo "正在建立虚拟环境 $(VENV) …"; $(PYTHON) -m venv --clear $(VENV); fi
	@touch $@

# $(call install,extras,what is said)
define install
	@if [ -e $(VENV)/.installing ]; then \
		echo "上次安装没有做完，重建 $(VENV) …"; rm -f $(VENV)/.created; \
		$(PYTHON) -m venv --clear $(VENV) && touch $(VENV)/.created; fi
	@touch $(VENV)/.installing
	$(if $(TORCH_INDEX),@echo "正在从 $(TORCH_INDEX) 安装 $(TORCH) …"; \
		$(PIP) install $(QUIET) "$(TORCH)" --index-url "$(TORCH_INDEX)" || { rm -f $(VENV)/.installing; exit 1; })
	$(if $(TORCH_INDEX),,@if [ "$$(uname -s)" = Linux ] && ! $(PIP) show --quiet torch 2>/dev/null; then \
		echo "PyPI 的 Linux 版 torch 带 CUDA，约 5.2 GB；只用 CPU 可停下，改用："; \
		echo "  make $(MAKECMDGOALS) TORCH_INDEX=https://download.pytorch.org/whl/cpu"; fi)
	@echo "正在安装$(2)（第一次要几分钟；之后不再安装）…"; \
		$(PIP) install $(QUIET) -c constraints.txt -e ".$(1)" || { rm -f $(VENV)/.installing; exit 1; }
	@rm -f $(VENV)/.installing
endef

$(VENV)/.installed-app: pyproject.toml constraints.txt | $(VENV)/.created
	$(call install,,依赖)
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(VENV)/.created
	$(call install,[test],依赖和测试工具)
	@touch $(VENV)/.installed-app $@

$(VENV)/.installed-train: pyproject.toml constraints.txt | $(VENV)/.created
	$(call install,[train],依赖和训练工具)
	@touch $(VENV)/.installed-app $@
