"""Finds what contradicts a claim in its evidence: another number or time, a denial, an opposite, exchanged roles."""

from collections.abc import Mapping, Sequence

from plccoach_api.coach.generation.claims.contrasts import exchanges_sides
from plccoach_api.coach.generation.claims.counted import exchanges_numbers
from plccoach_api.coach.generation.claims.demands import is_demanding
from plccoach_api.coach.generation.claims.evidence import Evidence
from plccoach_api.coach.generation.claims.numbers import units_of
from plccoach_api.coach.generation.claims.opposites import has_same_side, opposites_of
from plccoach_api.coach.generation.claims.places_in_time import has_other_date, has_other_ordinal
from plccoach_api.coach.generation.claims.quantities import exceeds
from plccoach_api.coach.generation.claims.roles import exchanges_roles
from plccoach_api.coach.generation.claims.statements import Statement

# A claim denies what the evidence affirms, or the reverse, when the polarity of this share of common words differs.
_MOST_OPPOSED = 0.4
_AFFIRMED, _DENIED = frozenset({True}), frozenset({False})
# A plain "not" in a long claim counts where the evidence affirms every word that it denies, and at least so many.
_LEAST_DENIED = 3
# Two words speak of the same thing when they have a common neighbour within so many words.
_NEIGHBOURS = 3


def contradicts(evidence: Evidence, claim: Statement, whole: Evidence) -> bool:
    """`evidence` are the sentences that fit the claim best, `whole` are all sentences of the passages."""
    return any(
        (
            not all(whole.has_beside_its_neighbours(each, claim) for each in evidence.missing_numbers(claim)),
            exchanges_numbers(claim.counted, [each.counted for each in evidence.statements]),
            _has_other_unit(claim.numbers, evidence.numbers),
            _has_other_time(evidence, claim),
            has_other_date(claim.words, evidence.words),
            has_other_ordinal(claim.ordinals, evidence.ordinals),
            exceeds(claim.quantities, [each.quantities for each in evidence.statements]),
            _denies_differently(evidence, claim),
            is_demanding(claim.words, evidence.words),
            any(_has_opposite(evidence, claim, stem) for stem in claim.stems),
            any(exchanges_sides(claim.clause_stems, each.contrasts) for each in evidence.statements),
            exchanges_roles(claim.role_parts, [stem for each in evidence.statements for stem in each.order]),
            _opposed(claim.sides, [each.sides for each in evidence.statements])[0] > 0,
        )
    )


def _has_other_unit(claimed: Mapping[float, frozenset[str]], found: Mapping[float, frozenset[str]]) -> bool:
    return any(units and found.get(number) and units.isdisjoint(found[number]) for number, units in claimed.items())


def _has_other_time(evidence: Evidence, claim: Statement) -> bool:
    """Returns True when the claim has a unit of time that the evidence lacks, and the evidence has another one."""
    claimed, found = units_of(claim.words), units_of(evidence.words)
    return bool(claimed - found and found - claimed)


def _denies_differently(evidence: Evidence, claim: Statement) -> bool:
    statements = evidence.statements
    opposed, common = _opposed(claim.polarity, [each.polarity for each in statements])
    if claim.denies and not any(each.denies or each.half_denies for each in statements):
        return True
    if any(
        all(each.polarity.get(stem, _AFFIRMED) == _AFFIRMED for each in statements)
        for stem in claim.absent & evidence.stems
    ):
        return True
    related = [each for each in statements if not each.stems.isdisjoint(word.stem for word in claim.content)]
    if opposed and not claim.denies and not claim.half_denies and any(each.denies for each in related):
        return True
    if opposed > 1 and opposed / common >= _MOST_OPPOSED:
        return True
    if not claim.plainly_denies:
        return False
    # In a long claim that says "not" once, only the words after it count.
    denied = {stem: values for stem, values in claim.polarity.items() if values == _DENIED}
    opposed, common = _opposed(denied, [each.polarity for each in statements])
    return opposed == common >= _LEAST_DENIED


def _opposed(claimed: Mapping[str, frozenset[bool]], found: Sequence[Mapping[str, frozenset[bool]]]) -> tuple[int, int]:
    """Counts the stems whose values differ, and all common stems."""
    together: dict[str, frozenset[bool]] = {}
    for each in found:
        for stem, values in each.items():
            together[stem] = together.get(stem, frozenset()) | values
    common = [(stem, values) for stem, values in claimed.items() if stem in together]
    return sum(values.isdisjoint(together[stem]) for stem, values in common), len(common)


def _has_opposite(evidence: Evidence, claim: Statement, stem: str) -> bool:
    """Returns True when the claim has "more" where a sentence has "less", and neither or both of them deny it."""
    opposites = opposites_of(stem)
    if opposites.isdisjoint(evidence.stems) or not opposites.isdisjoint(claim.stems):
        return False
    if has_same_side(stem, evidence.stems):
        return False
    around = _around(stem, claim.order)
    return any(
        each.polarity_of(opposite) & claim.polarity_of(stem)
        and (not around or not around.isdisjoint(_around(opposite, each.order)))
        for each in evidence.statements
        for opposite in opposites & each.stems
    )


def _around(stem: str, order: Sequence[str]) -> frozenset[str]:
    """Returns the neighbours of a stem; none for a small word, which the order leaves out."""
    places = [place for place, each in enumerate(order) if each == stem]
    near = (order[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1] for place in places)
    return frozenset[str]().union(*near) - {stem}
