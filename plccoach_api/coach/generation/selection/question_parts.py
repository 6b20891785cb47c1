"""Divides a question that asks for several things, so that each of them gets its sentences.

"What is tier 3, and who teaches it?" asks two things. A comparison asks what each of its two sides is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs

from plccoach_api.coach.generation.selection.sentence_ranking import RankedSentence, rank_sentences
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.questions.follow_ups import is_incomplete
from plccoach_api.rules.questions.routing import content_words
from plccoach_api.rules.stems import stems

_QUESTION_WORD = r"(?:what|how|why|who|whom|whose|when|where|which)\b"
_AUXILIARY = r"(?:is|are|was|were|do|does|did|can|could|should|must|may|might|will|would|has|have)"
_INVERTED = rf"{_AUXILIARY} (?:i|we|you|they|it|he|she|this|that|these|those|there|the|an?|our|my|their)\b"
_PREPOSITION = r"(?:(?:for|from|to|with|by|in|on|at|of) )?"
_ASKS = re.compile(rf"\W*(?:{_PREPOSITION}{_QUESTION_WORD}|{_AUXILIARY}\b|(?:explain|describe|tell)\b)", re.IGNORECASE)
_NEXT = re.compile(
    rf"[,;]? (?:and|or|but|and also) (?={_PREPOSITION}{_QUESTION_WORD}|{_INVERTED})"
    rf"|[,;] (?={_PREPOSITION}{_QUESTION_WORD})",
    re.IGNORECASE,
)
_MOST_PARTS = 3
_MOST_SIDES = 3
# "Diagnostic, formative and summative tests" are three.
_ONE = r"(?P<one>[^;?.!]{2,90}?),?"
_OTHER = r"(?P<other>[^,;?.!]{2,60}?)"
_ARTICLE = re.compile(r"(?:an?|the) ", re.IGNORECASE)
_END = r"(?=[?.!,;]|$)"
_COMPARISONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:differences?|distinction|distinguish|contrast) between {_ONE} and {_OTHER}{_END}",
        rf"\b(?:compare|contrast|distinguish) {_ONE} (?:and|with|to|from|against) {_OTHER}{_END}",
        rf"\bhow (?:is|are|does|do) {_ONE} (?:different|differ) (?:from|to|than) {_OTHER}{_END}",
        rf"\b(?:what|how) (?:is|are) {_ONE} compared (?:to|with) {_OTHER}{_END}",
        rf"\bhow (?:do|are) {_ONE} and {_OTHER} (?:differ|different){_END}",
        rf"\bwhat (?:distinguish|separat)es {_ONE} from {_OTHER}{_END}",
        rf"\b(?:is|are) {_ONE} the same(?: thing)? as {_OTHER}{_END}",
        rf"^\W*{_ONE} (?:vs\.?|versus) {_OTHER}{_END}",
    )
)
# "Formative vs. summative assessment" compares two kinds of assessment.
_ADJECTIVE = re.compile(r"[\w-]+(?:ive|al|ed|ic|ary|ory|ous|ent|ant|ar)", re.IGNORECASE)
_CONTRASTS = re.compile(
    r"\b(?:differs?|different|differences?|distinct|distinction|separates?|whereas|while|unlike|rather than|instead"
    r"|than|but|not|opposite)\b",
    re.IGNORECASE,
)


def parts_of(question: str) -> Sequence[str]:
    """Returns the questions that are joined in one, each with a subject; the question itself if it is only one."""
    if not _ASKS.match(question):
        return [question]
    first, *others = [part.strip() for part in _NEXT.split(question, _MOST_PARTS - 1)]
    if is_incomplete(first) or not all(map(content_words, others)):
        return [question]
    subject = content_words(first)
    return [first, *(f"{part} {subject}" if is_incomplete(part) else part for part in others)]


def sides_of(question: str) -> Sequence[str]:
    """Returns the things that a question compares, or nothing."""
    match = next(filter(None, (pattern.search(question) for pattern in _COMPARISONS)), None)
    sides = [*match["one"].split(", "), match["other"]][:_MOST_SIDES] if match else []
    sides = [side[article.end() :] if (article := _ARTICLE.match(side)) else side for side in sides]
    return [*_with_noun(sides)] if all(map(content_words, sides)) else []


def _with_noun(sides: Sequence[str]) -> Iterator[str]:
    """Gives the noun of the last side to those that are an adjective alone."""
    _, _, noun = sides[-1].partition(" ") if sides else ("", "", "")
    for side in sides:
        yield f"{side} {noun}" if noun and _ADJECTIVE.fullmatch(side) else side


def rank_parts(question: str, passages: Sequence[Passage]) -> list[RankedSentence]:
    """Ranks the sentences for a question. The best one of each of its parts comes first, in the order of the parts."""
    ranked = rank_sentences(question, passages)
    sides = sides_of(question)
    parts = [f"What is {side}?" for side in sides] or parts_of(question)
    if len(parts) == 1 or not ranked:
        return ranked
    # "… and what do we do during each?" has no words of its own that count, so no sentence is the best one for it.
    weighted = [(part, weights) for part in parts if (weights := _weights(part, parts, passages))]
    leads = [best for part, weights in weighted for best in rank_sentences(part, passages, weights)[:1]]
    if sides and _contrasts(ranked[0], sides):
        leads.insert(0, ranked[0])
    best = max(each.score for each in ranked)
    leads = [structs.replace(each, score=best) for each in leads]
    return _without_repeats([*leads, *ranked])


def _without_repeats(ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    first: dict[tuple[int, int], RankedSentence] = {}
    for each in ranked:
        first.setdefault((each.passage, each.placed.place), each)
    return [*first.values()]


def _weights(part: str, parts: Sequence[str], passages: Sequence[Passage]) -> Mapping[str, float]:
    """Returns the weights of a part's stems, and of those that no part has: another form of an acronym."""
    foreign = {*stems(" ".join(parts))}.difference(stems(part))
    return {stem: weight for stem, weight in passages[0].weights.items() if stem not in foreign}


def _contrasts(ranked: RankedSentence, sides: Sequence[str]) -> bool:
    sentence = ranked.placed.sentence
    own = {*sentence.stems}
    return _CONTRASTS.search(sentence.text) is not None and all(own.intersection(stems(side)) for side in sides)
