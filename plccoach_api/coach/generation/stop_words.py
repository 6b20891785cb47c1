"""The words of English that carry no meaning of their own in a claim."""

_STOP_WORDS = """
a about after again all also although among an and another any are as at back be because been before
being between both but by can could did do does doing done down during each either even every few for
from had has have having he her here his how i if in instead into is it its just least less many may me
might more most much must my neither never no none nor not of off on once only or other our out over
rather same shall she should since so some such than that the their them then there these they this
those though through to too under until up us very was we were what when where which while who whom
whose why will with without would you your
"""

STOP_WORDS = frozenset(_STOP_WORDS.split())
