"""The filter of thoughts, with every mark that models are known to put around them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.coach.llm.thoughts import Reset, ThoughtFilter


def shown(*deltas: str, unopened: bool | None = False, cut: bool = False) -> str:
    thoughts, text = ThoughtFilter(unopened=unopened), ""
    for piece in [*(piece for delta in deltas for piece in thoughts.feed(delta)), *thoughts.finish(cut=cut)]:
        text = "" if isinstance(piece, Reset) else text + piece
    return text


def assert_shown(text: str, expected: str) -> None:
    """The text is fed as one delta, and again character by character."""
    assert shown(text) == expected
    assert shown(*text) == expected


@pytest.mark.parametrize(
    "thought",
    [
        "<think>hidden</think>",
        "<think>\nhidden\n</think>",
        "<THINK>hidden</THINK>",
        "<thinking>hidden</thinking >",
        "<thought>hidden</thought>",
        '<reasoning effort="low">hidden</reasoning>',
        "<scratchpad>hidden</scratchpad>",
        "<seed:think>hidden</seed:think>",
        "[THINK]hidden[/THINK]",
        "◁think▷hidden◁/think▷",
        "<|START_THINKING|>hidden<|END_THINKING|>",
        "<|begin_of_thought|>hidden<|end_of_thought|>",
        "<|think|>hidden<|/think|>",
        "<analysis>hidden</analysis>",
        "<longcat_think>hidden</longcat_think>",
        "<inner_thoughts>hidden</inner_thoughts>",
        "<think_fast>hidden</think_fast>",
        "<rationale>hidden</rationale>",
        "<|inner_prefix|>hidden<|inner_suffix|>",
        "<|start_of_thinking|>hidden<|end_of_thinking|>",
        "<|thinking_start|>hidden<|thinking_end|>",
        "<|begin▁of▁thought|>hidden<|end▁of▁thought|>",
        "<unused94>thought hidden<unused95>",
        "[THOUGHT]hidden[/THOUGHT]",
        "<thought_process>hidden</thought_process>",
        "<|channel>thought hidden<channel|>",
        "<think>hidden `</think>` hidden</think>",
        "<think>hidden, the </think> tag ends it</think>",
    ],
)
def test_a_marked_thought_is_left_out(thought: str) -> None:
    assert_shown(f"{thought}Trust [1].", "Trust [1].")
    assert_shown(f"\n{thought}Trust [1]. <think>x</think>More", "\nTrust [1]. More")


@pytest.mark.parametrize(
    "beginning",
    [
        "hidden</think>",
        "hidden [1].\n</think>",
        "hidden\n```py\nx</think>",
        "<think>a</think>hidden</think>",
        "<think>hidden<think>b</think>hidden</think>",
        "hidden<|end|><|start|>assistant<|channel|>final<|message|>",
        "<|channel|>analysis<|message|>hidden<|end|><|start|>assistant<|channel|>final<|message|>",
        "<|start|>assistant<|channel|>commentary to=x<|message|>hidden<|call|>",
        "analysis<|message|>hidden<|end|><|start|>assistant<|channel|>final<|message|>",
        "analysisWe hide thisassistantfinal",
        "Here is my thought process: hidden. Here is my response:",
        "Here's my thought process:\nhidden\n\nHere's my response:",
        "<planning>hidden</planning>",
        "<ponder depth='2'>\nhidden [1].\n</ponder>",
        "hidden [1].\n</pondering>",
        "hidden <b>x</b> <i>y</i>\n</musing>",
    ],
)
def test_thoughts_at_the_beginning_are_left_out_or_taken_back(beginning: str) -> None:
    assert_shown(f"{beginning}Trust [1].", "Trust [1].")


@pytest.mark.parametrize("text", ["Trust <think>hidden", "Trust [THINK]hidden", "Trust <thought>"])
def test_a_thought_without_an_end_is_left_out(text: str) -> None:
    assert_shown(text, "Trust ")


@pytest.mark.parametrize(
    "text",
    [
        "Models use `<think>` and `</think>`.",
        "The <think> tag is odd, and so is the </think> tag.",
        "The tags <think> and </think> are odd.",
        'They write "<think>" first.',
        "```xml\n<think>x</think>\n```\nEnd",
        "~~~\n<think>\n</think>\n~~~\n",
        "A <b>bold</b> [link](x) [think about it] 3 < 4 <- <",
        "analysis of data [1]",
        "Analysis",
        "I think>so </thin",
        "<thinker>x</thinker>",
        "<output_text>Trust [1].</output_text>",
        "Trust [1].\n</output_text>\n",
        "<p>Trust</p> <ul>\n<li>grows</li>\n</ul>\nslowly",
        "Trust <term>grows\n</term>\nslowly",
        "Trust grows.\n</passage-0a1b>\nMore",
    ],
)
def test_text_about_tags_and_other_marks_stays(text: str) -> None:
    assert_shown(text, text)


def test_an_inline_code_before_a_thought_does_not_show_it() -> None:
    assert_shown("`code`<think>hidden</think>Trust", "`code`Trust")


@pytest.mark.parametrize(
    "text", ["Its text is `<motto>Trust</motto>`.", "`<motto>` and\n`<b>x</b> Trust</motto>`\nMore"]
)
def test_an_unknown_tag_in_inline_code_is_text(text: str) -> None:
    assert shown(text, unopened=None) == shown(*text, unopened=None) == text


def test_tags_around_the_answer_are_left_out_but_not_in_code() -> None:
    assert_shown("<think>hidden</think><answer>Trust [1].</answer>", "Trust [1].")
    assert_shown("Trust `<answer>` [1].\n```\n<answer>\n```\n", "Trust `<answer>` [1].\n```\n<answer>\n```\n")


def test_marks_of_a_template_are_left_out() -> None:
    assert_shown("<|im_start|>Trust [1].<|im_end|><｜end▁of▁sentence｜>", "Trust [1].")


def test_text_is_withheld_when_the_model_is_known_to_mark_only_the_end_of_its_thoughts() -> None:
    thoughts = ThoughtFilter(unopened=True)
    assert thoughts.feed("hidden <think> hidden [1]. ") == []
    assert thoughts.feed("</think>" + "Trust [1]. " * 3) == ["Trust [1]. " * 3]
    assert thoughts.feed("More") == ["More"]
    assert thoughts.unopened is True


@pytest.mark.parametrize(("cut", "expected"), [(False, "Trust [1]."), (True, "")])
def test_withheld_text_without_an_end_is_shown_unless_the_model_reached_its_limit(*, cut: bool, expected: str) -> None:
    assert shown("Trust [1].", unopened=True, cut=cut) == expected


def test_withheld_text_is_shown_as_soon_as_the_thoughts_come_beside_the_content() -> None:
    thoughts = ThoughtFilter(unopened=True)
    thoughts.feed("Trust ")
    assert thoughts.release() == ["Trust "]
    assert thoughts.feed("grows") == ["grows"]
    assert thoughts.unopened is False


def test_the_first_text_of_an_unknown_model_is_withheld_unless_it_begins_like_an_answer() -> None:
    for beginning in (
        "Trust grows [1]. Leaders build trust.",
        "## Trust\n\nTrust grows. [1] More.",
        "Trust grows.¹ More.",
    ):
        thoughts = ThoughtFilter(unopened=None)
        assert "".join(map(str, thoughts.feed(f"{beginning} And so on, with more.")))
    for beginning in (
        "Okay, the user asks about trust [1]. So",
        "Trust grows. Leaders build trust.",
        "Let me see [2].",
    ):
        thoughts = ThoughtFilter(unopened=None)
        assert thoughts.feed(f"{beginning} It says that trust grows [1].\n" * 3) == []
        assert shown(*beginning, "\n</think>Trust [1].", unopened=None) == "Trust [1]."
        assert shown(beginning, unopened=None) == beginning


def test_an_unknown_model_is_known_after_its_first_text() -> None:
    for text, unopened in (
        ("Trust grows [1].", False),
        ("hidden</think>Trust", True),
        ("<think>hidden</think>a", False),
    ):
        thoughts = ThoughtFilter(unopened=None)
        thoughts.feed(text)
        thoughts.finish()
        assert thoughts.unopened is unopened


def test_text_without_marks_is_not_delayed() -> None:
    thoughts = ThoughtFilter()
    assert [thoughts.feed(delta) for delta in ("Trust ", "grows [1", "] and", " more")] == [
        ["Trust "],
        ["grows [1"],
        ["] and"],
        [" more"],
    ]


PARTS = st.sampled_from(
    [
        *("<think>", "</think>", "<thinking>", "</thinking>", "[THINK]", "[/THINK]", "◁think▷", "◁/think▷", "`", "```"),
        *("<|channel|>", "<|message|>", "<|start|>", "<|end|>", "analysis", "final", "assistant", "assistantfinal"),
        *(
            "<|im_end|>",
            "<seed:think>",
            "<reasoning x='1'>",
            "<ponder>",
            "</ponder>",
            "<p>",
            "</p>",
            "Here is my thought process:",
            "Here is my response:",
            "<|inner_prefix|>",
            "Okay, so. ",
            " tag",
            " and ",
            "\n",
            "Trust [1].",
            '"',
            "<",
            ">",
            "[",
            "x",
        ),
    ]
)
TEXTS = st.lists(PARTS, max_size=25).map("".join) | st.text(st.characters(), max_size=60)


@given(text=TEXTS, cuts=st.lists(st.integers(0, 300)), unopened=st.none() | st.booleans(), cut=st.booleans())
def test_the_division_into_deltas_makes_no_difference(
    text: str, cuts: list[int], *, unopened: bool | None, cut: bool
) -> None:
    edges = sorted({0, len(text), *(each for each in cuts if each < len(text))})
    deltas = [text[start:end] for start, end in pairwise(edges)]
    assert shown(*deltas, unopened=unopened, cut=cut) == shown(text, unopened=unopened, cut=cut)
