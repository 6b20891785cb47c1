"""Decides whether passages support a claim. It knows no language model: it compares words, numbers, names and denials.

A claim is supported when its words are in the passage, mostly in few sentences of it, and nothing contradicts them
there. A word that the passage lacks counts in part when the passage has a word with a near meaning. The figures are in
docs/decisions/claims.md.
"""

from collections.abc import Sequence
from functools import lru_cache

from plccoach_api.coach.generation.claims.contradictions import contradicts
from plccoach_api.coach.generation.claims.evidence import FURTHER_SENTENCE, Evidence, best_evidence
from plccoach_api.coach.generation.claims.names import lacks_name
from plccoach_api.coach.generation.claims.statements import headings_of, statement, statements_of
from plccoach_api.coach.generation.claims.translated import has_numbers, is_translated
from plccoach_api.coach.generation.sentences import LEAST_WORDS
from plccoach_api.rules.stems import stems

# The share of a claim's weight that must be found: in the passage and in its best sentences, on average.
_LEAST_FOUND = 0.69
# Words of sentences that only lead over to what the passages say.
_EMPTY_WORDS = frozenset(
    stems(
        "answer ask author book books chapter clear consider conclude conclusion describe discuss educator example"
        " examples explain explore follow following guide handbook help idea ideas important key let list look main"
        " means mention note number offer outline overview part passage passages plc point points practical question"
        " quick reader recommend say school schools section short show source sources step steps suggest sum"
        " summarize summary takeaway takeaways teacher teachers team teams tell text thing things tip tips together"
        " use way ways"
    )
)


class ClaimJudge:
    """Judges the claims of one answer by the passages of its prompt, which are numbered from 1."""

    def __init__(self, passages: Sequence[str], question: str) -> None:
        self._passages = passages
        self._empty = _EMPTY_WORDS | frozenset(stems(question))

    def claims_nothing(self, text: str, *, cited: bool) -> bool:
        """Returns True for a question, and for a sentence that only leads over to the next ones.

        Without a citation it may repeat the words of the user's question.
        """
        if text.endswith("?"):
            return True
        words, empty = statement(text), _EMPTY_WORDS if cited else self._empty
        return not words.numbers and not words.denies and all(word.stem in empty for word in words.content)

    def support(self, claim: str, references: Sequence[int]) -> bool:
        """Returns True when the passages together support the claim. A passage that is too short to quote does not."""
        contents = [self._passages[index - 1] for index in references]
        return bool(contents) and all(map(_is_quotable, contents)) and supports(claim, contents)

    def supporting(self, claim: str, cited: Sequence[int]) -> tuple[int, ...]:
        """Returns the cited passages when they support the claim, or another that does, or none.

        Without a citation no passage is looked for: the claim may be the model's own.
        """
        quotable = tuple(index for index in cited if _is_quotable(self._passages[index - 1]))
        if not cited or self.support(claim, quotable):
            return quotable
        words = [word.text[:5] for word in statement(claim).content]
        for index, passage in enumerate(self._passages, start=1):
            likely = 2 * sum(word in passage.lower() for word in words) >= len(words)
            if index not in cited and likely and self.support(claim, [index]):
                return (index,)
        return ()

    def has_numbers_of(self, text: str, references: Sequence[int]) -> bool:
        whole = _whole(tuple(self._passages[index - 1] for index in references))
        return whole.has_numbers(statement(text))


def _is_quotable(passage: str) -> bool:
    return len(passage.split(maxsplit=LEAST_WORDS)) >= LEAST_WORDS


def supports(claim_text: str, passages: Sequence[str]) -> bool:
    """Returns True when the passages together support the claim."""
    text = "\n".join(passages)
    if is_translated(claim_text, text):
        return has_numbers(claim_text, text)
    claim = statement(claim_text)
    whole = _whole(tuple(passages))
    if not claim.content and not claim.numbers:
        return False
    if lacks_name(claim, passages, whole.stems) or not whole.has_numbers(claim):
        return False
    best = best_evidence(claim, [statements_of(passage) for passage in passages])
    if best is None:
        return False
    found = (whole.share_of(claim) + best.share_of(claim)) / 2
    if found < _LEAST_FOUND + FURTHER_SENTENCE * (len(best.statements) - 1):
        return False
    return not contradicts(best, claim, whole)


@lru_cache(maxsize=300)
def _whole(passages: tuple[str, ...]) -> Evidence:
    return Evidence([each for passage in passages for each in (*statements_of(passage), *headings_of(passage))])
