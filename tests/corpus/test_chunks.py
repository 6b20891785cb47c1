"""Books are cut into chunks of 500 to 1,000 tokens."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plccoach_api import resources
from plccoach_api.corpus.book import Book, Chapter, Paragraph
from plccoach_api.corpus.chunks import LEAST, MOST, Chunk, split
from plccoach_api.corpus.readers.read import read
from plccoach_api.embedding.local import count_tokens


def book_of(*chapters: list[str]) -> Book:
    return Book("T", (), None, tuple(Chapter(None, "", tuple(Paragraph(text) for text in texts)) for texts in chapters))


def words(number: int, word: str = "word") -> str:
    """Returns a paragraph of short sentences with about that number of words."""
    sentences = [f"Here {word} {index} stands. " for index in range(number // 4)]
    return "".join(sentences).strip()


def chunks_of(book: Book) -> list[Chunk]:
    return list(split(book, count_tokens))


def is_whole(paragraph: str, chunks: list[Chunk]) -> bool:
    return any(paragraph in chunk.content for chunk in chunks)


def test_short_chapters_make_short_chunks_and_none_crosses_a_chapter() -> None:
    chunks = chunks_of(book_of(["First."], ["Second.", "Third."]))
    assert [(chunk.chapter, chunk.content) for chunk in chunks] == [(0, "First."), (1, "Second.\n\nThird.")]


def test_a_long_chapter_becomes_chunks_of_500_to_1000_tokens_without_losing_a_paragraph() -> None:
    paragraphs = [words(120, f"p{number}") for number in range(20)]
    chunks = chunks_of(book_of(paragraphs))
    assert len(chunks) > 3
    assert all(is_whole(paragraph, chunks) for paragraph in paragraphs)
    assert all(LEAST <= chunk.tokens <= MOST for chunk in chunks)


def test_neighbours_share_about_a_hundred_tokens_of_whole_sentences() -> None:
    chunks = chunks_of(book_of([words(160, f"p{number}") for number in range(20)]))
    assert len(chunks) > 2
    for before, after in pairwise(chunks):
        shared, _, _ = after.content.partition("\n\n")
        assert before.content.endswith(shared)
        assert 60 <= count_tokens(shared) <= 100
        assert shared.startswith("Here")


def test_a_heading_stays_with_its_text_and_a_list_with_its_introduction() -> None:
    texts = [text for number in range(12) for text in (f"### Section {number}", words(150), "A list:", f"- {number}.")]
    chunks = chunks_of(book_of(texts))
    assert len(chunks) > 2
    assert not any(chunk.content.splitlines()[-1].startswith("#") for chunk in chunks)
    assert all(any(f"A list:\n\n- {number}." in chunk.content for chunk in chunks) for number in range(12))


@pytest.mark.parametrize("text", [words(3000), "word " * 3000, "\n".join(f"- {words(40)}" for _ in range(60))])
def test_a_paragraph_longer_than_a_chunk_is_cut_and_keeps_its_words(text: str) -> None:
    chunks = chunks_of(book_of([text]))
    assert len(chunks) > 2
    assert all(chunk.tokens <= MOST for chunk in chunks)
    assert {*re.findall(r"\w+", text)} == {*re.findall(r"\w+", " ".join(chunk.content for chunk in chunks))}


def pages(chunk: Chunk) -> list[int]:
    return [each.page for each in chunk.page_starts]


def test_a_chunk_has_the_pages_of_its_paragraphs_at_their_offsets() -> None:
    paragraphs = tuple(Paragraph.on(words(200, f"p{page}"), page) for page in range(1, 12))
    chunks = chunks_of(Book("T", (), None, (Chapter(1, "C", paragraphs),)))
    assert (pages(chunks[0])[0], pages(chunks[-1])[-1]) == (1, 11)
    for chunk in chunks:
        ends = [*(start.offset for start in chunk.page_starts[1:]), len(chunk.content)]
        for start, end in zip(chunk.page_starts, ends, strict=True):
            assert {*re.findall(r"\bp(\d+)\b", chunk.content[start.offset : end])} == {str(start.page)}


@settings(max_examples=40)
@given(st.lists(st.one_of(st.integers(1, 900), st.just(-1)), max_size=30))
def test_for_paragraphs_of_any_length_no_chunk_is_too_long_and_no_paragraph_is_lost(lengths: list[int]) -> None:
    texts = [
        f"### Heading {index}" if length < 0 else words(max(4, length), f"w{index}")
        for index, length in enumerate(lengths)
    ]
    chunks = chunks_of(book_of(texts))
    assert all(chunk.tokens <= MOST for chunk in chunks)
    assert all(is_whole(text, chunks) for text in texts if count_tokens(text) < MOST - 100)


def test_the_chunks_of_the_sample_handbook_have_500_to_1000_tokens() -> None:
    [path] = resources.SAMPLE_CORPUS.glob("*.md")
    chunks = chunks_of(read(path))
    assert len(chunks) >= 35
    assert all(LEAST <= chunk.tokens <= MOST for chunk in chunks)
    assert all(pages(chunk) and pages(chunk)[-1] - pages(chunk)[0] <= 2 for chunk in chunks)
