"""Tells which sentences and lists a reader takes for a part of an answer."""

import re

from plccoach_api.coach.generation.sentences import LEAST_WORDS, Sentence

# A longer list is not shown with the sentence that introduces it.
MOST_LIST_WORDS = 110
_MOST_WORDS = 90
# A sentence that enumerates may be longer: "A plan includes: a goal …; a hook …; and an end …".
_MOST_ENUMERATING_WORDS = 130
_ENUMERATES = re.compile(r"[^;:]+:[^;]+;[^;]+;")
# "The work begins with the goal: what should students learn?" says something, and its question explains that.
_SAYS_BEFORE_QUESTION = re.compile(r"(?:[^\s:]+ ){5,}[^\s:]+: ")
# "Disclosers may remain anonymous." is a whole sentence.
_LEAST_WITH_VERB = 4
_LEAST_LETTERS = 0.6
_WHOLE_END = re.compile(
    r"""[.!\u2026]["')\]*_\u201d\u2019\u00bb]{0,3}"""
    r"(?: ?\[\^?[\d ,;\u2013-]{1,20}\]|\d{1,3}|[\u00b9\u00b2\u00b3\u2070-\u2079]{1,3})?$"
)
# Three points at the end: what they stand for is missing.
_BROKEN_OFF = re.compile(r"""(?:\.\.\.|\u2026)["')\]*_\u201d\u2019\u00bb]{0,3}$""")
# A program that makes books may have lost the number: "Figure The timer of a kitchen".
_CAPTION = re.compile(
    r"(?:figure|fig\.?|table|box|image|photo|plate|chart|exhibit|illustration|source|figura|tabla|cuadro|fuente)"
    r"(?:\s+(?:\d|[IVX]+\b)|\s*:)"
    r"|(?-i:(?:Figure|FIGURE|Fig\.)\s+[A-Z])",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"https?:|www\.|\bdoi\b|\bISBN\b|\bISSN\b|\bpp?\. ?\d|\bvol\. ?\d|\bet al\.$|\(\d{4}[a-z]?\)\.|\bRetrieved from\b"
    r"|\u00a9|\bAll rights reserved\b|\b(?:Press|Publishers?), \d{4}\b|\(Eds?\.\)",
    re.IGNORECASE,
)
# "(Dewey, 1916, p. 12)" in a sentence is no entry of a bibliography.
_CITED = re.compile(r"\((?=[^()]{0,60}[^\W\d_]{3})[^()]{0,120}\b(?:1[5-9]|20)\d\d[a-z]?\b[^()]{0,40}\)")
# "Time: 20 minutes."
_LABEL = re.compile(r"^[^\s:][^:.!?]{0,30}:\s*(?:\S{0,20}|\d[\d.,\u2013-]{0,10} \w{1,12}\.?)$")
_TABLE = re.compile(r"\t|\|.*\||[^\s] {3,}[^\s]|\.{4,}|(?:\. ){4,}|_{4,}")
_CODE = re.compile(
    r"^[<$>]|[{}\\]|;$|</|/>|\[\[|\]\]|\]\[|!\[|\]\(|:::|=>|==|\b\w+\([^) ]{0,40}\)[;.]|\w_\w|\$ \w|`[^`]{25,}`"
)
# Words that stand in nearly every whole sentence. A list item has to have one, because "Reviewing work." is none.
_VERB = re.compile(
    r"\b(?:is|are|was|were|am|be|been|has|have|had|do|does|did|can|could|will|would|shall|should|may|might|must|cannot"
    r"|need|needs|let|makes?|gives?|helps?|uses?|takes?|asks?|means?|shows?|works?|comes?|goes|wants?"
    r"|es|son|est\u00e1n?|fue|ser|hay|tienen?|puede|pueden|debe|deben)\b|n['\u2019]t\b|['\u2019](?:s|re|ve|ll)\b"
    r"|\b(?:you|we|they|he|she|it|i|who|that|which|students|teachers|teams|learners) \w+",
    re.IGNORECASE,
)
# "Attend the meetings of your team." tells the reader what to do, and is a whole sentence.
_IMPERATIVE = re.compile(
    r"(?:(?:always|never|please|do not|don['\u2019]t) )?(?:add|agree|allow|apply|arrange|ask|attend|avoid|be|begin"
    r"|bring|build|call|check|choose|collect|complete|consider|contact|create|decide|describe|develop|discuss|do|draw"
    r"|encourage|ensure|establish|explain|find|follow|give|go|greet|hold|identify|include|inform|invite|keep|know|leave|let"
    r"|limit|listen|look|make|meet|notify|observe|offer|organi[sz]e|participate|plan|prepare|present|provide|put|read|record"
    r"|remember|remind|remove|report|respect|respond|return|review|send|set|share|show|sign|speak|start|stay|stop|submit"
    r"|take|talk|teach|tell|think|treat|try|turn|use|visit|wait|wear|work|write)\b",
    re.IGNORECASE,
)
QUESTION_END = re.compile(r"""\?["')\]*_\u201d\u2019\u00bb]{0,3}$""")
_GERUND = re.compile(r"\w+ing\b|to\b|how to\b", re.IGNORECASE)


def is_readable(sentence: Sentence, *, is_item: bool) -> bool:
    text, *items = sentence.text.split("\n")
    if items:
        return _is_readable_list(sentence, text, [each for each in items if each.strip()])
    has_verb = _VERB.search(text) is not None
    least = _LEAST_WITH_VERB if has_verb else LEAST_WORDS
    most = _MOST_ENUMERATING_WORDS if _ENUMERATES.match(text) else _MOST_WORDS
    if not least <= sentence.words <= most or not _is_prose(text):
        return False
    if not (_WHOLE_END.search(text) or _says_before_question(text)) or _BROKEN_OFF.search(text):
        return False
    return not is_item or (has_verb and not _GERUND.match(text)) or _IMPERATIVE.match(text) is not None


def _says_before_question(text: str) -> bool:
    return QUESTION_END.search(text) is not None and _SAYS_BEFORE_QUESTION.match(text) is not None


def is_entry(sentence: Sentence) -> bool:
    return LEAST_WORDS <= sentence.words <= _MOST_WORDS and _is_prose(sentence.text)


def _is_readable_list(sentence: Sentence, introduction: str, items: list[str]) -> bool:
    return len(introduction.split()) >= LEAST_WORDS and _is_prose(introduction) and is_list(sentence, items)


def is_list(sentence: Sentence, items: list[str]) -> bool:
    return (
        sentence.words <= MOST_LIST_WORDS
        and not all(item.rstrip().endswith(":") for item in items)
        and not any(pattern.search(item.rstrip(" ;")) for pattern in (_CODE, _TABLE, _REFERENCE) for item in items)
    )


def _is_prose(text: str) -> bool:
    first = text.lstrip("\"'([*_\u201c\u2018\u201e\u00ab\u00bf\u00a1")[:1]
    letters = sum(map(str.isalpha, text))
    return (
        (first.isupper() or first.isdigit())
        and letters >= _LEAST_LETTERS * len(text)
        and not text.isupper()
        and not any(pattern.search(text) for pattern in (_TABLE, _CODE, _LABEL))
        and not _REFERENCE.search(_CITED.sub("", text))
        and not _CAPTION.match(text)
    )
