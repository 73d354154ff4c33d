"""Which blocks of a web page are its article.

Prose weighs: long blocks that are not links. The article is the innermost element that holds most
of it, with the headline above; menus, lists of links, comments and the legal lines at the foot are
left out. Knows nothing of tags' syntax or of what the page's head says but its title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.articles.loaders.html.elements import Block, Element, Page
from rag.articles.loaders.joining import words

_MOST = 0.7  # of the prose that the article's element holds
_MARKED_SHARE = 0.4  # of the prose that an element marked as the article holds
_MIN_PROSE = 20
_MIN_TITLE = 4
_MAX_LINKS = 0.5  # of the characters of a block
_MIN_ARTICLE = 40  # of prose beside what readers wrote
_COMMENTS = words("comment comments pinglun liuyan guestbook reviews")
_COMMENTS_HEAD = re.compile(
    r"^\W*(?:网友|读者|用户|全部|最新|热门|精彩)*(?:评论|留言|跟帖)(?:区|列表)?\W*\d*\W*条?\W*$"
)
_UNLIKELY_SHARE = 0.5  # of the prose: what holds more is left in, whatever its name
_MAX_HEAD_BLOCKS, _MAX_HEAD_CHARS = 6, 120  # between headline and article: date, source, author
_SENTENCE_SIGNS = re.compile(r"[，。；！？、：,.;!?]")
_NAME_PARTS = re.compile(r"[a-z]+|[A-Z][a-z]*")
_UNLIKELY = words(
    "breadcrumb breadcrumbs comment comments cookie copyright crumb crumbs disclaimer footer login "
    "menu nav navbar newsletter pager pagination popup promo recommend recommendation "
    "recommendations recommended related relate share sharing sidebar social sponsor subscribe "
    "toolbar"
)
# Lines at the foot of a page that say whose it is; what a law article says of copyright is longer.
_LEGAL = re.compile(
    r"©|\(c\)\s*(?:19|20)\d\d|copyright|all rights reserved|版[权權]所有(?![人者权權])"
    r"|ICP\s*[备備证證]|公[网網]安[备備]|[网網]站[标標][识識][码碼]|信息服[务務]许可|不良信息[举舉]报"
    r"|未[经經].{0,12}授[权權].{0,12}[转轉][载載]|[转轉][载載].{0,6}注明"
    r"|^(?:主[办辦]|承[办辦]|[协協][办辦]|技[术術]支持)(?:[单單]位)?\s*[：:]",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(r"^\W?(?:版[权權]|免[责責]|特[别別])[声聲]明|^凡(?:本|注明|[来來]源)")
_MAX_LEGAL_CHARS = 80
_WHERE = re.compile(r"^[您你]?(?:[现現]在|[当當]前|所在)?的?(?:所在)?位置\s*[：:]")


def main_blocks(page: Page, title: str) -> list[Block]:
    """The article's blocks in the order of the page, its headline first if the page shows one."""
    blocks = _without_unlikely([block for block in page.blocks if not _WHERE.match(block.text)])
    if not blocks:
        return []
    article = _article_element(blocks)
    is_inside = _inherited(blocks, lambda element: element is article)
    inside = [number for number, block in enumerate(blocks) if is_inside[block.element]]
    text = blocks[inside[0] : inside[-1] + 1]
    headline = _headline(blocks[: inside[0]], text, title)
    head = [] if headline is None else _head(blocks[headline : inside[0]])
    return [*head, *_without_links_and_legal(text)]


def _prose(block: Block) -> int:
    """How much of it is prose: its characters and ten for each sign; nothing for links."""
    length = len(block.text) - block.link_chars
    if length < _MIN_PROSE or _is_link(block):
        return 0
    signs = len(_SENTENCE_SIGNS.findall(block.text))
    return length + 10 * signs if signs else 0


def _elements(blocks: Sequence[Block]) -> list[Element]:
    """The elements that the blocks stand in, the outermost first."""
    found: set[Element] = set()
    for block in blocks:
        element: Element | None = block.element
        while element is not None and element not in found:
            found.add(element)
            element = element.parent
    return sorted(found, key=lambda element: element.depth)


def _inside(blocks: Sequence[Block], count: Callable[[Block], int]) -> dict[Element, int]:
    """The sum of ``count`` over the blocks inside each element."""
    elements = _elements(blocks)
    sums = dict.fromkeys(elements, 0)
    for block in blocks:
        sums[block.element] += count(block)
    for element in reversed(elements):
        if element.parent is not None:
            sums[element.parent] += sums[element]
    return sums


