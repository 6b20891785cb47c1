"""Tells whether sentences have the kind of number that a question asks for: a count, a price, a rate or a time."""

import re
from collections.abc import Callable, Iterable

from plccoach_api.rules.numerals import COUNT_WORD
from plccoach_api.rules.stems import stems

_COUNT = (
    rf"\d|\b(?:{COUNT_WORD}|third|quarter|fewer|single|unlimited|(?:no|only|just) one"
    r"|at (?:least|most) one|one (?:or two|to))\b"
)
# A year or a number of days is no price, and neither is "feel free to ask".
_PRICE = (
    r"[$\u20ac\u00a3\u00a5\u20b9%]|\b(?:Rs\b|USD|EUR|GBP|CAD|AUD|INR|PKR|dollars?|cents?|euros?|pounds?|rupees?|pesos?|francs?"
    r"|(?<!feel )free(?! to| of| from|-)|nothing|no (?:cost|charge|fee)s?|percent|half|quarter)\b"
)
_RATE = (
    r"\d|\b(?:once|twice|times?|every|each|daily|weekly|monthly|yearly|annual\w*|quarterly|per"
    r"|an? (?:day|week|month|term|semester|year)|regular\w*|frequent\w*|often|always|never|rarely|whenever)\b"
)
_TIME = (
    r"\d|\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|terms?|semesters?|quarters?|years?|words?|pages?"
    r"|until|long|longer|short|brief|time)\b"
)
_ASKS_PHONE = (
    r"\b(?:tele)?phone number\b"
    r"|\bwhat number (?:do|can|should|must|may) (?:i|we|you|they) (?:call|dial|ring)\b"
)
_PHONE = r"\d[\d ().\u2013-]{5,}\d|\b(?:911|999|988|112|111)\b"
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
        (_ASKS_PHONE, _PHONE),
        (r"\be-?mail address\b", r"\S@\S"),
    )
)

_NUMBER_WORD = rf"(?:an?|one|{COUNT_WORD})"
_NUMBER = re.compile(rf"\d[\d,.]*|\b{_NUMBER_WORD}\b", re.IGNORECASE)
# "In the 2020\u20132021 school year" counts no years.
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d(?:[-\u2013/]\d{2,4})?\b")
[_ONE_YEAR] = stems("year")
_ASKS_DURATION = re.compile(r"\bhow (?:long|quickly|fast|soon)\b", re.IGNORECASE)
_DURATION = re.compile(
    rf"(?:\d|\b{_NUMBER_WORD}\b)[^.!?\n]{{0,20}}\b(?:second|minute|hour|day|week|month|term|semester|year|lesson)s?\b",
    re.IGNORECASE,
)
# "How many school days may a student be removed": the things stand before the verb.
_HOW_MANY = re.compile(
    r"\bhow (?:many|much) (?P<things>(?:[\w'-]+ ){0,3}?[\w'-]+)(?= (?:do|does|did|are|is|was|were|can|could|should|will"
    r"|would|must|may|have|has|had|make|go|take|come|came|in|of|on|at|for|to|per|an?|the)\b|\W*$)",
    re.IGNORECASE,
)
# "Two to three 45-minute lessons": the thing that is counted is one of the next words.
_NEXT_WORDS = 3
_NEXT_LETTERS = 60


def has_amount(question: str) -> Callable[[str], bool]:
    """Returns a function that tells whether a sentence has an amount of what the question asks for.

    That is a number of weeks for "how many weeks", and a number with a unit of time for "how long".
    """
    if _ASKS_DURATION.search(question):
        return lambda sentence: _DURATION.search(_YEAR.sub("", sentence)) is not None
    counted = _HOW_MANY.search(question)
    things = frozenset(stems(counted["things"])[-1:]) if counted else frozenset()
    return lambda sentence: any(
        not things.isdisjoint(stems(sentence[number.end() : number.end() + _NEXT_LETTERS])[:_NEXT_WORDS])
        for number in _NUMBER.finditer(sentence)
        if _ONE_YEAR not in things or not _YEAR.match(number[0])
    )


def lacks_number(question: str, texts: Iterable[str]) -> bool:
    """Returns True if the question asks for a number, and none of the texts has one of its kind."""
    has = next((has for asks, has in _KINDS if asks.search(question)), None)
    return has is not None and not any(has.search(text) for text in texts)
