"""The marks that models put around their thoughts, as the servers of today send them.

A tag is recognised by a word of its name, so that `<longcat_think>` and `<inner_thoughts>` need no line of their own.
An unknown tag may be that of a thought too; thoughts.py decides this by its place.
"""

import re

_WORDS = (
    "think|thinking|thought|thoughts|reason|reasoning|reflect|reflection|scratchpad|analysis|rationale|deliberation"
    "|monologue|contemplation|chain_of_thought"
)
# A model that puts its thoughts between tags may do the same with its answer.
_ANSWER_NAMES = "answer|final_answer|response|solution|final"
_NAME = rf"(?:[a-z]{{1,12}}[:_-]){{0,2}}(?:{_WORDS})(?:[_-][a-z]{{1,12}}){{0,2}}"
_MARK = r"[^<>|｜\s]{1,40}"  # noqa: RUF001 - DeepSeek's marks have a full-width bar
TOKEN = re.compile(
    rf"(?P<open><{_NAME}(?:\s[^<>]{{0,60}})?>|\[(?:THINK|THINKING|THOUGHTS?|REASONING)\]|◁think▷|<\|channel>|<unused94>)"
    rf"|(?P<close></{_NAME}\s{{0,3}}>|\[/(?:THINK|THINKING|THOUGHTS?|REASONING)\]|◁/think▷|<channel\|>|<unused95>)"
    rf"|(?P<answer></?(?:{_ANSWER_NAMES})>)"
    rf"|<[|｜](?P<mark>{_MARK})[|｜]>"  # noqa: RUF001
    r"|<(?P<closes>/)?(?P<unknown>[a-z][\w:-]{2,30})(?:\s[^<>\n]{0,60})?>",
    re.IGNORECASE,
)
# The end of a text that may become a token.
_UNFINISHED = re.compile(
    r"(?:</?[a-z][\w:-]{0,40}(?:\s[^<>\n]{0,60})?|</?"
    r"|<[|｜][^<>|｜\s]{0,40}[|｜]?|<channel\|?|\[/?[A-Z]{0,9}|◁/?\w{0,5})\Z",  # noqa: RUF001
    re.IGNORECASE,
)
TOKEN_STARTS = ("<", "[", "◁")
_LONGEST_TOKEN = 110

_THOUGHT_MARK = re.compile(r"think|thought|reason|inner_(?:prefix|suffix)")
_CLOSING_MARK = re.compile(r"^/|(?:^|[_▁])(?:end|close|stop|suffix)(?:[_▁]|$)")

# Tags that a text may have, or with which a model cites.
_ORDINARY_NAMES = """
address article aside audio blockquote body button caption center cite code col dd del details dfn div dl em
fieldset figcaption figure font footer form frame head header html iframe img input ins kbd label legend link main
map mark meta nav object option output para picture pre script section select small source span strike strong style
sub summary sup svg table tbody td template textarea tfoot thead time title track var video citation citations
document documents reference references footnote passage ref src doc docs question context assistant user system
text quote tier
"""
_ORDINARY = frozenset(_ORDINARY_NAMES.split())

# Bare words between which a model, or a server that removed the marks of the harmony format, puts its thoughts.
BARE = (
    ("analysis", re.compile(r"\s{0,8}analysis(?=[A-Z“\"'])"), "assistantfinal"),
    (
        "here is my thought process:",
        re.compile(r"\s{0,8}here is my thought process:", re.IGNORECASE),
        "Here is my response:",
    ),
    (
        "here's my thought process:",
        re.compile(r"\s{0,8}here's my thought process:", re.IGNORECASE),
        "Here's my response:",
    ),
)
"""The beginning in lower case, its pattern, and where the answer begins."""


def thought_mark(name: str) -> str | None:
    """Returns "open" or "close" for a mark such as START_THINKING, and None for every other one."""
    if not _THOUGHT_MARK.search(name):
        return None
    return "close" if _CLOSING_MARK.search(name) else "open"


def is_ordinary(name: str) -> bool:
    """Returns True for the tags of HTML, of quotes and of citations."""
    return name.lower() in _ORDINARY or name.lower().startswith("passage")


def unfinished(text: str, position: int) -> int:
    """Returns the start of a token that the text may end with, else its length."""
    for start in range(max(position, len(text) - _LONGEST_TOKEN), len(text)):
        if text[start] in TOKEN_STARTS and _UNFINISHED.match(text, start):
            return start
    return len(text)
