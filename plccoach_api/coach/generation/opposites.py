"""Pairs of words of which a claim may not have one where its passage has the other."""

from collections.abc import Mapping

from plccoach_api.rules.stems import stems

_OPPOSITES = (
    "always never|all none|all some|all no|more less|more fewer|increase decrease|rise fall|high low|higher lower"
    "|first last|first final|early late|earlier later|begin end|start end|best worst|easy hard|easiest hardest"
    "|easier harder|strong weak|public private|same different|longer shorter|longest shortest|faster slower"
    "|often rarely|often never|usually never|usually seldom|usually rarely|most least|large small|larger smaller"
    "|many few|good bad|success failure|alone together|loose tight|inside outside|open closed|include exclude"
    "|allow prohibit|accept reject|improve worsen|silent loud|prevent cause|avoid prefer|avoid seek|better worse"
    "|everyone nobody|required optional|mandatory optional|continue end|raise lower|add remove|agree disagree"
    "|rarely frequently|sparingly often|before after"
)


def _opposites() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for pair in _OPPOSITES.split("|"):
        one, other = stems(pair)
        found[one] = found.get(one, frozenset()) | {other}
        found[other] = found.get(other, frozenset()) | {one}
    return found


OPPOSITE = _opposites()
