"""What the documents say of the code is true, and the code keeps to what is forbidden."""

from __future__ import annotations

import ast
import fnmatch
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

READMES = ("README.md", "README.zh-CN.md")
BINARY = {".png", ".jpg", ".safetensors", ".npy", ".faiss", ".gz", ".whl", ".ico", ".woff2"}
FENCE = re.compile(r"^```.*?^```\s*?$", re.MULTILINE | re.DOTALL)


# --- The repository -------------------------------------------------------------------------


def ignored_patterns(root: Path) -> list[str]:
    lines = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    return [line.strip().strip("/") for line in lines if line.strip() and line[0] != "#"]


def entries(folder: Path, root: Path) -> list[Path]:
    """What stands in `folder` and is not ignored by git."""
    patterns = [*ignored_patterns(root), ".git"]
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        path
        for path in found
        if not any(fnmatch.fnmatch(path.name, pattern) for pattern in patterns)
    ]


def files(folder: Path, root: Path) -> Iterator[Path]:
    for path in entries(folder, root):
        if path.is_dir():
            yield from files(path, root)
        else:
            yield path


def text_files(root: Path) -> Iterator[tuple[str, str]]:
    """Path and text of each text file but the seeds, which are other people's."""
    for path in files(root, root):
        name = path.relative_to(root).as_posix()
        if path.suffix not in BINARY and not name.startswith("seeds/"):
            yield name, path.read_text(encoding="utf-8", errors="replace")


def sections(text: str) -> list[tuple[str, str]]:
    """Heading line and body of each section; a `#` inside a code block is no heading."""
    fences = [match.span() for match in FENCE.finditer(text)]
    heads = [
        match
        for match in re.finditer(r"^#{1,6} .*$", text, re.MULTILINE)
        if not any(start <= match.start() < end for start, end in fences)
    ]
    ends = [match.start() for match in heads[1:]] + [len(text)]
    return [(head.group(), text[head.end() : end]) for head, end in zip(heads, ends, strict=True)]


def section(text: str, *words: str) -> str:
    """The body of the first section whose heading holds one of `words`."""
    for heading, body in sections(text):
        if any(word in heading.lower() for word in words):
            return body
    raise AssertionError(f"no heading with one of {words}")


@pytest.fixture(params=READMES)
def readme(request: pytest.FixtureRequest, root: Path) -> str:
    return (root / request.param).read_text(encoding="utf-8")


# --- The file tree ---------------------------------------------------------------------------


def drawn_paths(block: str) -> list[str]:
    """Paths of a drawn tree, four columns a level; folders end in `/`.

    `├── rag/   what it is` gives `rag/`; a first line such as `yinju/` is the root and left out.
    Several names may share a line: `README.md, README.zh-CN.md`.
    """
    found: list[str] = []
    parents: list[str] = []
    for line in block.splitlines():
        drawn = re.match(r"^([│├└─\s]*)(\S.*)$", line)
        if not drawn or not drawn.group(1):
            continue
        depth = len(drawn.group(1)) // 4 - 1
        names = re.split(r"\s{2,}|\s*#", drawn.group(2))[0]
        shared = re.split(r"[,，、]\s*|\s+·\s+", names)
        found += ["".join(parents[:depth]) + name for name in shared]
        parents = [*parents[:depth], names]
    return found


def drawn_tree(readme: str) -> list[str]:
    body = section(readme, "tree", "文件")
    block = re.search(r"^```text\n(.*?)^```", body, re.MULTILINE | re.DOTALL)
    assert block, "no ```text block under the heading of the file tree"
    return drawn_paths(block.group(1))


def names_in(folder: Path, root: Path) -> set[str]:
    return {
        path.name + ("/" if path.is_dir() else "")
        for path in entries(folder, root)
        if not path.name.startswith((".", "__"))
    }


def test_every_path_of_the_drawn_tree_exists(readme: str, root: Path) -> None:
    wrong = [
        path
        for path in drawn_tree(readme)
        if not ((root / path).is_dir() if path.endswith("/") else (root / path).is_file())
    ]
    assert not wrong