def _inherited(
    blocks: Sequence[Block], is_so: Callable[[Element], bool]
) -> dict[Element | None, bool]:
    """Whether something is so of each element or of one that it stands in."""
    verdicts: dict[Element | None, bool] = {None: False}
    for element in _elements(blocks):
        verdicts[element] = verdicts[element.parent] or is_so(element)
    return verdicts


def _without_unlikely(blocks: Sequence[Block]) -> list[Block]:
    """The blocks but those of elements that look like no article, unless they are most of it.

    What readers wrote under an article is left out however much it is.
    """
    prose = _inside(blocks, _prose)
    total = max(prose.values(), default=0)
    headed = {block.element.parent for block in blocks if _COMMENTS_HEAD.match(block.text)}

    def is_unlikely(element: Element) -> bool:
        parts = {part.lower() for part in _NAME_PARTS.findall(element.names)}
        if element in headed or not parts.isdisjoint(_COMMENTS):
            return total - prose[element] >= _MIN_ARTICLE  # readers may write more than reporters
        is_named = element.is_veiled or not parts.isdisjoint(_UNLIKELY)
        return is_named and prose[element] <= _UNLIKELY_SHARE * total

    verdicts = _inherited(blocks, is_unlikely)
    return [block for block in blocks if not verdicts[block.element]]


def _article_element(blocks: Sequence[Block]) -> Element:
    """The element that the page marks as its article, else the innermost with most of the prose.

    Innermost, but around more than one block; without any prose, the outermost one.
    """
    prose = _inside(blocks, _prose)
    root, *_ = elements = _elements(blocks)
    marked = [e for e in elements if e.is_marked and prose[e] >= _MARKED_SHARE * prose[root] > 0]
    is_in_another = _inherited(blocks, lambda element: element in marked)
    outermost = [element for element in marked if not is_in_another[element.parent]]
    if len(outermost) == 1:
        return outermost[0]
    count = _inside(blocks, lambda _: 1)
    around = [e for e in elements if prose[e] >= _MOST * prose[root] > 0 and count[e] > 1]
    return around[-1] if around else root


def _headline(blocks: Sequence[Block], inside: Sequence[Block], title: str) -> int | None:
    """Which of the blocks above the article is its headline; None when it shows its own."""
    if any(_is_title(block.text, title) for block in inside[:_MAX_HEAD_BLOCKS]):
        return None
    titled = [n for n, block in enumerate(blocks) if _is_title(block.text, title)]
    first = [n for n, block in enumerate(blocks) if block.element.heading == 1]
    return max(titled or first, default=None)


def _is_title(text: str, title: str) -> bool:
    """Whether one is the other, or most of it: sites add their name to titles."""
    short, long = sorted(("".join(text.split()), "".join(title.split())), key=len)
    return len(short) >= _MIN_TITLE and short in long and 2 * len(short) >= len(long)


def _head(blocks: Sequence[Block]) -> list[Block]:
    """The headline and the few short lines below it: date, source, author."""
    between = [block for block in blocks[1:] if not _is_link(block)]
    if len(between) > _MAX_HEAD_BLOCKS or any(len(b.text) > _MAX_HEAD_CHARS for b in between):
        between = []
    return [blocks[0], *between]


def _without_links_and_legal(blocks: Sequence[Block]) -> list[Block]:
    """The blocks but lists of links, and but legal lines and what follows them at the foot."""
    prose = [n for n, block in enumerate(blocks) if _prose(block) and not _is_legal(block)]
    first, last = (prose[0], prose[-1]) if prose else (0, -1)
    kept: list[Block] = []
    for number, block in enumerate(blocks):
        if number > last and _is_legal(block):
            break
        is_in_text = first <= number <= last and (block.element.heading or _is_sentence(block))
        if (is_in_text or not _is_link(block)) and not (number < first and _is_legal(block)):
            kept.append(block)
    return kept


def _is_link(block: Block) -> bool:
    return block.link_chars > _MAX_LINKS * len(block.text)


def _is_sentence(block: Block) -> bool:
    return len(block.text) >= _MIN_PROSE and bool(_SENTENCE_SIGNS.search(block.text))


def _is_legal(block: Block) -> bool:
    if _DISCLAIMER.search(block.text):
        return True
    return len(block.text) <= _MAX_LEGAL_CHARS and bool(_LEGAL.search(block.text))
