"""Tells whether sentences have the kind of number that a question asks for: a count, a price, a rate or a time."""

import re
from collections.abc import Iterable

# "One" is an article as often as a number.
_COUNT = (
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty"
    r"|hundreds?|thousands?|dozens?|half|third|quarter|several|few|fewer|single|unlimited|(?:no|only|just) one"
    r"|at (?:least|most) one|one (?:or two|to))\b"
)
# A year or a number of days is no price.
_PRICE = (
    r"[$\u20ac\u00a3\u00a5\u20b9%]|\b(?:Rs\b|USD|EUR|GBP|CAD|AUD|INR|PKR|dollars?|cents?|euros?|pounds?|rupees?|pesos?|francs?"
    r"|free|nothing|no (?:cost|charge|fee)s?|percent|half|quarter)\b"
)
_RATE = (
    r"\d|\b(?:once|twice|times?|every|each|daily|weekly|monthly|yearly|annual\w*|quarterly|per"
    r"|an? (?:day|week|month|term|semester|year)|regular\w*|frequent\w*|often|always|never|rarely|whenever)\b"
)
_TIME = (
    r"\d|\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|terms?|semesters?|quarters?|years?|words?|pages?"
    r"|until|long|longer|short|brief|time)\b"
)
_MONEY = r"(?:costs?|pay|paid|charged?|earn|fees?|price|salary|wages?|tuition|money|worth|fine)"
_ASKS_PRICE = (
    rf"\bhow much\b.{{0,200}}\b{_MONEY}\b|\bhow much (?:is|are) (?!too\b|enough\b)"
    r"|\bwhat(?:'s| is| are| was| were) (?:the |my |our )?(?:cost|fee|price|salary|wage|tuition|fine)s?\b"
    r"|\bwhat (?:do|does|did)\b.{0,200}\b(?:cost|pay|earn)\b"
)
_KINDS = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(has, re.IGNORECASE))
    for asks, has in (
        (r"\bhow many\b", _COUNT),
        (_ASKS_PRICE, _PRICE),
        (r"\bhow often\b", _RATE),
        (r"\bhow long\b", _TIME),
    )
)


def lacks_number(question: str, texts: Iterable[str]) -> bool:
    """Returns True if the question asks for a number, and none of the texts has one of its kind."""
    has = next((has for asks, has in _KINDS if asks.search(question)), None)
    return has is not None and not any(has.search(text) for text in texts)
