"""Answers that consist of sentences of the passages, without a model."""

import asyncio
import re
from itertools import pairwise
from time import monotonic, process_time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.coach.answer import Answer, AnswerRequest, Cited, Delta, Turn, final_answer, reply
from plccoach_api.coach.generation.citations import best_quote
from plccoach_api.coach.generation.extractive import ExtractiveAnswerer
from plccoach_api.coach.generation.near import near_answer
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind, MessageRole
from plccoach_api.rules.pricing import NO_USAGE
from plccoach_api.rules.questions.replies import ENGLISH, SPANISH, Replies
from tests.coach.passages import PASSAGES, PROTOCOL, TIERS, TRUST, compose, composed, passage

ADVICE = passage(
    "### How Trust Grows\n\n"
    "Trust grows through small promises kept over time by people who meet every week. "
    "It is trust that lets a teacher show weak results. "
    "A leader who admits a mistake earns more trust than one who hides it well.\n\n"
    "Which promises build trust in your team?\n\n"
    "Teams should keep every promise that builds trust.\n\n"
    "Have you seen trust lost?\n\n"
    "Leaders must tell the truth, because trust follows it.\n\n"
    "### How Trust Returns\n\n"
    "A team can win it back through shared work on one small goal."
)


PARTS = tuple(
    msgspec.structs.replace(passage(text), weights={"trust": 9.0, "week": 1.0})
    for text in (
        "A team has four to seven members who teach the same course. It works toward one goal of its students.",
        "Every week the members look at their results. They choose one lesson to improve before the next week.",
        "It is trust that lets a teacher show weak results. Trust grows through small promises that members keep.",
    )
)
PART = "\n".join(each.content for each in PARTS)


async def test_with_a_pace_each_word_is_a_piece_and_the_answer_is_the_same() -> None:
    request = AnswerRequest(text="trust", passages=PASSAGES)
    at_once = [piece async for piece in ExtractiveAnswerer().answer(request)]
    *pieces, answer = [piece async for piece in ExtractiveAnswerer(0.001).answer(request)]
    words = [piece.text for piece in pieces if isinstance(piece, Delta)]
    assert answer == at_once[-1]
    assert isinstance(answer, Answer)
    assert "".join(words) == answer.content
    assert all(len(word.split()) == 1 for word in words)


async def test_a_pace_never_exceeds_the_time_of_an_answer() -> None:
    question, pace = "How can trust grow in a team?", 0.1
    words = (await composed(question, [ADVICE])).content.split()
    # The pauses end ten seconds before the deadline, and here they begin just before.
    request = AnswerRequest(text=question, passages=(ADVICE,), deadline=monotonic() + 10.6)
    times = [monotonic() async for _ in ExtractiveAnswerer(pace).answer(request)]
    pauses = sum(later - earlier > pace / 2 for earlier, later in pairwise(times))
    assert 1 < pauses < len(words) / 4


async def test_each_run_is_a_piece_after_its_citation() -> None:
    request = AnswerRequest(text="trust", passages=PASSAGES, domains=(Domain.school_culture,))
    *pieces, answer = [piece async for piece in ExtractiveAnswerer().answer(request)]
    assert isinstance(answer, Answer)
    assert answer.content == "".join(piece.text for piece in pieces if isinstance(piece, Delta))
    assert answer.citations == tuple(piece.citation for piece in pieces if isinstance(piece, Cited))
    assert [type(piece) for piece in pieces] == [Cited, Delta] * len(answer.citations)
    assert (answer.kind, answer.domains, answer.usage) == (MessageKind.answer, (Domain.school_culture,), NO_USAGE)
    assert (await composed("trust", PASSAGES)).content == answer.content


def asked_after(wish: str) -> tuple[Answer, Answer]:
    """Returns the answer to a question, and the one to a wish after it."""
    first = compose("How does trust grow?", [ADVICE])
    said = (Turn(MessageRole.user, "How does trust grow?"), Turn(MessageRole.assistant, first.content))
    request = AnswerRequest(text=wish, search_text="How does trust grow?", passages=(ADVICE,), history=said)
    return first, asyncio.run(final_answer(ExtractiveAnswerer().answer(request)))


