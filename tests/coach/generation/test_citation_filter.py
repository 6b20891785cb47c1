"""The citation filter: the text of a model that reaches its reader, and the citations with it."""

import re
import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.coach.answer import Cited, Delta, PartialAnswer
from plccoach_api.coach.generation.citation_filter import CitationFilter
from plccoach_api.coach.llm.prompt_leak import ngrams
from plccoach_api.queries.chunks import Passage
from tests.coach.passages import PASSAGES, TRUST, passage

INSTRUCTIONS = "Never tell anybody that the moon over the staff room is made of old chalk and tea."
INSTRUCTION_NGRAMS = ngrams(INSTRUCTIONS)


# Sentences that support the oddest claims of these tests.
ODD = passage(
    "Trust and norms are and23 and 23 so2 12 ends. The event of the year is now on. "
    "Never tell anybody that the moon is blue, and the moon over the staff room is full. "
    "Ask whether it is done and open the link of the system. Trust 00000009 ends."
)


def filtered(
    deltas: Sequence[str], passages: Sequence[Passage] = PASSAGES
) -> tuple[list[Cited | Delta], PartialAnswer]:
    citation_filter = CitationFilter(passages, "How does trust grow?", INSTRUCTION_NGRAMS)
    pieces = [piece for delta in deltas for piece in citation_filter.feed(delta)]
    pieces += citation_filter.finish()
    partial = PartialAnswer()
    for piece in pieces:
        partial.add(piece)
    assert citation_filter.has_output == bool(pieces)
    return pieces, partial


def released(*deltas: str, passages: Sequence[Passage] = PASSAGES) -> str:
    return filtered(deltas, passages)[1].content


def assert_filtered(text: str, expected: str, passages: Sequence[Passage] = PASSAGES) -> None:
    """The text is fed as one delta, and again character by character."""
    assert released(text, passages=passages) == expected
    assert released(*text, passages=passages) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trust grows [1].", "Trust grows [1]."),
        ("Trust grows [1][2] and [3].", "Trust grows [1][2] and [3]."),
        ("Trust [1, 3] and [1,2;3].", "Trust [1] [3] and [1] [2] [3]."),
        ("Trust [1-3], [2–3], [3-1].", "Trust [1] [2] [3], [2] [3], [3] [1]."),
        ("Trust [ 1 ] and [01].", "Trust [1] and [1]."),
        ("Trust [١] and [٩].", "Trust [1] and."),
    ],
)
def test_every_form_of_a_reference_is_written_as_single_numbers_in_brackets(text: str, expected: str) -> None:
    assert_filtered(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trust [1, 9] and [9, 10].", "Trust [1] and."),
        ("Trust [1] and [9] norms [0].", "Trust [1] and norms."),
        ("Trust [1-99] and [0-2].", "Trust [1] and [2]."),
        ("Trust [1] in [2024].", "Trust [1] in."),
    ],
)
def test_numbers_that_no_passage_has_are_removed(text: str, expected: str) -> None:
    assert_filtered(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trust [1] [2[9]3] and [[9]2].", "Trust [1] 23] and2]."),
        ("Trust [1] [" + "0" * 150 + "9] ends.", "Trust [1] " + "0" * 150 + "9] ends."),
        ("Trust [1] [12[1].", "Trust [1] 12[1]."),
    ],
)
def test_a_bracket_that_a_removed_reference_could_turn_into_a_reference_is_dropped(text: str, expected: str) -> None:
    assert_filtered(text, expected, [ODD])


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] Ask [1]\n- [x] Done [link] [system] [] [1]",
        "Trust [1] is [a [b] [c",
    ],
)
def test_brackets_that_are_no_references_stay(text: str) -> None:
    assert_filtered(text, text, [ODD])


@pytest.mark.parametrize("rest", ["[2", "["])
def test_a_reference_that_is_not_closed_at_the_end_is_left_out(rest: str) -> None:
    assert_filtered(f"Trust [1] and more {rest}", "Trust [1] and more")


@pytest.mark.parametrize("text", ["Trust [1].\n\n", "\n\n  Trust [1]."])
def test_white_space_around_an_answer_is_left_out(text: str) -> None:
    assert_filtered(text, "Trust [1].")


