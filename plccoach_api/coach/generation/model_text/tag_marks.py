"""Reads references that a model writes as tags: `<cite>1</cite>`, `<co: 1>a claim</co: 1>`, `<ref id="1"/>`, `<1>`.

The tags vanish. The numbers of tags around a claim are the references of the claim, and come after it.
"""

import re
from typing import NamedTuple

_NAMES = r"cite|citations?|co|refs?|references?|sources?|src|docs?|documents?|passages?|footnote|fn"
_ATTRIBUTES = r"(?:[\s:=/\d][^<>\n]{0,100})?"
_TAG = re.compile(rf"<(?P<closes>/?)(?:{_NAMES})(?P<attributes>{_ATTRIBUTES})>", re.IGNORECASE)
# Tags around nothing but a number. `sup` and `a` are read only so.
_WHOLE = re.compile(
    rf"<(?P<name>{_NAMES}|sup|a){_ATTRIBUTES}>(?P<inside>[^<>\n]{{1,40}})</(?P=name){_ATTRIBUTES}>"
    r"|<(?P<number>\d{1,2})>",
    re.IGNORECASE,
)
_WHOLE_BEGINNING = re.compile(
    rf"<(?:\d{{0,2}}|/?[a-z]{{0,10}}|/?(?:{_NAMES}|sup|a){_ATTRIBUTES}"
    rf"|(?:{_NAMES}|sup|a){_ATTRIBUTES}>(?:[^<>\n]{{0,40}}(?:</?[a-z]{{0,10}}{_ATTRIBUTES})?)?)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.-])\d{1,2}(?!\w)")
_STANDS_ALONE = re.compile(r"\s?(?:[.,;!?)\n]|\Z)")


class Tag(NamedTuple):
    length: int
    inside: str = ""
    """The text that has the numbers of a complete reference."""
    numbers: tuple[str, ...] = ()
    closes: bool = False


def may_be_tag(text: str) -> bool:
    """Returns whether more text may complete or change the tag at the beginning of the text."""
    tag = _TAG.fullmatch(text)
    return tag is not None or _WHOLE_BEGINNING.fullmatch(text) is not None


def read_tag(text: str) -> Tag | None:
    """Returns the tag at the beginning of a text, or None when it is no reference."""
    if whole := _WHOLE.match(text):
        inside = whole["number"] or whole["inside"]
        if any(each.isdecimal() for each in inside) and len(re.findall(r"[^\W\d_]{3,}", inside)) <= 1:
            return Tag(whole.end(), inside)
    tag = _TAG.match(text)
    if tag is None:
        return None
    numbers = tuple(_NUMBER.findall(tag["attributes"]))
    stands_alone = tag["attributes"].endswith("/") or _STANDS_ALONE.match(text, tag.end())
    if numbers and stands_alone and not tag["closes"]:
        return Tag(tag.end(), ",".join(numbers))
    return Tag(tag.end(), "", numbers, bool(tag["closes"]))