@pytest.mark.parametrize(
    "wish", ["more", "Tell me more", "Give me another", "Can you elaborate?", "Go on", "Why?", "but why"]
)
def test_a_wish_for_more_or_a_reason_is_not_answered_with_what_was_said(wish: str) -> None:
    first, second = asked_after(wish)
    assert second.kind is MessageKind.answer
    assert not any(each.quote in first.content for each in second.citations)


@pytest.mark.parametrize("wish", ["in short", "Shorter, please", "Summarize"])
def test_a_wish_for_less_is_answered_with_the_best_excerpt(wish: str) -> None:
    first, second = asked_after(wish)
    assert len(first.citations) > 1
    assert [each.quote for each in second.citations] == [first.citations[0].quote]


def test_what_explains_an_excerpt_in_the_next_paragraph_belongs_to_it() -> None:
    text = "Teams lock the doors of the shed at noon.\n\nThis is for the safety of the hens.\n\nThe hens sleep there."
    asked = msgspec.structs.replace(passage(text), weights=dict.fromkeys(("lock", "door", "shed", "noon"), 2.0))
    for question in ("Why do teams lock the doors of the shed?", "When do teams lock the doors of the shed?"):
        assert [each.quote for each in compose(question, [asked]).citations] == [text.rpartition("\n\n")[0]]


def test_takeaways_are_short_advice_at_the_end() -> None:
    body, takeaways = compose("How can trust grow in a team?", [ADVICE]).content.split("\n\nKey takeaways:\n\n")
    assert takeaways == (
        "- Teams should keep every promise that builds trust. [2]\n"
        "- Leaders must tell the truth, because trust follows it. [3]"
    )
    assert "Teams should keep" not in body


def test_a_single_sentence_of_advice_stays_in_the_body() -> None:
    one = passage(ADVICE.content.replace("must tell", "tell"))
    assert "takeaways" not in compose("How can trust grow in a team?", [one]).content


def test_a_short_answer_has_no_takeaways() -> None:
    assert "takeaways" not in compose("trust", PASSAGES).content


def test_a_run_stands_under_the_heading_of_its_section() -> None:
    sections = passage(
        "### How Trust Grows\n\nTrust grows through small promises.\n\n"
        "### How Trust Returns\n\nTrust returns through work on a goal."
    )
    assert compose("trust", [sections]).content == (
        "**How Trust Grows**\n\n"
        "Trust grows through small promises. [1]\n\n"
        "**How Trust Returns**\n\n"
        "Trust returns through work on a goal. [2]"
    )


def test_a_passage_without_headings_stands_under_its_chapter() -> None:
    assert compose("trust", PASSAGES).content.startswith("**What a PLC Is**\n\nTrust grows")


@pytest.mark.parametrize(
    "heading",
    [
        *("II", "3.", "Summary", "Learning Objectives", "Instructor Notes", "Key Takeaways"),
        *("Last Modified: May 4, 2021", "Date of last revision: May 4th, 2021", "Updated 2021-05-04"),
    ],
)
def test_a_section_whose_heading_names_nothing_stands_under_its_chapter(heading: str) -> None:
    content = f"### {heading}\n\nTrust grows through small promises that are kept over a long time."
    assert compose("trust", [passage(content)]).content.startswith("**What a PLC Is**\n\nTrust grows")


def test_a_section_whose_heading_several_chapters_have_stands_under_its_chapter() -> None:
    text = "### Reading\n\nTrust grows through small promises that are kept over a long time."
    other = msgspec.structs.replace(passage("### Reading\n\nA protocol needs 40 minutes."), chapter_title="Protocols")
    assert compose("trust", [passage(text)]).content.startswith("**Reading**\n\nTrust grows")
    assert compose("trust", [passage(text), other]).content.startswith("**What a PLC Is**\n\nTrust grows")