def test_control_characters_are_removed() -> None:
    assert_filtered(
        "Trust [1]\r\nand\x00 \x1b[2J \x85so2\u2028on\tnow [1].",
        "Trust [1]\nand [2J so2\u2028on\tnow [1].",
        [passage(f"{ODD.content} 2J.")],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trust [1] \ud83d\ude00 \ud83d and \ude00.", "Trust [1] 😀 � and �."),
        ("Trust [1] \ud83d", "Trust [1] �"),
    ],
)
def test_surrogates_are_joined_to_a_character_or_replaced(text: str, expected: str) -> None:
    assert_filtered(text, expected)


@pytest.mark.parametrize(
    "text", ["", "Trust grows.", "Trust [9].", "Trust [4] and [0] and [ ].", "[1", "[system] [x](1)"]
)
def test_an_answer_without_a_valid_citation_releases_nothing(text: str) -> None:
    assert filtered([text])[0] == []
    assert filtered(list(text))[0] == []


def test_the_first_supported_sentence_releases_the_text_before_it() -> None:
    citation_filter = CitationFilter(PASSAGES, "How does trust grow?")
    for delta in (
        "## How does trust grow?\n\nZebras fly [2].",
        " Trust ",
        "grows ",
        "in promises ",
        "[9] ",
        "[",
        "1",
        "].",
    ):
        assert citation_filter.feed(delta) == []
        assert not citation_filter.has_output
    heading, cited, text = citation_filter.feed("\n")
    assert heading == Delta("## How does trust grow?")
    assert isinstance(cited, Cited)
    assert text == Delta("\n\nTrust grows in promises [1].")


def test_a_sentence_is_released_as_soon_as_the_next_one_begins() -> None:
    citation_filter = CitationFilter(PASSAGES, "How does trust grow?")
    assert citation_filter.feed("Trust grows through small promises [1].") == []
    assert [piece for piece in citation_filter.feed(" Leaders ") if isinstance(piece, Delta)] == [
        Delta("Trust grows through small promises [1].")
    ]
    assert citation_filter.feed("tell the truth [1]") == []
    assert citation_filter.feed(". And") == [Delta(" Leaders tell the truth [1].")]


def test_a_citation_comes_once_just_before_the_delta_that_refers_to_it() -> None:
    pieces, partial = filtered(["Trust grows [1].", " Tiers [2, 1].", " Trust [1]."])
    assert [piece.citation.index if isinstance(piece, Cited) else piece.text for piece in pieces] == [
        *(1, "Trust grows [1]."),
        *(2, " Tiers [2] [1]."),
        " Trust [1].",
    ]
    assert [citation.index for citation in partial.citations] == [1, 2]


def test_the_quote_is_the_sentence_of_the_passage_that_supports_the_claim() -> None:
    partial = filtered(["Everybody promised. A norm is a promise of the whole team [1]. Tier 3 is intensive [2]."])[1]
    assert [citation.quote for citation in partial.citations] == [
        "A norm is a promise about conduct that every member of the team agreed to.",
        "Tier 3 is intensive help with skills that should have been mastered in earlier years.",
    ]


def test_a_partial_answer_lists_only_the_citations_that_its_text_refers_to() -> None:
    pieces, _ = filtered(["Trust grows [1].", " Tiers [2]."])
    partial = PartialAnswer()
    for piece in pieces[:3]:
        partial.add(piece)
    assert partial.content == "Trust grows [1]."
    assert [citation.index for citation in partial.citations] == [1]


@pytest.mark.parametrize(
    "leak",
    [
        INSTRUCTIONS,
        INSTRUCTIONS.upper(),
        INSTRUCTIONS.replace(" ", " [1] "),
        INSTRUCTIONS.replace(" ", "\n- **"),
    ],
)
def test_nothing_is_released_after_a_leak_of_the_instructions(leak: str) -> None:
    for deltas in ([f"Trust [1]. My orders: {leak}. More [2]."], [*"Trust [1]. My orders: ", *leak, "More [2]."]):
        content = released(*deltas)
        assert content == "Trust [1]."


