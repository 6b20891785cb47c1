"""Selects what an extractive answer shows: up to three excerpts of consecutive sentences, and advice as takeaways.

A single sentence out of its paragraph is hard to understand. So an excerpt goes on for a few sentences, and begins
earlier when its first sentence refers to the one before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from plccoach_api.coach.generation.selection.announcements import says_what_a_chapter_is_about
from plccoach_api.coach.generation.selection.definitions import has_definition
from plccoach_api.coach.generation.selection.enumerations import asks_for_several, items_after, items_of_list
from plccoach_api.coach.generation.selection.lists_of_part import lists_of_part
from plccoach_api.coach.generation.selection.outline import Placed, outline_of
from plccoach_api.coach.generation.selection.question_parts import rank_parts
from plccoach_api.coach.generation.selection.sentence_ranking import RankedSentence
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.sentences import Span

# The sentences of further passages take time to rank, and do not make better answers: see
# docs/decisions/extractive-answers.md. A passage that defines the term of the question is read at any rank.
_MOST_PASSAGES = 5
_MOST_EXCERPTS = 3
# The passages at the beginning of a part that may say what it is about.
_MOST_OPENING = 2
# With reference numbers, headings and takeaways the answer stays under 500 words.
_MOST_WORDS = 360
_MOST_EXCERPT_WORDS = 130
_USUAL_EXCERPT_WORDS = 70
_USUAL_EXCERPT_SENTENCES = 3
# An excerpt grows to a sentence that is at most this far away.
_LARGEST_GAP = 3
_MOST_SEEDS = 8
# A sentence that scores lower than the best one by more than this is not shown for its own sake. Sentences of other
# passages than the first excerpt's, and most of all those of other books, often only share words with the question.
_MOST_BEHIND = 4.0
_MOST_BEHIND_IN_BOOK = 3.0
_MOST_BEHIND_IN_OTHER_BOOK = 1.25
# Two sentences that share more than this part of their stems say the same thing.
_MOST_OVERLAP = 0.6

# "Second, …": an enumeration goes on.
_COUNTS_ON = re.compile(
    r"(?:and )?(?:the )?(?:second|third|fourth|fifth|sixth|seventh|last|final)(?:ly)?\b"
    r"|\(?(?:[2-9]|[b-h]|ii|iii|iv|v)\)",
    re.IGNORECASE,
)

# "That means …": it goes on with what was said, also in a paragraph of its own.
_EXPLAINS = re.compile(
    r"(?:this|that|it)(?: is|'s| was| helps| allows| ensures| means| makes| gives| lets)\b|because\b"
    r"|the (?:\w+ )?reason\b",
    re.IGNORECASE,
)

_MOST_TAKEAWAY_WORDS = 25
_ADVICE = re.compile(
    r"\b(?:should|must|need to|needs to|never|always|avoid|make sure|works? best|best (?:way|done|to))\b", re.IGNORECASE
)


@dataclass(slots=True)
class Excerpt:
    """Consecutive sentences of a section."""

    passage: int
    """The index of its passage."""
    sentences: list[Placed] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return self.sentences[0].heading

    @property
    def span(self) -> Span:
        return Span(self.sentences[0].sentence.span.start, self.sentences[-1].sentence.span.end)

    @property
    def words(self) -> int:
        return sum(each.sentence.words for each in self.sentences)

    def _joins(self, placed: Placed, beside: Placed) -> bool:
        """Returns False for another section, and for another item of a list: its mark would stand in the middle."""
        if not (placed.is_readable or placed.is_spoken_of) or placed.section != beside.section:
            return False
        return placed.paragraph == beside.paragraph or not (placed.is_item or beside.is_item)

    @property
    def is_advice(self) -> bool:
        [first, *others] = self.sentences
        return not others and self.words <= _MOST_TAKEAWAY_WORDS and _ADVICE.search(first.sentence.text) is not None

    def try_to_grow(self, target: Placed, outline: Sequence[Placed], *, back: bool = False) -> bool:
        """Grows up to the target, if all sentences up to it can be shown. Returns whether it did."""
        first, last = self.sentences[0], self.sentences[-1]
        before = outline[target.place : first.place] if back else ()
        after = outline[last.place + 1 : target.place + 1]
        further, beside = (before, first) if before else (after, last)
        if (
            not further
            or len(further) > _LARGEST_GAP
            or not all(self._joins(each, beside) for each in further)
            or any(each.follows_table for each in [*before, *self.sentences, *after][1:])
            or self.words + sum(each.sentence.words for each in further) > _MOST_EXCERPT_WORDS
        ):
            return False
        self.sentences = [*before, *self.sentences, *after]
        return True


def passages_to_read(question: str, passages: Sequence[Passage]) -> Sequence[Passage]:
    """Returns the passages that an answer is made from, best first."""
    further = (passage for passage in passages[_MOST_PASSAGES:] if has_definition(question, [passage]))
    return [*passages[:_MOST_PASSAGES], *further]


def select_sentences(
    question: str, passages: Sequence[Passage], *, is_part: bool = False, said: str = ""
) -> tuple[list[Excerpt], list[Excerpt]]:
    """Returns the body of an answer, best excerpt first, and its takeaways, which are excerpts of one sentence.

    The passages of a part of a book are summarized: from its opening on, in the author's order. What was said before
    is left out, if there is more.
    """
    outlines = [outline_of(passage.content) for passage in passages]
    ranked = rank_parts(question, passages)
    ranked = [each for each in ranked if each.placed.sentence.text not in said] or ranked
    asks_several = not is_part and asks_for_several(question)
    if is_part:
        excerpts = _excerpts([*_opening(outlines, ranked, said), *ranked], outlines)
        excerpts = excerpts or [Excerpt(passage, items) for passage, items in lists_of_part(outlines)]
    else:
        excerpts = _excerpts(ranked, outlines, [passage.book_title for passage in passages])
    _complete(excerpts, outlines, with_list=asks_several)
    if is_part:
        return sorted(excerpts, key=lambda excerpt: (excerpt.passage, excerpt.span.start)), []
    if asks_several:
        excerpts += [*_further_items(excerpts, outlines)]
    takeaways = _takeaways(excerpts)
    return _in_order([excerpt for excerpt in excerpts if excerpt not in takeaways]), takeaways


def _opening(outlines: Sequence[Sequence[Placed]], ranked: Sequence[RankedSentence], said: str) -> list[RankedSentence]:
    """Returns the sentence that says what a part is about, or its first one to show. It ranks like the best one."""
    first = [
        RankedSentence(passage, placed, ranked[0].score)
        for passage, outline in enumerate(outlines[:_MOST_OPENING])
        for placed in outline
        if ranked and placed.is_readable and placed.sentence.text not in said
    ]
    about = [
        each
        for each in first
        if each.placed.announces and not each.placed.is_item and says_what_a_chapter_is_about(each.placed.sentence.text)
    ]
    return [*about, *first][:1]


def _excerpts(
    ranked: Sequence[RankedSentence], outlines: Sequence[Sequence[Placed]], titles: Sequence[str] = ()
) -> list[Excerpt]:
    """Returns excerpts around the best sentences; with the titles of the books, few of them from other books."""
    excerpts: list[Excerpt] = []
    places = _MOST_EXCERPTS
    best = max((each.score for each in ranked[:_MOST_SEEDS]), default=0.0)
    for each in ranked[:_MOST_SEEDS]:
        if each.order < best - _MOST_BEHIND:
            break
        words = sum(excerpt.words for excerpt in excerpts) + each.placed.sentence.words
        if _is_repeated(each.placed, excerpts) or words > _MOST_WORDS:
            continue
        # The answer goes on beginning with the sentence that answers.
        own = ((excerpt, excerpt is not excerpts[0]) for excerpt in excerpts if excerpt.passage == each.passage)
        if any(excerpt.try_to_grow(each.placed, outlines[each.passage], back=back) for excerpt, back in own):
            continue
        if places:
            # A sentence that is too far behind uses up a place, which no sentence with a lower score gets.
            places -= 1
            if each.order >= best - _most_behind(each.passage, excerpts, titles):
                excerpts.append(_begun(each, outlines[each.passage]))
    return excerpts


def _most_behind(passage: int, excerpts: Sequence[Excerpt], titles: Sequence[str]) -> float:
    if not (excerpts and titles) or passage == excerpts[0].passage:
        return _MOST_BEHIND
    return _MOST_BEHIND_IN_BOOK if titles[passage] == titles[excerpts[0].passage] else _MOST_BEHIND_IN_OTHER_BOOK


def _begun(ranked: RankedSentence, outline: Sequence[Placed]) -> Excerpt:
    """Begins an excerpt; one sentence earlier when the sentence refers to the one before."""
    placed = ranked.placed
    if placed.place and placed.points_back and not placed.announces:
        before = outline[placed.place - 1]
        excerpt = Excerpt(ranked.passage, [before])
        if before.is_readable and not before.points_back and excerpt.try_to_grow(placed, outline):
            return excerpt
    return Excerpt(ranked.passage, [placed])


def _complete(excerpts: Sequence[Excerpt], outlines: Sequence[Sequence[Placed]], *, with_list: bool) -> None:
    """Lets short excerpts go on in their paragraph, in the next one if that explains them, and to a list."""
    for excerpt in excerpts:
        outline = outlines[excerpt.passage]
        for following in outline[excerpt.sentences[-1].place + 1 :]:
            if (
                len(excerpt.sentences) >= _USUAL_EXCERPT_SENTENCES
                or (following.paragraph != excerpt.sentences[-1].paragraph and not _explains(following))
                or excerpt.words + following.sentence.words > _USUAL_EXCERPT_WORDS
                or sum(each.words for each in excerpts) + following.sentence.words > _MOST_WORDS
                or _is_repeated(following, excerpts)
                or not excerpt.try_to_grow(following, outline)
            ):
                break
        while (counted := _next_counted(excerpt, outline)) and excerpt.try_to_grow(counted, outline):
            pass
        introduced = _introduced_list(excerpt, outline) if with_list else None
        if introduced and sum(each.words for each in excerpts) + introduced.sentence.words <= _MOST_WORDS:
            excerpt.try_to_grow(introduced, outline)


def _explains(placed: Placed) -> bool:
    return not placed.is_item and _EXPLAINS.match(placed.sentence.text) is not None


def _introduced_list(excerpt: Excerpt, outline: Sequence[Placed]) -> Placed | None:
    """Returns the sentence after an excerpt that has a list, if the excerpt's own paragraph introduces it."""
    last = excerpt.sentences[-1]
    following = outline[last.place + 1 : last.place + 2]
    return next((each for each in following if each.has_list and each.paragraph == last.paragraph), None)


