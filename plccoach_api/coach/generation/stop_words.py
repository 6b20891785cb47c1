"""The words of English that carry no meaning of their own in a claim."""

_STOP_WORDS = """
a about actually after again all also although among an and another any anybody anyone anything are as at back be
because been before being besides between both but by can cannot could did do does doing done down during each either
even every few for from furthermore had has have having he hence her here his how however i if in instead into is it
its just least less likely many may maybe me might more moreover most much must my neither never no none nor not of
off on once one only or other our out over perhaps probably quite rather really same seem seems shall she should
simply since so some somebody someone something such tend tends than that the their them then there therefore these
they this those though through thus to too typically under until up us very was we were what when where whereas which
while who whom whose why will with without would you your
"""

STOP_WORDS = frozenset(_STOP_WORDS.split())
