"""A conversation as text, Markdown and JSON: it is complete and in order, and no message can add markup."""

import re
from time import process_time

import msgspec
import pytest
from markdown_it import MarkdownIt

from plccoach_api.export.bibliography import page_ranges
from plccoach_api.export.json_file import write_json
from plccoach_api.export.texts import escape_markdown, write_markdown, write_plain_text
from plccoach_api.rules.messages import MessageStatus
from tests.export.conversations import HANDBOOK, answer, citation, header, in_pages, question, read_all


async def test_plain_text_holds_every_message_with_its_sources_and_a_bibliography() -> None:
    pages = in_pages(
        [question("What is a PLC?"), answer("A way of working. [1] It asks. [2]", citation(1), citation(2))],
        [question("And then?"), answer("More. [1]", citation(1, pages=(9, 9), chapter=None))],
    )
    text = (await read_all(write_plain_text(header(), pages))).decode()
    assert (
        text
        == f"""What is a PLC?

Begun 2026-09-01 08:30 UTC, last changed 2026-09-01 09:30 UTC, exported 2026-09-02 08:30 UTC.

--- You, 2026-09-01 08:30 UTC ---

What is a PLC?

--- The coach, 2026-09-01 08:30 UTC ---

A way of working. [1] It asks. [2]

Sources:

- [1] Mara Ellison and Tobias Okafor, “{HANDBOOK}”; chapter 1, What a PLC Is; pp. 1\u20132: \
“The four critical questions guide every team.”
- [2] Mara Ellison and Tobias Okafor, “{HANDBOOK}”; chapter 1, What a PLC Is; pp. 2\u20133: \
“The four critical questions guide every team.”

--- You, 2026-09-01 08:30 UTC ---

And then?

--- The coach, 2026-09-01 08:30 UTC ---

More. [1]

Sources:

- [1] Mara Ellison and Tobias Okafor, “{HANDBOOK}”; What a PLC Is; p. 9: \
“The four critical questions guide every team.”

--- Bibliography ---

- Mara Ellison and Tobias Okafor, “{HANDBOOK}”; pp. 1\u20133, 9.
"""
    )


async def test_markdown_has_headings_and_escapes_the_words_of_titles_and_messages() -> None:
    pages = in_pages([question("What is *a* PLC?"), answer("A way of working. [1]", citation(1))])
    text = (await read_all(write_markdown(header("# PLC"), pages))).decode()
    assert text.startswith("# \\# PLC\n")
    assert "\n## You, 2026-09-01 08:30 UTC\n\nWhat is \\*a\\* PLC?\n" in text
    assert "\n## The coach, 2026-09-01 08:30 UTC\n\nA way of working. [1]\n\nSources:\n\n- [1] Mara Ellison" in text
    assert "\n## Bibliography\n\n- Mara Ellison" in text


async def test_a_heading_of_an_answer_is_a_heading_in_markdown_and_a_plain_line_in_text() -> None:
    pages = [question("**Loud**\n\nquestion?"), answer("**Trust & [truth]**\n\nIt **grows**. [1]", citation(1))]
    markdown = (await read_all(write_markdown(header(), in_pages(pages)))).decode()
    assert "\n\n**Trust \\& \\[truth\\]**\n\nIt \\*\\*grows\\*\\*. [1]\n" in markdown
    assert "\n\n\\*\\*Loud\\*\\*\n\nquestion?\n" in markdown
    text = (await read_all(write_plain_text(header(), in_pages(pages)))).decode()
    assert "\n\nTrust & [truth]\n\nIt **grows**. [1]\n" in text
    assert "\n\n**Loud**\n\nquestion?\n" in text


async def test_a_conversation_without_messages_is_only_its_title() -> None:
    text = (await read_all(write_markdown(header("Empty"), in_pages([])))).decode()
    assert text.startswith("# Empty\n")
    assert "Bibliography" not in text


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (MessageStatus.generating, "still being answered"),
        (MessageStatus.stopped, "stopped before its end"),
        (MessageStatus.failed, "not answered"),
    ],
)
async def test_an_answer_that_is_not_complete_says_why(status: MessageStatus, reason: str) -> None:
    text = (await read_all(write_plain_text(header(), in_pages([answer("Half", status=status)])))).decode()
    assert f"({reason})" in text
    assert "Half" in text


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("# no heading", r"\# no heading"),
        ("  - no item", r"  \- no item"),
        ("> no quote", r"\> no quote"),
        ("---", r"\---"),
        ("===", r"\==="),
        ("```python\nx\n```", "\\`\\`\\`python\nx\n\\`\\`\\`"),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("**bold** _it_", r"\*\*bold\*\* \_it\_"),
        ("[link](javascript:x)", r"\[link\](javascript:x)"),
        ("cited [1] and [12]", "cited [1] and [12]"),
        ("a | b", r"a \| b"),
        ("1. one\n2. two", "1. one\n2. two"),
    ],
)
def test_words_do_not_become_markdown(words: str, written: str) -> None:
    assert escape_markdown(words) == written


@pytest.mark.parametrize(
    "words",
    [
        "    *no* code",
        "One.\n\n\t*no* code\n \t *still* none",
        "1.      *no* code",
        "2) 1.\t\t*no* code",
        "1. # no heading",
        "2. 1) - no item",
        "See [1](https://example.org)",
        "[1]: https://example.org\n\nSee [1].",
        "One.\r# no heading\r\r    *no* code\r\n---",
    ],
)
def test_words_are_text_however_they_stand_in_their_lines(words: str) -> None:
    tokens = MarkdownIt().parse(escape_markdown(words))
    assert {token.type.removesuffix("_open") for token in tokens if token.nesting >= 0} <= {
        "paragraph",
        "inline",
        "ordered_list",
        "list_item",
    }
    pieces = [piece for token in tokens for piece in token.children or ()]
    assert {piece.type for piece in pieces} <= {"text", "text_special", "softbreak"}
    shown = " ".join(piece.content for piece in pieces if piece.type != "softbreak")
    assert shown.split() == re.sub(r"\d[.)]", "", words).split()


def test_many_empty_lines_are_escaped_in_linear_time() -> None:
    started = process_time()
    escape_markdown("\n" * 200_000 + " \t" * 100_000 + "\n" + "1. " * 100_000)
    assert process_time() - started < 1


async def test_json_contains_the_messages_as_the_api_returns_them() -> None:
    messages = [question("What is a PLC?"), answer("A way. [1]", citation(1, product_url="javascript:alert(1)"))]
    document = msgspec.json.decode(await read_all(write_json(header(), in_pages(messages[:1], messages[1:]))))
    assert list(document) == ["title", "created_at", "updated_at", "exported_at", "messages", "bibliography"]
    assert document["messages"] == msgspec.json.decode(msgspec.json.encode(messages))
    [work] = document["bibliography"]
    assert work == {
        "title": HANDBOOK,
        "authors": ["Mara Ellison", "Tobias Okafor"],
        "pages": [1, 2],
        "product_url": None,
    }


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [([3], "p. 3"), ([3, 4], "pp. 3\u20134"), ([1, 2, 3, 7, 9, 10], "pp. 1\u20133, 7, 9\u201310")],
)
def test_consecutive_pages_are_joined(numbers: list[int], shown: str) -> None:
    assert page_ranges(numbers) == shown
