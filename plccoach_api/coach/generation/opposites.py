"""Pairs of words of which a claim may not have one where its passage has the other."""

from collections.abc import Mapping

from plccoach_api.rules.stems import stems

_OPPOSITES = """
always never, all none, all some, all no, more less, more fewer, increase decrease, rise fall, high low
higher lower, first last, first final, early late, earlier later, begin end, start end, best worst
easy hard, easiest hardest, easier harder, strong weak, public private, same different, longer shorter
longest shortest, faster slower, often rarely, often never, usually never, usually seldom, usually rarely
most least, large small, larger smaller, many few, good bad, success failure, alone together, loose tight
inside outside, open closed, include exclude, allow prohibit, accept reject, improve worsen, silent loud
prevent cause, avoid prefer, avoid seek, better worse, everyone nobody, required optional, mandatory optional
continue end, raise lower, add remove, agree disagree, rarely frequently, sparingly often, before after
weakest strongest, weaker stronger, current future, current intended, optional compulsory, voluntary mandatory
voluntary required, internal external, positive negative, formal informal, formative summative
direct indirect, simple complex, short long, broad narrow, broader narrower, deep shallow, rich poor
cheap expensive, safe dangerous, true false, right wrong, correct incorrect, visible hidden, visible invisible
active passive, individual collective, individually together, separately together, experienced inexperienced
expert novice, beginner expert, likely unlikely, possible impossible, necessary unnecessary, equal unequal
reliable unreliable, realistic unrealistic, normal abnormal, clear unclear, clear vague, fair unfair
known unknown, encourage discourage, encourage forbid, encourage prevent, support oppose, gain lose, win lose
help hinder, help harm, maximum minimum, maximize minimize, upper lower, top bottom, left right
leftmost rightmost, inner outer, old new, older younger, oldest youngest, newest oldest, past future
previous next, earliest latest, immediately later, quickly slowly, quick slow, fast slow, shared private
share hide, reveal hide, reveal conceal, strengthen weaken, expand reduce, raise reduce, grow shrink
gain loss, advantage disadvantage, benefit harm, strength weakness, everywhere nowhere, everything nothing
majority minority, frequent rare, constant changing, permanent temporary, silent talkative, silent talking
silent speaks, depends regardless, depends independent, dependent independent, flexible rigid, flexible fixed
allow forbid, permit forbid, approve reject, start finish, beginning end, wide narrow, heavy light
full empty, major minor, superior inferior, best poorest, wins loses, trust distrust, respect disrespect
synchronous asynchronous, online offline, primary secondary, elementary secondary, secret public, secret open
gradual sudden, wanted unwanted
"""


def _opposites() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for pair in _OPPOSITES.replace("\n", ",").strip(",").split(","):
        one, other = stems(pair)
        found[one] = found.get(one, frozenset()) | {other}
        found[other] = found.get(other, frozenset()) | {one}
    return found


OPPOSITE = _opposites()
