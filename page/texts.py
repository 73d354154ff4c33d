"""What the page itself says, in Chinese and in English: one table.

The Chinese text is the key. What articles and models say is not the page's: it stays as it
is; lines of errors, which have values in them, are known by their wordings (``page.lines``). Knows
nothing of where a text is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from page.lines import in_english

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        # the head of the page and a first visit
        "引据": "Yinju 引据",
        "问本地的 {count} 篇文章，每句回答都对照原文核对": (
            "{count} articles on this machine; each sentence of an answer is checked against them"
        ),
        "正用内置回答，逐字引用原文": "Built-in answers: the articles' own words",
        "就你的中文文章提问：每句回答都标出处，点编号就看到原文里的那句话；没有写到的会直说。": (
            "Ask about your Chinese articles, in Chinese: each sentence of an answer names its "
            "source; a click on its number shows the words in the article. What they do not say, "
            "you are told they do not."
        ),
        "文章库": "Library",
        "原文": "Source",
        "对话": "Conversations",
        "设置": "Settings",
        # the box for a question
        "问题": "Question",
        "输入问题，按回车发送": "Type a question, press Enter",
        "发送": "Ask",
        "停止": "Stop",
        "新对话": "New",
        # an answer
        "有据": "supported",
        "部分有据": "partly supported",
        "未找到依据": "not found in the sources",
        "很可能": "very likely",
        "可能": "likely",
        "请核对": "please check",
        "逐句核对：共 {all} 句，{counts}": "Checked sentence by sentence: {all} in all, {counts}",
        "{count} 句{verdict}": "{count} {verdict}",
        "第 {number} 句：{faults}": "Sentence {number}: {faults}",
        "答到所问：": "Answers the question: ",
        "✓ 原文如此（逐字引用）": "✓ quoted word for word",
        "最接近的文章：": "Nearest articles: ",
        "（已停止）": "(stopped)",
        "没能作答：{error}": "No answer: {error}",
        "用时 {seconds} 秒": "{seconds} s",
        "看找到的段落": "Passages that were found",
        "找到 {count} 个段落（{articles} 篇文章）": (
            "Passages found: {count} (articles: {articles})"
        ),
        "检索的是：{query}": "Searched: {query}",
        "按原话问": "Ask as typed",
        "按“{readings}”查找": "Searched as “{readings}”",
        "另见 {titles}": "See also {titles}",
        "另见 {titles} 等 {count} 篇": "See also {titles} and others, {count} in all",
        "{source} 第 {page} 页": "{source} page {page}",
        "引用 {number}：{quote}": "Citation {number}: {quote}",
        "所问": "Asked",
        "回答": "Answer",
        "时间": "When",
        "出处": "Source [n]",
        "见下文": "see below",
        "材料里没有": "not in the articles",
        # what is done while it works, and with an answer
        "正在写回答…": "writing…",
        "正在读证据…": "reading the evidence…",
        "排队中，前面还有 {ahead} 个…": "Waiting; before you: {ahead}…",
        "正在联系上文理解追问并检索…": "Reading the follow-up with what came before, searching…",
        "检索中…": "Searching…",
        "（空白）": "(blank)",
        "复制": "Copy",
        "已复制": "Copied",
        "复制不了": "Cannot copy",
        "重新回答": "Answer again",
        "改问题": "Edit question",
        "赞": "Good",
        "答案不对": "Wrong answer",
        "出处不对": "Wrong source",
        "该拒答": "Should decline",
        "补充说明": "Comment",
        "谢谢。可以补充一句：哪里不对？应该是什么？（可不填）": (
            "Thank you. What is wrong, what would be right? (may stay empty)"
        ),
        "提交": "Send",
        "程序内部出错，详情见启动引据的终端窗口；可以接着提问": (
            "The program failed; the terminal that it runs in says more. You can go on asking"
        ),
        "上次没有答完（页面关了，或程序停了）；可以点“重新回答”": (
            "This was not answered to the end (the page was closed, or the program stopped); "
            "“Answer again” does it"
        ),
        # the source
        "↩ 回到回答": "↩ To the answer",
        "← 全部文章": "← All articles",
        "点击回答里的编号，这里显示原文，并标出所引的字句。": (
            "A click on a number in an answer shows its article here, the quoted words marked."
        ),
        "这篇文章已不在文章库里；它可能被移走或改过，请重新提问。": (
            "This article is no longer in the library; it may have been moved or changed. "
            "Please ask again."
        ),
        "原文 {title}": "Source {title}",
        "引用": "Citations",
        "引用 {number}": "Citation {number}",
        "看整理后的文章": "Show the article",
        "看原来的版面": "Show the page as it came",
        "第 {number} 行": "line {number}",
        "第 {number} 页": "page {number}",
        "{source} 第 {number} 页的样子，所引的字句已框出": (
            "Page {number} of {source}, the quoted words boxed"
        ),
        "这一页上找不到这些字的位置，请在图上自己找": (
            "The places of these words on the page are not known; please look for them yourself"
        ),
        "词项": "terms",
        "向量": "vectors",
        "和": " and ",
        "《{title}》 {source} · {arms}找到 · 得分 {score}": (
            "《{title}》 {source} · found by {arms} · score {score}"
        ),
        "找到而没有引用的 {count} 个段落": "Found and not cited: {count}",
        "没有可引用的原文。最接近的段落：": "Nothing to cite. The nearest passages:",
        "没有找到相近的段落。": "No passage came near.",
        "找到的段落": "Passages that were found",
        # the library
        "在文章库里找": "Search the library",
        "按题名、来源、日期或正文里的词找": "Words of the title, source, date or text",
        "排序": "Order",
        "原有次序": "as it came",
        "题名": "title",
        "日期，新的在前": "newest first",
        "日期，旧的在前": "oldest first",
        "来源": "source",
        "段落，多的在前": "longest first",
        "共 {count} 篇文章": "Articles: {count}",
        "{all} 篇里找到 {count} 篇": "Found: {count} of {all} articles",
        "文章": "Article",
        "日期": "Date",
        "段落": "Passages",
        "可以做的": "Actions",
        "只问这篇": "Ask this one only",
        "移除": "Remove",
        "← 上一页": "← Back",
        "下一页 →": "Next →",
        "第 {page} / {last} 页": "Page {page} of {last}",
        "读文件时的 {count} 条说明": "Remarks from reading the files: {count}",
        "限定提问的范围": "Limit questions",
        "最早日期": "From",
        "最晚日期": "Until",
        "从 2021-01": "from 2021-01",
        "到 2021-06-28": "until 2021-06-28",
        "文件、文件夹或报社": "file, folder or paper",
        "限定": "Limit",
        "上传、移除、换文章库": "Upload, remove, other library",
        "自带的文章": "Bundled articles",
        "我的文章": "My articles",
        "上传文章": "Upload articles",
        "重建索引": "Rebuild the index",
        "改名": "Rename",
        "新名字": "New name",
        "日期 {since} 至 {until}": "dates {since} to {until}",
        "最早": "first",
        "最近": "last",
        "来源 {names}": "source {names}",
        " 等 {count} 个": " and others, {count} in all",
        "{limits}（{count} 篇）": "{limits} (articles: {count})",
        "只在这些文章里找：{limits}": "Only these are searched: {limits}",
        "问全部文章": "Ask all articles",
        "{source}：读出 {count} 篇：{titles}": "{source}: articles read: {count}: {titles}",
        "{source}：同样的文件已经在了，没有再放一份": "{source}: the same file is here already",
        "；": "; ",
        " 等": " and others",
        "放进了“{name}”，现在问的就是它": "Put into “{name}”, which is what you ask now",
        "撤销上传": "Undo the upload",
        "撤销": "Undo",
        "移除了 {names}": "Removed {names}",
        "放回了 {names}": "Put back {names}",
        "重新读了 {count} 篇文章": "Articles read anew: {count}",
        "现在叫“{name}”": "Now called “{name}”",
        "这篇文章已不在文章库里": "This article is no longer in the library",
        # settings
        "用什么回答": "What answers",
        "内置：逐字引用原文，不用下载": "Built in: the articles' own words; nothing to download",
        "{name}：写成回答，再逐句核对": "{name}: writes an answer, then each sentence is checked",
        "或别的服务器上的对话模型": "Or a chat model on a server",
        "openai:网址#模型名，如 openai:http://127.0.0.1:11434/v1#qwen3": (
            "openai:ADDRESS#MODEL, such as openai:http://127.0.0.1:11434/v1#qwen3"
        ),
        "有多大把握才回答": "How sure it must be to answer",
        "谨慎": "cautious",
        "适中": "balanced",
        "大胆": "bold",
        "谨慎：少答错，多说没找到；大胆：多给答案，要多核对": (
            "cautious: fewer wrong answers, more refusals; bold: more answers, more to check"
        ),
        "读几个段落再回答": "How many passages are read",
        "改用这些设置": "Use these settings",
        "对所有打开这个页面的人都生效": "This holds for everybody who has the page open",
        "没有变化": "Nothing changed",
        "改好了，从下一个问题起": "Done; it holds from the next question on",
        "记在 {path} 里": "Kept in {path}",
        "模型": "Model",
        "大小": "Size",
        "许可证": "Licence",
        "本机": "Here",
        "下载": "Download",
        "已有": "yes",
        "在用": "in use",
        "向量模型": "embedder",
        "重排模型": "reranker",
        "对话模型": "chat model",
        "蕴含模型": "entailment model",
        "下载 {name}？要 {size}，存在本机。": "Download {name}? It takes {size} on this machine.",
        "断了再点一次，会接着下载；校验和不对的不会留下。": (
            "If it breaks off, click again: it goes on. Nothing with a wrong checksum is kept."
        ),
        "{name} 下载好了，校验和都对": "{name} is here, all checksums right",
        "文章库里有什么": "What the library holds",
        "模型和下载": "Models and downloads",
        "文件": "Files",
        "文件夹": "Folder",
        "内置": "built in",
        "检查一遍": "Check the installation",
        "一切正常": "All is well",
        "有 {count} 处要看": "To look at: {count}",
        "正常的": "What is well",
        # conversations
        "这里会列出你的对话；它们存在本机，重启后还在。": (
            "Your conversations will be listed here; they are kept on this machine."
        ),
        "另有 {count} 个较早的": "Older ones: {count}",
        "导出": "Export",
        "删除": "Delete",
        "删除这个对话？删了就找不回来了。": "Delete this conversation? It cannot be got back.",
        "给现在的对话改名": "Rename this conversation",
        "还没有可以改名的对话；先问一个问题": "There is no conversation yet; ask a question first",
        "这个对话的文件有 {count} 处损坏，其余的都在": (
            "The file of this conversation is damaged in {count} places; the rest is here"
        ),
    }
)


_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Language:
    """Says the texts of the page in one language; ``code`` is its BCP 47 tag."""

    code: str

    def __call__(self, text: str, /, **facts: object) -> str:
        """The text, with what stands in its braces filled in."""
        said = (ENGLISH if self.code == "en" else _NOTHING).get(text, text)
        return said.format_map(facts) if facts else said

    def line(self, said: object) -> str:
        """An error's line, or another that the program says in Chinese."""
        return in_english(str(said), ENGLISH) if self.code == "en" else str(said)


CHINESE = Language("zh-CN")
IN_ENGLISH = Language("en")


def language_of(accepted: str) -> Language:
    """The language for who sends this Accept-Language: English where no Chinese comes first.

    Who sends none gets Chinese.
    """
    first = re.split("[,;]", accepted, maxsplit=1)[0].strip().casefold()
    return CHINESE if not first or first == "*" or first.startswith("zh") else IN_ENGLISH


def for_the_browser() -> dict[str, dict[str, str]]:
    """The table as Gradio takes it, which translates what its own components say."""
    same = {text: text for text in ENGLISH}
    return {"zh": same, "zh-CN": same, "zh-TW": same, "en": dict(ENGLISH)}