def test_the_references_and_the_markup_of_a_heading_are_not_shown() -> None:
    content = "### *Trust* in `teams` [3]\n\nTrust grows through small promises that are kept over a long time."
    assert compose("trust", [passage(content)]).content.startswith("**Trust in teams**\n\nTrust grows")


def test_the_answer_begins_with_the_sentence_that_answers() -> None:
    norms = passage(
        "Many teams talk about norms for weeks. Norms hang on walls in most schools of the district. "
        "A norm is a promise about conduct that every member of the team agreed to. Teams review norms twice a year."
    )
    asked = msgspec.structs.replace(norms, weights={"norm": 1.0})
    [first, *_] = compose("What is a norm?", [asked]).citations
    assert first.quote.startswith("A norm is a promise about conduct")


@pytest.mark.parametrize(
    "question",
    [
        *(
            "What is trust?",
            "trust?",
            "Define trust",
            "What's trust",
            "Tell me about trust",
            "Explain trust to me, please",
        ),
        *("Summarize what you know about trust in one sentence", "I'd like to know more about trust"),
    ],
)
@pytest.mark.parametrize(
    ("heading", "definition"),
    [
        ("How People Work", "Trust is what lets a person show weak results to others."),
        (
            "(5) Trust\n\n(A) In general",
            "The belief that others keep their promises is what lets a person trust them with weak results.",
        ),
        ("Trust", "The belief that others keep their promises is what lets a person trust them with weak results."),
    ],
)
def test_the_answer_to_a_term_begins_with_its_definition(question: str, heading: str, definition: str) -> None:
    first = "To ease the loss of trust, a day is held for the teams, and their trust is measured there."
    texts = (f"### Days\n\n{first}", f"### {heading}\n\n{definition} It grows over the years.")
    assert compose(question, tuple(map(passage, texts))).citations[0].quote.startswith(definition)


def test_what_is_done_with_a_thing_is_no_definition_of_it() -> None:
    texts = (
        "Trust is paid by the town in every school of the town.",
        "Trust is essential for the teams of every school of the town.",
        "Trust is what lets people show weak results to others.",
    )
    assert compose("What is trust?", tuple(map(passage, texts))).citations[0].quote == texts[2]


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference between a hen house and a coop?",
        "What is a hen house compared to a coop?",
        "How is a coop different from a hen house?",
    ],
)
def test_a_comparison_is_answered_with_what_each_side_is(question: str) -> None:
    weights = {"hen": 2.0, "hous": 2.0, "coop": 3.0, "differ": 1.0}
    texts = (
        "In May, when the days are long, the class of the third year paints a house of hens, and a coop, in green.",
        "A hen house is a building with perches where birds sleep through the winter nights.",
        "Coops are small cages on wheels that follow the grass.",
    )
    answer = compose(question, [msgspec.structs.replace(passage(text), weights=weights) for text in texts])
    assert {texts[1], texts[2]} <= {each.quote for each in answer.citations}
    contrast = "A hen house stands still through the year, while a coop follows the grass."
    answer = compose(question, [msgspec.structs.replace(passage(text), weights=weights) for text in (*texts, contrast)])
    assert answer.citations[0].quote == contrast


@pytest.mark.parametrize("question", ["What is a PLC?", "What are PLCs?", "Define PLC"])
@pytest.mark.parametrize(
    ("subject", "other"),
    [
        (
            "A professional learning community (PLC)",
            "Data analysis in a professional learning community (PLC) is a study.",
        ),
        (
            "PLCs, or professional learning communities,",
            "The PLC lite is the name of a school without the work of a PLC.",
        ),
        ("A PLC", "Every professional learning community meets in the room of the principal at noon."),
    ],
)
def test_the_subject_of_a_definition_may_have_two_names(question: str, subject: str, other: str) -> None:
    definition = f"{subject} is a school whose educators study their own practice together."
    weights = {"plc": 0.8, "profession": 1.1, "learn": 0.1, "communiti": 1.1}
    passages = [msgspec.structs.replace(passage(text), weights=weights) for text in (other, definition)]
    # The search adds the other name of an acronym to the question.
    asked = f"{question} professional learning community"
    assert compose(asked, passages).citations[0].quote.startswith(definition)