def test_a_leak_before_the_first_citation_releases_nothing() -> None:
    assert filtered([f"{INSTRUCTIONS} [1]"])[0] == []


def test_a_few_words_in_a_row_from_the_instructions_are_released() -> None:
    text = "Trust [1]. Never tell anybody that the moon is blue, and the moon over the staff room is full [1]."
    assert_filtered(text, text, [ODD])
    text = "Trust [1]. Never tell anybody that the moon [1]"
    assert released(text, passages=[ODD]) == text


REFERENCE = re.compile(r"\[\s*(\d+)\s*\]")
CODE = re.compile(r"(?ms)^ {0,3}```.*?(?:^ {0,3}```+[ \t]*$|\Z)|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")

PARTS = st.sampled_from(
    [
        *(
            "Tier 3 is intensive help",
            "Trust grows in small promises",
            ". ",
            ".\n",
            "\n```\n",
            "`",
            "`[1]`",
            "\n\n## Trust\n",
        ),
        *(
            "【1†source】",
            "【",
            "】",
            "[^1]",
            "\n[^1]: x\n",
            "(1)",
            "(2",
            ").",
            "［2］",
            "¹",
            "²³",
            "m²",
            "[Source 1]",
            "<sup>1",
        ),
        *(
            "</sup>",
            "[1](http://x.example)",
            "](",
            "![a](b)",
            "\nSources:\n",
            "- [1] Book\n",
            "[1 and 2]",
            "|",
            "**",
            "1. ",
        ),
        *("Trust ", "grows", " slowly. ", "\n\n- ", " ", "[", "]", "[1]", "[2", "3]", "[9]", "[1, 9]", "[1-", "-3]"),
        *("[ ]", "[system]", "[link](x)", "\r", "\x00", "\ud83d", "\ude00", "0", ",", "٣", "–", "event: x\n", "(", "7"),
        *(
            "^1",
            "^{2}",
            "$",
            "{1}",
            "{",
            "}",
            "<cite>1</cite>",
            "<co: 1>",
            "</co: 1>",
            "<ref id='2'/>",
            "<1>",
            "<",
            "</",
        ),
        *(
            "(see ",
            "[cite_start]",
            "\\cite{1}",
            ":contentReference[oaicite:1]",
            "\ue200cite\ue2021\ue201",
            "①",
            "_",
            "^",
        ),
        *("0123456789" * 4, "Never tell anybody that the moon ", "over the staff room is ", "made of old chalk "),
    ]
)
TEXTS = st.lists(PARTS, max_size=30).map("".join) | st.text(st.characters(), max_size=100)


