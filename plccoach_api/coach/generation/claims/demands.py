"""Words that leave no exception, such as "always" and "only". A claim may have one only if its passage is as strict."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from plccoach_api.coach.generation.claims.denials import DENIES
from plccoach_api.coach.generation.claims.stop_words import word_set

_ALWAYS = word_set(
    "always every all each any anything whole must whenever never no need needs invariably constantly whatever"
)
_ONLY = word_set(
    "only solely exclusively entirely completely just merely alone sole single nothing all no not except unless"
)
_RARELY = word_set("rarely seldom hardly scarcely never not no few little infrequently uncommon rare without less")
# For each of these words the words of which the evidence must have one.
_DEMANDS: Mapping[str, frozenset[str]] = {
    "never": frozenset({"never"}),
    **dict.fromkeys(("always", "invariably"), _ALWAYS),
    **dict.fromkeys(("only", "solely", "exclusively", "entirely", "completely"), _ONLY),
    **dict.fromkeys(("rarely", "seldom", "hardly", "scarcely"), _RARELY),
}


def is_demanding(claim: AbstractSet[str], evidence: AbstractSet[str]) -> bool:
    """Returns True when the words of a claim are stricter than its evidence. "Not always" leaves exceptions."""
    strict = _DEMANDS.keys() if DENIES.isdisjoint(claim) else {"never"}
    return any(evidence.isdisjoint(_DEMANDS[word]) for word in claim & strict)