async def test_a_part_of_a_book_is_summarized_from_its_opening_on_and_in_the_order_of_the_author() -> None:
    request = AnswerRequest(text="Summarize chapter 2", passages=PARTS, is_part=True)
    answer = await final_answer(ExtractiveAnswerer().answer(request))
    places = [PART.index(citation.quote) for citation in answer.citations]
    assert places[0] == 0
    assert places == sorted(places)


async def test_the_summary_of_a_chapter_begins_with_what_the_chapter_says_it_is_about() -> None:
    about = "In this chapter, you will learn how a team keeps its promises."
    chapter = f"A motto on a wall is a promise to the passers-by.\n\n### About This Chapter\n\n{about}"
    request = AnswerRequest(text="Summarize chapter 2", passages=(passage(chapter), *PARTS), is_part=True)
    assert (await final_answer(ExtractiveAnswerer().answer(request))).citations[0].quote.startswith(about)


async def test_a_part_of_a_book_that_has_only_lists_is_answered_with_its_lists() -> None:
    lists = "Hosts\n\n- Ready to open the door before eight\n- Kind to every guest of the house\n\nGuests\n\n- On time"
    request = AnswerRequest(
        text="Summarize chapter 2", passages=(passage(f"{lists} for all meals of the day"),), is_part=True
    )
    quotes = [each.quote for each in (await final_answer(ExtractiveAnswerer().answer(request))).citations]
    assert quotes == [
        "Hosts\n\n- Ready to open the door before eight\n- Kind to every guest of the house",
        "Guests\n\n- On time for all meals of the day",
    ]


async def test_a_part_of_a_book_that_has_only_addresses_is_refused() -> None:
    text = "- https://example.org/one/two\n- https://example.org/three/four"
    request = AnswerRequest(text="Summarize chapter 2", passages=(passage(text),), is_part=True)
    assert (await final_answer(ExtractiveAnswerer().answer(request))).kind is MessageKind.refusal


@pytest.mark.parametrize(
    "announcement", ["In this section, a herd means ten zebras.", "In the next section we meet a herd."]
)
async def test_the_summary_of_a_chapter_does_not_begin_with_what_only_a_section_is_about(announcement: str) -> None:
    opening = "A herd has the right to a meadow with a fence."
    chapter = f"{opening} The fence is as high as a foal.\n\n{announcement}"
    request = AnswerRequest(text="Summarize chapter 2", passages=(passage(chapter), *PARTS), is_part=True)
    assert (await final_answer(ExtractiveAnswerer().answer(request))).citations[0].quote.startswith(opening)


def test_an_answer_is_made_of_the_five_best_passages_and_more_of_all_of_them() -> None:
    plain = [passage(f"In week {number} the team of room {number} met for an hour.") for number in range(6)]
    passages = [*plain, passage("Trust is the belief that others keep their promises to us.")]
    passages = [msgspec.structs.replace(each, weights={"trust": 9.0}) for each in passages]
    assert "belief" not in compose("Why do we trust?", passages).content
    turn = Turn(MessageRole.assistant, compose("Why do we trust?", passages).content)
    wish = AnswerRequest(text="Tell me more", search_text="Why do we trust?", passages=tuple(passages), history=(turn,))
    assert "belief" in asyncio.run(final_answer(ExtractiveAnswerer().answer(wish))).content


def test_a_passage_that_defines_the_term_is_read_at_any_rank() -> None:
    others = [passage(f"Trust helps the {kind} of the school to talk about weak results.") for kind in "abcdef"]
    definition = "Trust is the belief that others keep their promises."
    assert compose("What is trust?", [*others, passage(definition)]).citations[0].quote == definition


def test_a_word_of_near_meaning_counts_for_a_word_of_the_question() -> None:
    school = passage(
        "The office opens at eight and closes at four every day. The cook prepares fresh soup on most mornings.\n\n"
        "Children settle in after about twelve days. The caretaker repairs broken chairs and lamps in the summer.\n\n"
        "Roofs need paint every seven years."
    )
    asked = msgspec.structs.replace(school, weights={"long": 1.0, "kid": 3.0, "need": 1.0})
    [first, *_] = compose("How long do kids need?", [asked]).citations
    assert first.quote.startswith("Children settle in")


