"""Takes out of a line of Markdown what only a site's program reads: `[tab title="Soil"]`, `$opening-hours$`, `!!!!`.

A picture at the beginning of a line goes, too. Such lines in a row are the items of a list.
"""

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence

_CLOSING = re.compile(r"\[/(?P<name>[a-z][\w-]{0,40})\](?!\()")
_CODE = re.compile(r"\[(?P<end>/)?(?P<name>[a-z][\w-]{0,40})(?P<attributes>(?:\s[^\[\]\n]{0,300})?)\](?![(:\[])")
_TITLE = re.compile(r"\btitle=(?:\"(?P<quoted>[^\"]{1,200})|(?P<plain>[^\"=]{1,200})(?=\"|$|\s[\w-]{1,30}=))")
_PLACE = re.compile(r"\$(?:[A-Za-z]{1,20}(?:[-_][A-Za-z0-9]{2,20})+|[a-z]{4,20})\$")
_NOTICE = re.compile(r"!{1,4} (?=\S)")
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
# The lowest level: a tab is a part of the section that it stands in.
_HEADING = "###### "


def closed_codes(text: str) -> frozenset[str]:
    """Returns the names of the short codes that the text closes, such as `[/tab]`. Other brackets are words."""
    opened = {match["name"] for match in _CODE.finditer(text) if not match["end"]}
    return frozenset(match["name"] for match in _CLOSING.finditer(text) if match["name"] in opened)


def without_pictures(lines: Sequence[str]) -> list[str]:
    """Returns the lines without the pictures that they begin with."""
    texts = [_after_picture(line) for line in lines]
    marked = [text is not None for text in texts]
    beside = [before or after for before, after in zip([False, *marked], [*marked[1:], False], strict=False)]
    return [
        line if text is None else f"{line[: len(line) - len(line.lstrip())]}{'- ' * is_beside}{text}"
        for line, text, is_beside in zip(lines, texts, beside, strict=True)
    ]


def _after_picture(line: str) -> str | None:
    """Returns the words after a picture, and after the mark of a notice before it; None for any other line."""
    text = _NOTICE.sub("", line.lstrip(), count=1)
    rest = text.lstrip("\ufe0f\u200d")
    while rest and (unicodedata.category(rest[0]) == "So" or rest[0] in _SKIN_TONES):
        rest = rest[1:].lstrip("\ufe0f\u200d ")
    return rest if rest != text and rest[:1].isalnum() else None


def without_codes(line: str, following: str, names: Container[str]) -> Iterator[str]:
    """Yields the line without short codes and marks. A code's title is a heading, unless one follows it."""
    if _PLACE.fullmatch(line.strip()):
        yield ""
        return
    titles = [
        title["quoted"] or title["plain"]
        for code in _CODE.finditer(line)
        if code["name"] in names and not code["end"] and (title := _TITLE.search(code["attributes"]))
    ]
    kept = _CODE.sub(lambda code: "" if code["name"] in names else code[0], line)
    if titles and not following.startswith("#"):
        yield from ("", f"{_HEADING}{titles[-1].strip()}", "")
    yield _NOTICE.sub("", kept, count=1) if _NOTICE.match(kept) else (kept if kept == line or kept.strip() else "")
