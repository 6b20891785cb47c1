"""The first line of an admonition, a callout or a tab, in the dialects of Markdown: its title is text."""

import re
from collections.abc import Sequence

# "!!! Mind the nettles." is a notice of Grav, whose words are text.
_INDENTED = re.compile(
    r"(?:(?:!!!|\?\?\?\+?)(?:[ \t]+[\w-]+)?(?:[ \t]+(?:inline|end))*|===[!+]?)(?:[ \t]+([\"'])(?P<title>.*)\1)?[ \t]*$"
)
_COLON_FENCE = re.compile(r"\s*:{3,}[ \t]*(?P<rest>.*?)[ \t:]*$")
_COLON_TITLE = re.compile(
    r"\{[^{}]*\btitle=[\"'](?P<quoted>[^\"']+)[\"'][^{}]*\}|[\w-]+\[(?P<bracketed>[^\]]+)\].*"
    r"|\{(?:admonition|dropdown|card|tab-item)\}[ \t]+(?P<named>.+)|[a-z][\w-]*[ \t]+(?P<plain>[^{\s].*)"
)
_CALLOUT = re.compile(r"(?P<quote>\s{0,3}>(?:[ \t]?>)*[ \t]?)\[!\w[\w-]{0,40}\][+-]?[ \t]*(?P<title>.*)$")


def is_indented_admonition(line: str) -> bool:
    """Returns True for `!!! note "Mind"`, below which the text is indented."""
    return _INDENTED.match(line) is not None


def without_marks(line: str) -> Sequence[str] | None:
    """Returns the lines of the title, or an empty one; None for a line that begins no admonition."""
    if callout := _CALLOUT.match(line):
        quote = callout["quote"].rstrip()
        return (f"{quote} {callout['title']}", quote)
    if indented := _INDENTED.match(line):
        return ("", indented["title"] or "", "")
    if fence := _COLON_FENCE.match(line):
        title = _COLON_TITLE.fullmatch(fence["rest"])
        return ("", title[title.lastgroup or 0] if title else "", "")
    return None
