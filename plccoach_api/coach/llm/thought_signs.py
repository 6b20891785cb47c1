"""Tells the beginning of an answer from that of a thought, for a model of which nothing is known yet.

The instructions want a citation in every sentence. A thought begins without one: "Okay, the user asks …".
"""

import re

_HEADING = re.compile(r"\s*(?:#{1,6} [^\n]*|\*\*[^\n*]{1,100}\*\*:?)(?=\n)\s*")
_SENTENCE = re.compile(r"[^\n]*?(?:[.!?:](?=[\s\"”’)*_\[【(¹²³⁰-⁹<^])|\n)")  # noqa: RUF001
# A citation after the full stop belongs to the sentence.
_AFTER = 24
_MOST_CHARACTERS = 600
_CITATION = re.compile(r"[\[【［(^{<]\s?(?:[\w ]{1,12}[ :._=-]{0,2})?[\"']?\d|[¹²³⁴-⁹]")  # noqa: RUF001
_THOUGHT = re.compile(
    r"\b(?:I|I'm|I'll|me|my|let's|let us|the user|user's|okay|ok|alright|hmm|wait|we (?:need|should|must|have)"
    r"|the question|the passages?)\b",
    re.IGNORECASE,
)


def begins_like_answer(text: str) -> bool | None:
    """Returns whether the first sentence cites and has no sign of a thought, None while it is not complete."""
    heading = _HEADING.match(text)
    start = heading.end() if heading else len(text) - len(text.lstrip())
    sentence = _SENTENCE.match(text, start)
    if sentence is None:
        return None if len(text) < _MOST_CHARACTERS else False
    if _THOUGHT.search(sentence.group()):
        return False
    if _CITATION.search(sentence.group()):
        return True
    if sentence.group().endswith("\n"):
        return False
    end = sentence.end() + _AFTER
    return None if len(text) < end else bool(_CITATION.search(text, sentence.end(), end))
