"""Words of which a claim may not have one where its passage has the other: each line has two opposite sides."""

from collections.abc import Mapping

from plccoach_api.rules.stems import stems

_OPPOSITES = """
always usually often frequently commonly regularly typically | never rarely seldom scarcely infrequently
often frequently | sparingly
all everyone everybody everything | none nobody nothing
all every always | some
more | less fewer
most | least
most many | few
majority | minority
everywhere | nowhere
increase increases increased increasing raise raises rise rises grow grows growth expand boost gain gains \
 contribute contributes add adds \
 | decrease decreases decreased decreasing reduce reduces reduced reduction lower lowers lessen lessens fall falls \
 combat combats counter counters shrink shrinks diminish diminishes relieve relieves remove removes loss lose loses
improve improves strengthen strengthens combat combats | worsen worse worsens weaken weakens harm harms
high higher highest | low lower lowest
upper top | lower bottom
first | last final
early earlier earliest | late later latest
immediately immediate instant | delayed
begin begins beginning start starts | end ends finish finishes ending
continue continues | end ends stop stops
best better | worst worse poorest
good well | bad badly poorly poor
easy easier easiest easily simple simpler effortless effortlessly \
 | hard harder hardest difficult challenging tough struggle struggles
simple simpler | complex complicated
strong stronger strongest strength | weak weaker weakest weakness
willing eager keen | reluctant unwilling hesitant
familiar | unfamiliar
public shared open | private secret hidden
share reveal reveals show | hide hides conceal conceals
same identical | different differently
similar alike | different opposite
long longer longest | short shorter shortest
large larger largest big bigger biggest | small smaller smallest little
fast faster fastest quick quicker quickly | slow slower slowest slowly
success succeed succeeds | failure fail fails
together jointly | alone separately separate apart individually
individual | collective group groups
individually | together
inside inner internal | outside outer external
loose | tight
broad broader wide | narrow narrower
deep | shallow
rich | poor
heavy | light
full | empty
include includes | exclude excludes
allow allows permit permits | prohibit prohibits forbid forbids prevent prevents ban bans
encourage encourages | discourage discourages forbid prevent
support supports favor | oppose opposes
help helps | hinder hinders harm harms
benefit benefits advantage | harm disadvantage drawback
accept accepts approve approves | reject rejects refuse
prevent prevents avoid | cause causes
avoid | prefer seek
agree agrees | disagree disagrees
trust | distrust
respect respects protect protects honor honors | disrespect violate violates breach breaches
win wins | lose loses
required compulsory mandatory | optional voluntary
silent silently | loud talkative talking speaks
current present | future intended
past | future
previous | next
old older oldest | new newest young younger youngest
positive | negative
formal | informal
formative | summative
direct directly | indirect indirectly
active actively | passive passively
cheap cheaper inexpensive | expensive
safe | dangerous risky
true | false
right correct | wrong incorrect mistaken
visible | hidden invisible
expert experienced advanced | novice beginner inexperienced
strong | novice
likely | unlikely
possible | impossible
necessary needed | unnecessary
equal | unequal
reliable | unreliable
realistic | unrealistic
normal | abnormal
clear clearly | unclear vague
fair | unfair
known | unknown
comfortable | uncomfortable
wanted | unwanted
maximum maximize maximally | minimum minimize minimally
left leftmost | right rightmost
male men boys | female women girls
constant permanent | changing temporary
constant | changing
depends dependent | regardless independent
flexible | rigid fixed
major | minor
superior | inferior
synchronous | asynchronous
online | offline
primary elementary | secondary
gradual gradually | sudden suddenly
overrate overrates overestimate | underrate underrates underestimate
before ahead beforehand | after afterwards
"""


def _opposites() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _OPPOSITES.strip().replace("\\\n", "").splitlines():
        one, other = (frozenset(stems(side)) for side in line.split("|"))
        for side, opposite in ((one, other), (other, one)):
            for stem in side:
                found[stem] = found.get(stem, frozenset()) | opposite
    return {stem: opposite - {stem} for stem, opposite in found.items()}


_OPPOSITE = _opposites()
_NONE = frozenset[str]()


def opposites_of(stem: str) -> frozenset[str]:
    return _OPPOSITE.get(stem, _NONE)


def has_same_side(stem: str, others: frozenset[str]) -> bool:
    """Returns True when one of the others is on the same side of an opposition: "increase" for "grow"."""
    own = opposites_of(stem)
    return any(not own.isdisjoint(opposites_of(other)) for other in others)