def test_the_drawn_tree_leaves_out_nothing_of_the_top_level_or_of_rag(
    readme: str, root: Path
) -> None:
    drawn = set(drawn_tree(readme))
    assert names_in(root, root) - drawn == set()
    of_rag = {f"rag/{name}" for name in names_in(root / "rag", root)} - {"rag/py.typed"}
    assert of_rag - drawn == set()


def test_the_tree_reader_understands_levels_and_shared_lines() -> None:
    block = "yinju/\n├── rag/      the package\n│   ├── text/\n│   └── cli.py  # commands\n└── LICENSE, NOTICE\n"
    assert drawn_paths(block) == ["rag/", "rag/text/", "rag/cli.py", "LICENSE", "NOTICE"]


# --- Configuration, exports, two languages ---------------------------------------------------


def test_the_configuration_table_lists_the_fields_of_config(readme: str) -> None:
    import rag

    body = section(readme, "configuration", "settings", "配置", "设置")
    listed = re.findall(r"^\| `(\w+)` ", body, re.MULTILINE)
    assert listed == list(rag.Config.model_fields)


def test_every_exported_name_exists_and_is_documented(readme: str) -> None:
    import rag

    missing = [name for name in rag.__all__ if not hasattr(rag, name)]
    assert not missing
    unsaid = [name for name in rag.__all__ if not re.search(rf"\b{re.escape(name)}\b", readme)]
    assert not unsaid


def levels(text: str) -> list[int]:
    return [heading.index(" ") for heading, _ in sections(text)]


def figures(text: str) -> list[list[str]]:
    """The numbers of each table row, then those with a point or a per cent sign elsewhere."""
    prose, rows = [], []
    for line in FENCE.sub("", text).splitlines():
        if line.lstrip().startswith("|"):
            rows.append(re.findall(r"\d+(?:\.\d+)?", line))
        else:
            prose += re.findall(r"\d*\.\d+|\d+(?=\s*%)", line)
    return [*rows, sorted(prose)]


def test_both_readmes_have_the_same_headings_and_the_same_figures(root: Path) -> None:
    english, chinese = ((root / name).read_text(encoding="utf-8") for name in READMES)
    assert levels(english) == levels(chinese)
    assert figures(english) == figures(chinese)


# --- What must stand nowhere -----------------------------------------------------------------

# Put together here, so that this file does not hold them itself.
PLACES = [
    re.compile(r"(?<![\w.])/" + r"work(?!\w)"),
    re.compile(r"\.\." + "/shared"),
    *(
        re.compile(re.escape(".".join(parts)))
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("debian", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
        )
    ),
]


def test_no_file_names_the_machine_it_was_made_on_or_a_package_host(root: Path) -> None:
    found = [
        f"{name}: {match.group()}"
        for name, text in text_files(root)
        for pattern in PLACES
        for match in pattern.finditer(text)
    ]
    assert not found


UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
UNSAFE_CALLS = {"torch.load", "eval", "exec", "np.fromfile", "yaml.load"}


def unsafe_uses(code: str) -> Iterator[str]:
    """Imports and calls that run what a file holds."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] in UNSAFE_MODULES)
        elif isinstance(node, ast.ImportFrom):
            if (node.module or "").split(".")[0] in UNSAFE_MODULES:
                yield str(node.module)
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in UNSAFE_CALLS:
                yield called
            yield from (
                f"{called}(allow_pickle=True)"
                for keyword in node.keywords
                if keyword.arg == "allow_pickle" and ast.unparse(keyword.value) != "False"
            )


def test_no_code_unpickles_or_evaluates(root: Path) -> None:
    found = [
        f"{name}: {use}"
        for name, text in text_files(root)
        if name.endswith(".py")
        for use in unsafe_uses(text)
    ]
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "torch.load('a')",
        "np.load(p, allow_pickle=True)",
        "eval('1')",
    ],
)
def test_the_search_for_unsafe_code_finds_it(code: str) -> None:
    assert list(unsafe_uses(code))
