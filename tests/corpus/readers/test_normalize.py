"""The normal form of a text, and the words that a line end divides."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.corpus.book import PageStart, Paragraph
from plccoach_api.corpus.readers.normalize import (
    count_undecoded,
    find_vocabulary,
    join_line_paragraphs,
    join_lines,
    normalize,
    normalize_paragraph,
)

MARKS = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0301e\u0308o\u00e9\ufb01\ufb03"
MARKS += "\u200e\u0300U\u2011\u00a0\u0092\x01\ue001\n (cid:1)\u0628a1\u2028\r"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Re\ufb02ective teams de\ufb01ne pro\ufb01ciency", "Reflective teams define proficiency"),
        ("o\ufb00er su\ufb03cient ba\ufb04e \ufb05 \ufb06", "offer sufficient baffle st st"),
        ("collabo\u00ad ration and co\u00adoperation", "collaboration and cooperation"),
        ("high\u2010quality, co\u2011teach", "high-quality, co-teach"),
        ("e\u0301lite", "\u00e9lite"),
        ("a\u200bb\ufeffc\u2060d", "abcd"),
        ("sh\u200celf", "shelf"),
        ("\u200eteam\u200f \u200cmeets\u200d. \u061cIt\u2063s\u115f end\u200d", "team meets. Its end"),
        ("\U0001f469\u200d\U0001f3eb teaches", "\U0001f469\u200d\U0001f3eb teaches"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("page\u00a012\u202fm\u2003x\ty", "page 12 m x y"),
        ("a\x00b\x07c\x7f", "abc"),
        ("team\u0092s \u0093goal\u0094", "team\u2019s \u201cgoal\u201d"),
        ("\uf0b7 norms \ue123 goals", "\u2022 norms  goals"),
        ("\u20ac\u200c\ue000", "\u20ac"),
        ("An E(cid:1)cient team", "An team"),
        ("An e(CID:12)cient <cid:3>rst team o[cid:45]er.", "An team "),
        ("a \u017fong of pa\u017ft days", "a song of past days"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("Plain words stay.", "Plain words stay."),
    ],
)
def test_a_text_has_one_form(text: str, expected: str) -> None:
    assert normalize(text) == expected


def test_a_word_with_a_glyph_without_a_letter_is_left_out_and_counted() -> None:
    text = "An E(cid:1)cient team pro\ue001cient in it \ue002"
    assert normalize(text) == "An team in it "
    assert count_undecoded(text) == len("E(cid:1)cient") + len("pro\ue001cient")
    assert count_undecoded("An efficient team \uf0b7") == 0


@given(st.text() | st.text(alphabet=st.sampled_from(MARKS)))
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "(cid:1)" not in once
    assert count_undecoded(once) == 0


@given(st.text(alphabet=st.sampled_from(MARKS), max_size=60), st.lists(st.integers(0, 60), max_size=4))
def test_the_pages_of_a_normalised_paragraph_stay_in_its_text(text: str, offsets: list[int]) -> None:
    starts = tuple(PageStart(min(at, len(text)), page) for page, at in enumerate(sorted(offsets), 1))
    paragraph = normalize_paragraph(Paragraph(text, starts))
    assert paragraph.text == normalize(text)
    assert [each.page for each in paragraph.page_starts] == [each.page for each in starts]
    places = [each.offset for each in paragraph.page_starts]
    assert places == sorted(places)
    assert all(0 <= at <= len(paragraph.text) for at in places)


def test_a_page_moves_with_the_text_before_it() -> None:
    text = "De\ufb01ne a\u00ad\n\ufb03x. Next page."
    paragraph = normalize_paragraph(Paragraph(text, (PageStart(0, 3), PageStart(text.index("Next"), 4))))
    assert paragraph == Paragraph("Define affix. Next page.", (PageStart(0, 3), PageStart(14, 4)))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["a collab-", "oration"], "a collaboration"),
        (["of high-", "quality work"], "of high-quality work"),
        (["of unknown-", "quality work"], "of unknown-quality work"),
        (["an unbe-", "lievable work"], "an unbelievable work"),
        (["collabo\u00ad", "ration"], "collaboration"),
        (["commu\u2010", "nity"], "community"),
        (["the Anglo-", "Saxon"], "the Anglo-Saxon"),
        (["2019-", "2020"], "2019-2020"),
        (["2019\u2013", "2020"], "2019\u20132020"),
        (["an e-", "mail and an X-", "ray"], "an e-mail and an X-ray"),
        (["the well-", "known self-", "study"], "the well-known self-study"),
        (["well-", "ness of a self-", "ish"], "wellness of a selfish"),
        (["pre-", "and post-test"], "pre- and post-test"),
        (["state-of-the-", "art"], "state-of-the-art"),
        (["a dash -", "here"], "a dash - here"),
        (["one", "", " two "], "one two"),
        ([], ""),
    ],
)
def test_wrapped_lines_are_joined_with_the_words_of_the_book(lines: list[str], expected: str) -> None:
    vocabulary = find_vocabulary(["Our collaboration is of high-quality.", "community"])
    assert join_lines(lines, vocabulary) == expected


def test_a_word_that_a_line_end_divides_is_not_in_the_vocabulary() -> None:
    assert find_vocabulary(["A High-", "quality team", "is high\u2010quality"]) == {
        "a",
        "team",
        "is",
        "high-quality",
        "-quality",
    }


def test_joined_lines_keep_their_pages() -> None:
    lines = [Paragraph.on("a commu-", 1), Paragraph.on("nity of", 2), Paragraph.on("teams", 2)]
    assert join_line_paragraphs(lines, {"community"}) == Paragraph(
        "a community of teams", (PageStart(0, 1), PageStart(7, 2))
    )


@pytest.mark.slow
def test_a_long_text_is_normalised_in_linear_time() -> None:
    for text in (
        "\u00ad" * 300_000,
        "x" * 300_000 + "\ue001",
        "a\u200c" * 150_000,
        "(cid:" * 60_000,
        "e\u0301 " * 100_000,
    ):
        normalize(text)
    assert len(join_lines(["ab-"] * 50_000, frozenset())) == 2 * 50_000 + 1
