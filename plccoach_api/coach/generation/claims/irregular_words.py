"""The irregular forms of frequent words of English, which stemming does not join: "wrote" and "write"."""

_IRREGULAR = """
became become, began begin, begun begin, bought buy, broke break, broken break, brought bring, built build
came come, caught catch, chose choose, chosen choose, children child, drawn draw, drew draw, driven drive, drove drive
fallen fall, felt feel, fell fall, fought fight, found find, gave give, given give, grew grow, grown grow, heard hear
held hold, hidden hide, hid hide, kept keep, knew know, known know, led lead, lost lose, made make, meant mean
men man, met meet, paid pay, ran run, risen rise, rose rise, said say, sat sit, saw see, seen see, sent send, shown show
sold sell, sought seek, spent spend, spoke speak, spoken speak, stood stand, taken take, taught teach, thought think
told tell, took take, understood understand, went go, gone go, women woman, won win, written write, wrote write
"""

BASE_FORM = dict(pair.split() for pair in _IRREGULAR.replace("\n", ",").strip(",").split(","))
