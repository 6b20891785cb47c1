"""Recognises an order to make something: "Write an email to parents". Without a model, the coach can only quote."""

import re

_VERBS = (
    "write|draft|compose|create|generate|design|produce|prepare|develop|build|make|translate|edit|proofread|grade|rate"
)
_VERBS_SPANISH = "escrib[ae]|redact[ae]|cre[ae]|haga|haz|gener[ae]|prepar[ae]|traduc[ea]|traduzca|diseñ[ae]"
_ORDER = re.compile(
    r"\W*(?:(?:please|pls|hi|hello|hey|coach|now|ok|okay|so|and|then)[ ,]{1,3}){0,4}"
    r"(?:(?:can|could|would|will) you (?:please )?|(?:i|we) (?:need|want) you to )?"
    rf"(?:{_VERBS})(?: up)?(?: (?:me|us|for me|for us))?"
    r" (?:(?:an?|the|my|our|some|\d+|one|two|three|four|five|six|ten|['\"\u2018\u201c]\w+)(?!\w))"
    rf"|\W*(?:(?:por favor|hola)[ ,]{{1,3}})?(?:{_VERBS_SPANISH})(?:me|nos)?"
    r" (?:un|una|el|la|los|las|mi|nuestr[oa]|unos|unas)\b",
    re.IGNORECASE,
)


def asks_to_make(text: str) -> bool:
    """Returns False for a question ("How do I write a rubric?") and for a wish about the answer ("Make it shorter")."""
    return _ORDER.match(text) is not None
