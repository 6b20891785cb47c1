"""Recognises sentences that say what the text around them is for: objectives of a lesson, "This chapter presents …".

Their words are those of the subject, but a reader who asks for the subject learns nothing from them.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import groupby

from plccoach_api.rules.sentences import Span, in_list
from plccoach_api.rules.stems import stems

_PARTS = r"(?:chapter|section|unit|module|lesson|session|video|reading|article|appendix)"
_VERBS = (
    r"(?:introduces?|presents?|provides?|gives?|describes?|explores?|discusses|covers?|examines?|outlines?|explains?"
    r"|reviews?|considers?|shows?|starts?|begins?|looks? at|focuses on|deals with|is about)"
)
# The heading of a list of objectives or of a step of a plan, or a line that stands for it: "Opening (5 minutes)".
_OBJECTIVES = re.compile(
    r"^[ \t#*_]*(?:(?:\d[\d.]{0,8} )?(?:(?:learning|lesson|chapter|course|session|intended) )?"
    r"(?:objectives|outcomes|intentions|exercises)|[^\n()]{1,80}\([\d\u2013-]{1,7} min(?:utes)?\))[ \t*_:]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ANNOUNCES = re.compile(
    rf"by the end of (?:this|the|each|your) {_PARTS}\b"
    r"|(?:students|learners|participants|you) (?:will|should) be able to\b"
    rf"|in (?:this {_PARTS}|the (?:next|following) (?:{_PARTS}|example))\b|this {_PARTS} (?:\w+ )?{_VERBS}\b"
    r"|as you watch\b|in a moment,? (?:you|we)\b|look out for\b|continue reading\b"
    r"|(?:(?:learning|lesson|course|unit|module|chapter|session) )?(?:objectives?|outcomes?|aims?|description): ",
    re.IGNORECASE,
)
_OF_CHAPTER = re.compile(
    r"\b(?:in|by the end of) this (?!section|video|reading|article|appendix)|^this |\bable to\b", re.IGNORECASE
)
# Three items in a row that begin so are objectives, also in a passage that begins within their list.
_STUDIES = re.compile(
    r"(?:\d{1,2}[.)] )?(?:compare|contrast|describe|explain|identify|define|calculate|distinguish|differentiate|discuss"
    r"|summari[sz]e|demonstrate|interpret|list|outline|provide examples)\b",
    re.IGNORECASE,
)
_LEAST_OBJECTIVES = 3
_ASKED = frozenset(stems("chapter section unit module objective outcome exercise page summary summarize overview"))


def asks_for_announcements(question: str) -> bool:
    """Returns True for a question about a part of a book, which its announcements answer."""
    return not _ASKED.isdisjoint(stems(question))


def says_what_a_chapter_is_about(announcement: str) -> bool:
    """Returns False for what is only about a section, such as the terms of a law, or about another part of the text."""
    return _OF_CHAPTER.search(announcement) is not None


def announcing(content: str, spans: list[Span]) -> Iterator[bool]:
    """Returns for each sentence whether it announces something. Its spans are in the order of the text."""
    studies = [in_list(content, span) and _STUDIES.match(span.of(content)) is not None for span in spans]
    rows = ((study, [*row]) for study, row in groupby(studies))
    objectives = [study and len(row) >= _LEAST_OBJECTIVES for study, row in rows for _ in row]
    titles = [match.end() for match in _OBJECTIVES.finditer(content)]
    in_objectives, before = False, 0
    for span, objective in zip(spans, objectives, strict=True):
        follows_title = bisect_left(titles, before) < bisect_right(titles, span.start)
        in_objectives = in_list(content, span) and (in_objectives or follows_title)
        before = span.end
        yield objective or in_objectives or _ANNOUNCES.match(span.of(content)) is not None
