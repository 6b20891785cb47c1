"""Answers that consist of sentences of the passages, without a model."""

import re

from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.coach.answer import REFUSAL, Answer, AnswerRequest, Cited, Delta, clarification, final_answer
from plccoach_api.coach.generation.citations import best_quote
from plccoach_api.coach.generation.extractive import ExtractiveAnswerer, compose
from plccoach_api.coach.generation.sentence_selection import _candidates
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.pricing import NO_USAGE
from tests.coach.passages import PASSAGES, TIERS, TRUST, passage

ADVICE = passage(
    "Trust is what teams stand on. "
    "Trust grows through small promises kept over time by people who meet every week. "
    "It is trust that lets a teacher show weak results. "
    "A leader who admits a mistake earns more trust than one who hides it well. "
    "Teams should keep every promise that builds trust. "
    "Leaders must tell the truth, because trust follows it. "
    "A team that has lost trust can win it back through shared work on one small goal."
)


async def test_each_sentence_is_a_piece_after_its_citation() -> None:
    request = AnswerRequest(text="trust", passages=PASSAGES, domains=(Domain.school_culture,))
    *pieces, answer = [piece async for piece in ExtractiveAnswerer().answer(request)]
    assert isinstance(answer, Answer)
    assert answer.content == "".join(piece.text for piece in pieces if isinstance(piece, Delta))
    assert answer.citations == tuple(piece.citation for piece in pieces if isinstance(piece, Cited))
    assert [type(piece) for piece in pieces] == [Cited, Delta] * len(answer.citations)
    assert (answer.kind, answer.domains, answer.usage) == (MessageKind.answer, (Domain.school_culture,), NO_USAGE)
    assert compose(PASSAGES).content == answer.content


def test_takeaways_are_short_advice_at_the_end() -> None:
    body, takeaways = compose([ADVICE]).content.split("\n\nKey takeaways:\n\n")
    assert takeaways == (
        "- Teams should keep every promise that builds trust. [6]\n"
        "- Leaders must tell the truth, because trust follows it. [7]"
    )
    assert "Teams should keep" not in body


def test_a_short_answer_has_no_takeaways() -> None:
    assert "takeaways" not in compose(PASSAGES).content


def test_a_sentence_that_refers_to_the_previous_sentence_scores_lowest() -> None:
    scores = {each.sentence.text: each.score for each in _candidates([ADVICE])}
    assert min(scores, key=scores.__getitem__) == "It is trust that lets a teacher show weak results."


def test_the_references_of_a_book_are_in_the_quote_but_not_in_the_content() -> None:
    sources = passage(
        "Trust between teachers raises the achievement of small schools [3]. "
        "Trust grows when teams keep every promise they make [12, 14]. "
        "See the appendix [7-9] for how trust was measured in rural schools. "
        "Trust costs a school little money [Example 2019]."
    )
    answer = compose([sources])
    assert {int(number) for number in re.findall(r"\[(\d+)\]", answer.content)} == {
        each.index for each in answer.citations
    }
    assert "[12, 14]" not in answer.content
    assert "[Example 2019]" in answer.content
    assert "raises the achievement of small schools. [" in answer.content
    quotes = [each.quote for each in answer.citations]
    assert "Trust between teachers raises the achievement of small schools [3]." in quotes
    assert all(quote in sources.content for quote in quotes)


async def test_without_passages_the_answer_is_a_refusal_without_cost() -> None:
    pieces = [piece async for piece in ExtractiveAnswerer().answer(AnswerRequest(text="x", passages=()))]
    assert pieces == [Delta(REFUSAL), Answer(MessageKind.refusal, REFUSAL)]


def test_a_clarification_is_yielded_as_text_and_then_as_an_answer() -> None:
    assert [*clarification("Which grade?")] == [
        Delta("Which grade?"),
        Answer(MessageKind.clarification, "Which grade?"),
    ]


WORDS = st.sampled_from(
    ["trust ", "teams ", "should ", "grow. ", "A ", "meet? ", "\n\n- ", "# Head\n", "tiers: ", "of "]
)


@given(st.lists(st.lists(WORDS, max_size=120).map("".join), max_size=7))
async def test_any_passages_give_a_short_answer_with_verbatim_quotes(texts: list[str]) -> None:
    passages: list[Passage] = [passage(text) for text in texts]
    answer = await final_answer(ExtractiveAnswerer().answer(AnswerRequest(text="trust", passages=tuple(passages))))
    assert len(answer.content.split()) <= 500
    assert [int(n) for n in re.findall(r"\[(\d+)\]", answer.content)] == [each.index for each in answer.citations]
    by_id = {each.chunk_id: each.content for each in passages}
    for citation in answer.citations:
        assert citation.quote in by_id[citation.chunk_id]
        assert len(citation.quote.split()) >= 5


@given(st.lists(WORDS, max_size=60).map("".join), st.text(max_size=80))
def test_a_quote_is_a_span_of_at_least_five_words_of_its_passage(content: str, claim: str) -> None:
    span = best_quote(content, claim, "How does trust grow?")
    if span is not None:
        assert 0 <= span.start < span.end <= len(content)
        assert len(span.of(content).split()) >= 5


def test_a_quote_has_the_closest_sentences_and_no_others() -> None:
    span = best_quote(TIERS, "Students with old gaps get intensive help in Tier 3")
    assert span
    assert span.of(TIERS) == "Tier 3 is intensive help with skills that should have been mastered in earlier years."
    quote_of_several = best_quote(
        TRUST,
        "Trust grows through small promises kept over time, and leaders build it by telling the truth about results",
    )
    assert quote_of_several
    assert quote_of_several.of(TRUST).startswith("Trust grows through small promises")
    assert quote_of_several.of(TRUST).endswith("truth about results.")


def test_without_shared_words_the_quote_is_the_sentence_nearest_to_the_question_or_else_the_first() -> None:
    by_question = best_quote(TRUST, "Zebras gallop", "Which norm did every member agree to?")
    assert by_question
    assert by_question.of(TRUST).startswith("A norm is")
    first_sentence = best_quote(TRUST, "Zebras gallop", "Ostriches?")
    assert first_sentence
    assert first_sentence.start == 0