def test_a_sentence_needs_one_name_of_a_thing_that_the_question_has_under_two() -> None:
    garden = passage(
        "A plant in the list of the school has the letters CFB, and the list hangs beside a bed.\n\n"
        "Children plant a common flower bed in May, when the nights are warm."
    )
    # The search adds the other name of an acronym to the question.
    asked = msgspec.structs.replace(
        garden, weights={"common": 1.0, "flower": 1.0, "bed": 1.0, "cfb": 9.0, "plant": 2.0}
    )
    [first, *_] = compose("When do we plant the common flower bed CFB", [asked]).citations
    assert first.quote.startswith("Children plant")


def test_a_sentence_that_refers_back_comes_with_the_sentence_before_it() -> None:
    reading = passage(
        "Guided reading takes place in small groups of four. It needs about twenty minutes of the day for each group."
    )
    question = "How many minutes does a group need?"
    assert (
        compose(question, [msgspec.structs.replace(reading, weights={"minut": 3.0, "group": 1.0})])
        .citations[0]
        .quote.startswith("Guided reading takes place")
    )


def test_sentences_that_two_passages_share_are_shown_once() -> None:
    assert len(compose("trust", [passage(TRUST), passage(TRUST)]).citations) == len(
        compose("trust", [passage(TRUST)]).citations
    )


@pytest.mark.parametrize(
    "text",
    [
        "What would trust look like in the schools of your district?",
        "Trust in the schools of our district:",
        "Figure 3. Trust in the schools of one district over four years.",
        "Figure Trust grows in the schools of a district, year after year.",
        "Smith, J. (2009). Trust in schools. New York, vol. 3, pp. 14-29.",
        "| trust | schools | districts | years |",
        "Estimated time to build trust: 32 minutes.",
        "and trust of the kind that schools in this district need.",
        "Trust between the teachers of the schools in the district",
        "When the schools of a district have trust in each other, they may...",
        "trust = measure(school); print(trust) for every_school in district;",
        "Trust in schools .............................. 14",
        "TRUST IN THE SCHOOLS OF OUR DISTRICT TODAY.",
        "- Building trust between schools and districts.",
        "Trust in schools and in districts, a diagram:\n1. The pyramid of trust:\n2. Trust at work, a flowchart:",
        "```\nTrust is measured for all schools of a district.\n```",
        "### References\n\nTrust was measured in all schools of the district by Smith.",
    ],
)
def test_what_is_no_whole_sentence_is_never_shown(text: str) -> None:
    assert compose("trust", [passage(text)]).kind is MessageKind.refusal
    whole = "Trust grows when the people of a school keep their promises."
    quotes = [each.quote for each in compose("trust", [passage(f"{whole}\n\n{text}"), passage(text)]).citations]
    assert quotes == [whole]


def test_a_list_is_shown_with_the_sentence_that_introduces_it() -> None:
    text = "Trust has these roots in every school:\n\n- Promises that are kept\n- The truth about results"
    [citation] = compose("trust", [passage(text)]).citations
    assert citation.quote == text


