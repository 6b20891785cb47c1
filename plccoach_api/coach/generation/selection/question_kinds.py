"""What a question asks for: an example, a number, a reason or a meaning."""

import re

_ASKS_EXAMPLE = re.compile(
    r"\b(?:(?:an?|some|another|any|more|one) (?:[\w-]+ )?(?:example|instance)s?|for instance|examples? of)\b",
    re.IGNORECASE,
)
_ASKS_NUMBER = re.compile(r"\bhow (?:many|much|long|often|old|far|big|large|quickly|fast|soon)\b", re.IGNORECASE)
_ASKS_REASON = re.compile(r"\bwhy\b|\bhow come\b|\bwhat (?:causes?|caused|is the reason)\b|\bbother\b", re.IGNORECASE)
_ASKS_MEANING = re.compile(
    r"\W*(?:what|who)(?:['\u2019]s| is| are| was| were)\b|[^?]{0,200}\b(?:mean|means|meaning|define|defined)\b"
    # A term alone: "Hinge question?"
    r"|\W*[\w-]+(?: [\w-]+){0,2}\W*$",
    re.IGNORECASE,
)


def kind_of(question: str) -> str:
    """Returns "example", "number", "reason" or "meaning", and nothing for any other question."""
    for kind, pattern in (("example", _ASKS_EXAMPLE), ("number", _ASKS_NUMBER), ("reason", _ASKS_REASON)):
        if pattern.search(question):
            return kind
    return "meaning" if _ASKS_MEANING.match(question) else ""