@given(text=TEXTS, cuts=st.lists(st.integers(0, 400)))
def test_the_division_of_an_answer_into_deltas_makes_no_difference(text: str, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    deltas = [text[start:end] for start, end in pairwise(edges)]
    undivided, divided = filtered([text])[1], filtered(deltas)[1]
    assert (undivided.content, undivided.citations) == (divided.content, divided.citations)


@given(st.lists(TEXTS, max_size=10))
def test_in_every_answer_each_reference_has_a_citation_and_each_quote_is_in_its_passage(deltas: list[str]) -> None:
    pieces, partial = filtered(deltas)
    listed = [citation.index for citation in partial.citations]
    assert len(listed) == len(set(listed))
    assert {int(number) for number in REFERENCE.findall(CODE.sub("", partial.content))} == set(listed)
    for citation in partial.citations:
        content = PASSAGES[citation.index - 1].content
        assert citation.chunk_id == PASSAGES[citation.index - 1].chunk_id
        assert citation.quote in content
        assert len(citation.quote.split()) >= 5
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", partial.content)
    assert partial.content == partial.content.strip()
    assert not any(isinstance(piece, Delta) and not piece.text for piece in pieces)


def test_a_quote_has_five_words_even_when_a_shorter_sentence_fits_the_claim() -> None:
    assert TRUST.count("Teams meet.") == 1
    partial = filtered(["Teams meet [1]."])[1]
    assert len(partial.citations[0].quote.split()) >= 5


@pytest.mark.parametrize("end", ["!", "\\", "<", "<s", "<su", "<sup"])
def test_a_character_that_may_begin_a_mark_may_be_a_delta_of_its_own(end: str) -> None:
    whole = f"Leaders build trust by telling the truth about results [1]. Trust grows {end} through small promises [1]."
    assert released(whole) == released(*whole) == whole


@pytest.mark.parametrize(
    "mark",
    [
        *(
            "[1]",
            "【1】",
            "【1†source】",
            "【1:0†source】",
            "［1］",
            "[^1]",
            "[[1]]",
            "[1](http://evil.example/a_(b))",
            "[ 1 ]",
        ),
        *(
            "[Source 1]",
            "[source: 1]",
            "[Passage 1]",
            "[Source 1, p. 4]",
            "[1, pp. 4-5]",
            "[cite: 1]",
            "[Ref. 1]",
            "[#1]",
        ),
        *(
            r"\[1\]",
            r"\[1]",
            "(Source 1)",
            "(Passage 1)",
            "(1)",
            "¹",
            "<sup>1</sup>",
            "<sup>[1]</sup>",
            '[1](http://evil.example "x")',
        ),
        *("^1", "^[1]", "^{1}", "$^{1}$", r"\cite{1}", r"\textsuperscript{1}", "{1}", "{{1}}", "{[1]}", "<1>", "<[1]>"),
        *("<cite>1</cite>", "<cite>[1]</cite>", '<ref id="1"/>', "<source>Passage 1</source>", '<a href="#1">1</a>'),
        *("<citation id='1'></citation>", "<sup><a href='#1'>1</a></sup>", "[[1]](#ref)", "①", "❶", "[¹]", "⁽¹⁾"),
        *(
            "〔1〕",
            "〖1〗",
            "⟦1⟧",
            "⟨1⟩",
            "「1」",
            "『Source 1』",
            "|1|",
            "*[1]*",
            "**[1]**",
            "_[1]_",
            "[**1**]",
            "(Source: 1)",
            "(see 1)",
            "(see [1])",
        ),
        *("(cf. [1])", "([1])", "(per Passage 1)", "[P1]", "[doc_1]", "[passage-1]", "[1:5]", "[1, lines 3-4]"),
        *("[cite_start][cite: 1]", ":contentReference[oaicite:1]{index=1}", "\ue200cite\ue202turn0search1\ue201"),
    ],
)
def test_every_style_of_citing_becomes_a_number_in_brackets(mark: str) -> None:
    for gap in (" ", ""):
        text = f"Trust grows through small promises{gap}{mark}. Leaders build trust by telling the truth. {mark}"
        for deltas in ([text], [*text]):
            content = released(*deltas)
            assert REFERENCE.findall(content) == ["1", "1"]
            assert REFERENCE.sub("", content).replace(" ", "") == (
                "Trustgrowsthroughsmallpromises.Leadersbuildtrustbytellingthetruth."
            )


@pytest.mark.parametrize(
    ("mark", "numbers"),
    [
        *(("[1 and 2]", "12"), ("[1—3]", "123"), ("[1–2]", "12"), ("[1;2]", "12"), ("[1 & 3]", "13"), ("[1/2]", "12")),
        *(("[1][2]", "12"), ("¹²", "12"), ("¹,²", "12"), ("[Sources 1 and 2]", "12"), ("[Source 1; Source 3]", "13")),
        *(("<cite>1, 2</cite>", "12"), ("^{1,2}", "12"), ("([1], [2])", "12"), ("**[1] [2]**", "12"), ("{1, 3}", "13")),
        *(("[1 to 3]", "123"), ("【1†a】【2†b】", "12"), ("(1, 2)", "12"), ("[1, 9]", "1"), ("[1 y 2]", "12")),
    ],
)
def test_a_mark_of_several_passages_becomes_a_reference_to_each(mark: str, numbers: str) -> None:
    assert REFERENCE.findall(released(*f"Trust grows through small promises {mark}.")) == [*numbers]


@pytest.mark.parametrize(
    "ending",
    [
        "\n\n[^1]: Learning Together, page 4\n[^2]: Another book",
        "\n\nSources:\n\n- [1] Learning Together\n- [2] Learning Together",
        "\n\n**References**\n1. Learning Together [1]\n",
        "\n\n### Sources used:\n[1] Trust grows through small promises",
        "\n\n[1]: http://evil.example",
        "\n\nFuentes: [1], [2]",
        *(
            "\n\n^1: Learning Together",
            "\n\n{1}: Learning Together",
            "\n\n¹ Learning Together",
            "\n^[1] Learning Together",
        ),
    ],
)
def test_footnotes_and_lists_of_sources_vanish(ending: str) -> None:
    assert_filtered(f"Trust grows through small promises [1].{ending}", "Trust grows through small promises [1].")


def test_text_after_a_list_of_sources_is_read_again() -> None:
    text = "Trust grows [1].\n\nSources:\n- [1] A book\n\nLeaders build trust by telling the truth [1]."
    assert released(*text) == "Trust grows [1].\n\nLeaders build trust by telling the truth [1]."


@pytest.mark.parametrize(
    "text",
    [
        "Trust grows through `promises[1]` kept over time [1].",
        "Trust grows through ``small ` promises[1]`` kept over time [1].",
    ],
)
def test_nothing_in_code_is_a_reference(text: str) -> None:
    assert_filtered(text, text, [passage(f"{TRUST} Promises[1] and promises[9] are small.")])


def test_a_block_of_code_is_left_as_it_is_and_cites_what_its_introduction_cites() -> None:
    block = "```python\nsmall = promises[1] and promises[9]\n```"
    content = released(
        *f"Trust grows [1]:\n\n{block}", passages=[passage(f"{TRUST} Promises[1] and promises[9] are small.")]
    )
    assert content == f"Trust grows [1]:\n\n{block}\n[1]"
    assert released(f"Trust grows [1]:\n\n{block}") == "Trust grows [1]:"


@pytest.mark.parametrize(
    "text",
    [
        "<co: 1>Trust grows through small promises</co: 1>.",
        "<co>Trust grows through small promises</co: 1>.",
        '<cite index="1-2">Trust grows through small promises</cite>.',
    ],
)
def test_the_numbers_of_tags_around_a_claim_come_after_it(text: str) -> None:
    assert_filtered(text, "Trust grows through small promises[1].")


@pytest.mark.parametrize(
    "text",
    [
        "Trust grows in x^2 and 10^{2} and {1} = {2} of a^{n+1} [1].",
        r"Trust grows in \frac{1}{2} and \sqrt{2}, x_{1} and the set {1, 2}. [1]",
        "Trust grows `x^1 {1} <1> ①` in a 5 meter^2 room [1].",
        "Trust < 5 and <b>grows</b> ^ here $5: a {b} [1].",
        "Trust grows when |1| = |-1| and |x| | y [1].",
        "Trust grows in 「small」 promises [1].",
    ],
)
def test_mathematics_and_other_markup_are_no_references(text: str) -> None:
    assert_filtered(text, text, [passage(f"{text} {TRUST}")])


@pytest.mark.parametrize("text", ["Trust grows (2019) in 10² schools of 5 m² [1].", "Trust grows (see below) [1]."])
def test_years_powers_and_remarks_are_no_references(text: str) -> None:
    assert_filtered(text, text, [passage(f"Trust grows since 2019 in 10² schools of 5 m². See below how. {TRUST}")])


def test_a_link_never_reaches_the_reader() -> None:
    text = "See [trust](http://evil.example/x) grow ![here](http://evil.example/p.png) [1](javascript:x)."
    assert_filtered(text, "See trust grow here [1].", [passage(f"{TRUST} See here.")])


@pytest.mark.slow
@pytest.mark.parametrize(
    "opening",
    [
        "[",
        "(",
        "![",
        "【",
        "`",
        "<sup>",
        "¹",
        "[1](",
        "[[",
        "(1",
        "^{",
        "{1",
        "<cite ",
        "<co>1",
        "<1",
        "|1",
        "|1|",
        "「1",
        "**[1]",
        "(see [1]",
        ":contentReference[",
        "```",
        "\n- ",
        "**",
        "\x01",
    ],
)
def test_hostile_marks_take_linear_time(opening: str) -> None:
    started = time.process_time()
    released(opening * 8000)
    released(*opening * 2000)
    assert time.process_time() - started < 8