def test_the_references_of_a_book_are_in_the_quote_but_not_in_the_content() -> None:
    sources = passage(
        "Trust between teachers raises the achievement of small schools [3]. "
        "Trust grows when teams keep every promise they make [12, 14]. "
        "See the appendix [7-9] for how trust was measured in rural schools. "
        "Trust costs a school little money [Example 2019]."
    )
    answer = compose("trust", [sources])
    assert {int(number) for number in re.findall(r"\[(\d+)\]", answer.content)} == {
        each.index for each in answer.citations
    }
    assert "[12, 14]" not in answer.content
    assert "raises the achievement of small schools." in answer.content
    quotes = [each.quote for each in answer.citations]
    assert any("Trust between teachers raises the achievement of small schools [3]." in quote for quote in quotes)
    assert all(quote in sources.content for quote in quotes)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("\u201cTrust grows when people keep their promises.", "Trust grows when people keep their promises."),
        ("Trust grows when people keep their promises.\u201d", "Trust grows when people keep their promises."),
        ('"Trust grows when people keep their promises.', "Trust grows when people keep their promises."),
        ("\u201cTrust\u201d grows when people keep a promise.", "\u201cTrust\u201d grows when people keep a promise."),
        ('"Trust" grows when people keep their promises.', '"Trust" grows when people keep their promises.'),
    ],
)
def test_half_of_the_marks_of_a_quotation_is_in_the_quote_but_not_in_the_content(text: str, content: str) -> None:
    answer = compose("trust", [passage(text)])
    assert answer.citations[0].quote == text
    assert f"{content} [1]" in answer.content.splitlines()


def test_a_sentence_in_brackets_comes_with_the_sentence_before_it() -> None:
    text = "People keep small promises to each other. (In this way trust and more trust grows between people in time.)"
    assert compose("How does trust grow?", [passage(text)]).citations[0].quote == text


def test_brackets_that_are_no_references_stay_in_the_content() -> None:
    costs = passage("Trust costs a school little money [Example 2019] and no time.")
    assert "money [Example 2019] and no time. [1]" in compose("trust", [costs]).content


def test_the_number_of_a_note_is_in_the_quote_but_not_in_the_content() -> None:
    notes = passage("Trust raises the achievement of small schools.12 Every school can build trust over time.\u00b3")
    answer = compose("trust", [notes])
    assert "small schools. Every school can build trust over time. [1]" in answer.content
    assert answer.citations[0].quote == notes.content


def test_an_item_of_a_list_never_continues_in_another_item() -> None:
    steps = passage(
        "### Steps\n\n1. We build trust when we keep small promises.\n2. You keep trust when you tell the truth."
    )
    quotes = [each.quote for each in compose("How do we build and keep trust?", [steps]).citations]
    assert quotes
    assert all("\n" not in quote for quote in quotes)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a_" * 60_000,
        "word " * 40_000,
        "| " * 60_000,
        "a   " * 60_000,
        "```\n" * 40_000,
        "# " * 60_000,
        "Aa, A. " * 30_000,
    ],
)
def test_a_long_hostile_passage_takes_less_than_ten_seconds_of_the_processor(text: str) -> None:
    started = process_time()
    compose("trust", [passage(text)])
    assert process_time() - started < 10


def test_a_reply_that_comes_only_near_says_so_in_the_language_of_the_question() -> None:
    first = next(near_answer(AnswerRequest(text="¿Cómo crece la confianza?", passages=PASSAGES)))
    assert first == Delta(SPANISH.near)


def test_a_reply_that_comes_only_near_quotes_whole_sentences() -> None:
    texts = ("6.3.6 Installing trust using a handbook", f"Install the trust by using the\n\n{TRUST}", TIERS)
    *_, answer = near_answer(AnswerRequest(text="How do I install trust?", passages=tuple(map(passage, texts))))
    assert isinstance(answer, Answer)
    assert [each.quote[-1] for each in answer.citations] == [".", "."]


def test_a_reply_that_comes_only_near_quotes_no_sentence_twice() -> None:
    passages = (passage(TRUST), passage(f"{TRUST} {PROTOCOL}"))
    *_, answer = near_answer(AnswerRequest(text="How is trust lost?", passages=passages))
    assert isinstance(answer, Answer)
    assert len({each.quote for each in answer.citations}) == 2


def test_a_reply_that_comes_only_near_quotes_something_when_no_sentence_is_whole() -> None:
    *_, answer = near_answer(AnswerRequest(text="trust?", passages=(passage("| trust | is built by the team |"),)))
    assert isinstance(answer, Answer)
    assert len(answer.citations) == 1


async def test_without_passages_the_answer_is_a_refusal_without_cost() -> None:
    pieces = [piece async for piece in ExtractiveAnswerer().answer(AnswerRequest(text="x", passages=()))]
    assert pieces == [Delta(ENGLISH.refusal), Answer(MessageKind.refusal, ENGLISH.refusal)]


