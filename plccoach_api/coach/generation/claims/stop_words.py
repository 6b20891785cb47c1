"""The words of English that carry no meaning of their own in a claim."""


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_STOP_WORDS = """
a about accordingly actually additionally after again all also although among an and another any anybody anyone
anything are as at back be because been before being besides between both but by can cannot consequently could did do
does doing done down during each either even every few finally firstly for from furthermore had has have having he
hence her here his how however i if importantly in instead into is it its just lastly least less likely many may maybe
me meanwhile might more moreover most much must my neither never nevertheless no none nonetheless nor not notably of
off on once one only or other our out over overall perhaps probably quite rather really same secondly seem seems shall
she should simply since so some somebody someone something specifically such tend tends than that the their them then
there therefore these they thirdly this those though through thus to too typically ultimately under until up us very
was we were what when where whereas which while whilst who whom whose why will with without would you your
"""

STOP_WORDS = word_set(_STOP_WORDS)

_LIGHT_WORDS = """
act acts aim aims allow allows also begin begins bring brings call called calls come comes consist consists contain
contains describe described describes enable enables find finds get gets give gives given go goes good helps help
include includes including involve involves keep keeps kind lead leads let lets look looks make makes making mean means
meant need needs offer offers order provide provides put refer refers say says set sets short show shows shown
sort stand stands start starts take takes taken tell tells term thing things turn turns use used uses using want wants
way ways work works
"""
LIGHT_WORDS = word_set(_LIGHT_WORDS)
"""Words that say little: another word may stand in their place."""