def _further_items(excerpts: Sequence[Excerpt], outlines: Sequence[Sequence[Placed]]) -> Iterator[Excerpt]:
    """Yields the rest of the enumerations that the excerpts begin, as far as there is room."""
    shown = {(excerpt.passage, each.place) for excerpt in excerpts for each in excerpt.sentences}
    words = sum(excerpt.words for excerpt in excerpts)
    for excerpt in excerpts:
        outline = outlines[excerpt.passage]
        listed = items_of_list(excerpt.sentences[-1], outline)
        for item in chain((item for each in excerpt.sentences for item in items_after(each, outline)), listed):
            if (excerpt.passage, item.place) in shown:
                continue
            shown.add((excerpt.passage, item.place))
            words += item.sentence.words
            if words > _MOST_WORDS:
                return
            yield Excerpt(excerpt.passage, [item])


def _next_counted(excerpt: Excerpt, outline: Sequence[Placed]) -> Placed | None:
    """Returns the sentence with which the enumeration at the end of an excerpt goes on, if it does."""
    last = excerpt.sentences[-1]
    following = outline[last.place + 1 : last.place + 1 + _LARGEST_GAP]
    own = (each for each in following if each.paragraph == last.paragraph)
    return next((each for each in own if _COUNTS_ON.match(each.sentence.text)), None)


def _is_repeated(placed: Placed, excerpts: Sequence[Excerpt]) -> bool:
    own = {*placed.sentence.stems}
    shown = (each.sentence.stems for excerpt in excerpts for each in excerpt.sentences)
    common = ((len(own.intersection(other)), len(other)) for other in shown)
    return any(both > _MOST_OVERLAP * (len(own) + others - both) for both, others in common)


def _in_order(excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    """Puts the best excerpt first, then the others of its passage. Those of one passage stay in the author's order."""
    order = {passage: rank for rank, passage in enumerate(dict.fromkeys(excerpt.passage for excerpt in excerpts))}
    return [*excerpts[:1], *sorted(excerpts[1:], key=lambda excerpt: (order[excerpt.passage], excerpt.span.start))]


def _takeaways(excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    """Returns the excerpts after the first that are one short sentence of advice. A single one stays in the body."""
    takeaways = [excerpt for excerpt in excerpts[1:] if excerpt.is_advice]
    return takeaways if len(takeaways) > 1 else []