@pytest.mark.parametrize(("question", "replies"), [("trust", ENGLISH), ("¿Qué es la confianza?", SPANISH)])
async def test_an_answer_that_may_be_none_says_so_first(question: str, replies: Replies) -> None:
    request = AnswerRequest(text=question, search_text="trust", passages=PASSAGES, is_unsure=True)
    answer = await final_answer(ExtractiveAnswerer().answer(request))
    assert answer.kind is MessageKind.answer
    assert answer.content == f"{replies.unsure}\n\n{(await composed('trust', PASSAGES)).content}"


def test_a_clarification_is_yielded_as_text_and_then_as_an_answer() -> None:
    assert [*reply(MessageKind.clarification, "Which grade?")] == [
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
        # Four words with a verb are a sentence.
        assert len(citation.quote.split()) >= 4


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


@pytest.mark.parametrize(
    "announcement",
    [
        "By the end of this lesson, you will be able to:\n\n1. Tell how trust differs from a rule\n2. Compare them",
        "Learning objectives\n\n1. Tell how trust is different from a rule.\n2. Say how they differ.",
        "4. Explain how trust is different from a rule.\n5. Describe what a rule is.\n6. Compare what both are.",
        "### Opening (10 minutes)\n\n- Tell how trust is different from a rule.\n- Say how they differ.",
        "This chapter explains how trust differs from a rule, and how trust and rules are kept.",
        "In the next example, you will see how trust differs from a rule. Look out for trust and rules.",
        "Learning objectives: Explain how trust differs from a rule, and give examples of trust and of a rule.",
        "Description: A look at how trust differs from a rule, with the history of trust and of a rule.",
    ],
)
def test_an_answer_begins_with_what_is_said_and_not_with_what_will_be_said(announcement: str) -> None:
    said = "Trust rests on promises that people keep, while a rule rests on the power of those who made it."
    text = f"{announcement}\n\n### Trust and Rules\n\n{said} A school has both."
    asked = msgspec.structs.replace(passage(text), weights={"trust": 1.0, "differ": 1.0, "rule": 1.0})
    answer = compose("How does trust differ from a rule?", [asked])
    assert answer.citations[0].quote.startswith("Trust rests on promises")


def test_a_question_for_a_chapter_may_be_answered_with_what_the_chapter_announces() -> None:
    text = "This chapter explains how trust grows in a team.\n\nPromises are kept by people who meet every week."
    [first, *_] = compose("What is the chapter on trust in a team about?", [passage(text)]).citations
    assert first.quote.startswith("This chapter explains")


def test_an_enumeration_is_shown_to_its_end() -> None:
    text = (
        "A team that wants trust asks four questions. First: What do we promise? A promise is small at the beginning. "
        "Second: How do we know that it was kept? The members tell each other every week. Third: What do we do when it "
        "was not kept? Nobody is to be blamed for it. Fourth: What do we do when all were kept? There is a cake."
    )
    [citation] = compose("Which four questions does a team ask that wants trust?", [passage(text)]).citations
    assert citation.quote.startswith("A team that wants trust asks")
    assert citation.quote.endswith("What do we do when all were kept?")


def test_a_question_to_the_reader_continues_no_sentence() -> None:
    text = "Trust grows through small promises that are kept. Which of them do you keep? Nobody keeps all promises."
    [citation, *_] = compose("How does trust grow?", [passage(text)]).citations
    assert citation.quote == "Trust grows through small promises that are kept."


def test_a_question_after_what_a_sentence_says_is_a_part_of_it() -> None:
    text = (
        "Trust has steps in a team. The way to trust begins with a promise: what do we do for each other (a small "
        "help)? The second step is keeping it for a month: who saw that? Did you see it?"
    )
    [citation] = compose("What are the steps of trust?", [passage(text)]).citations
    assert citation.quote == text.removesuffix(" Did you see it?")


def test_a_sentence_that_enumerates_may_be_longer_than_others() -> None:
    parts = ("a promise", "a month", "a witness")
    long = "; ".join(f"{part} of which the members of a team say what it is worth to them" * 2 for part in parts)
    enumeration, other = f"The way to trust has: {long}.", f"The way to trust has {long.replace(';', ',')}."
    assert [each.quote for each in compose("What is the way to trust?", [passage(enumeration)]).citations] == [
        enumeration
    ]
    assert compose("What is the way to trust?", [passage(other)]).kind is MessageKind.refusal


def test_what_there_is_also_comes_with_what_there_is() -> None:
    text = "Trust is no good rule for a shed of tools. There is also little proof that tools need trust."
    asked = msgspec.structs.replace(passage(text), weights={"proof": 3.0, "tool": 1.0, "need": 1.0})
    assert compose("Is there proof that tools need it?", [asked]).citations[0].quote == text


def test_a_sentence_joins_the_one_after_it_below_the_beginning_of_an_answer() -> None:
    best = "Trust can grow in a team of people who keep their small promises."
    joined = (
        "Trust in a team needs that people keep their word. A team grows into trust as its members say how they work."
    )
    other = f"Rooms are painted in the summer, and nobody likes the smell. {joined}"
    answer = compose("How does trust grow in a team?", [passage(best), passage(other)])
    assert [each.quote for each in answer.citations] == [best, joined]


def test_a_letter_that_counts_a_paragraph_points_back_to_nothing() -> None:
    item, whole = "(II) Most drift harms a school in the long run.", "This drift harms a school in the long run."
    asked = [msgspec.structs.replace(passage(each), weights={"drift": 3.0, "school": 0.5}) for each in (whole, item)]
    assert compose("Does drift harm a school?", asked).citations[0].quote == item


@pytest.mark.parametrize("before", ["", "### Drift\n\n", "Why do rooms change? "])
def test_an_answer_rather_begins_with_a_sentence_that_can_be_understood_alone(before: str) -> None:
    torn = passage(f"{before}This drift harms a school in the long run.")
    whole = passage("Most drift harms a school in the long run.")
    asked = [msgspec.structs.replace(each, weights={"drift": 3.0, "school": 0.5}) for each in (torn, whole)]
    assert compose("Does drift harm a school?", asked).citations[0].quote == whole.content


@pytest.mark.parametrize(("text", "replies"), [("Write a note on trust", ENGLISH), ("Escribe una nota", SPANISH)])
def test_an_order_is_told_that_only_the_books_can_be_quoted(text: str, replies: Replies) -> None:
    request = AnswerRequest(text=text, passages=PASSAGES, search_text="trust")
    answer = asyncio.run(final_answer(ExtractiveAnswerer().answer(request)))
    assert answer.content.startswith(f"{replies.cannot_make}\n\n")
    assert answer.citations


def test_a_word_that_only_names_the_book_weighs_less_than_the_others() -> None:
    texts = (
        "People who go on learning together like the school for many reasons of their own.",
        "Each mentor reads a plan with a new person before the first day.",
    )
    weights = {"learn": 1.2, "togeth": 1.2, "mentor": 2.8}
    found = ("learn", "togeth")
    asked = [msgspec.structs.replace(passage(each), weights=weights, found_stems=found) for each in texts]
    assert compose("What do mentors do in Learning Together?", asked).citations[0].quote == texts[1]
    # Where a passage lacks the words, they tell passages apart.
    asked[1] = msgspec.structs.replace(asked[1], found_stems=("mentor",))
    assert compose("What do mentors do in Learning Together?", asked).citations[0].quote == texts[0]


def test_a_sentence_of_four_words_with_a_verb_is_shown() -> None:
    text = (
        "### Investigation\n\nReports will be assessed to determine if they fall within the policy. "
        "Investigations will be fair, objective and proportionate. Disclosers may remain anonymous. "
        "Identifying information will not be shared without consent."
    )
    answer = compose(
        "Can a discloser stay anonymous?", [msgspec.structs.replace(passage(text), weights={"anonym": 5.0})]
    )
    assert "Disclosers may remain anonymous." in answer.content
