"""Tells headings without text, such as those of parts, from text in large type, such as a motto."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from plccoach_api.corpus.book import Chapter, Paragraph

_MOST_TITLE_CHARACTERS = 100


def with_large_type(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Moves headings that are in truth text in large type to the chapter after them, or to the last one."""
    kept: list[Chapter] = []
    bare: list[Chapter] = []
    for chapter in chapters:
        if chapter.title and not chapter.paragraphs:
            bare.append(chapter)
            continue
        if _are_text(bare):
            chapter = replace(chapter, paragraphs=(*_headings(bare), *chapter.paragraphs))  # noqa: PLW2901 - the same one
        else:
            kept += bare
        kept.append(chapter)
        bare = []
    if kept and _are_text(bare):
        kept[-1] = replace(kept[-1], paragraphs=(*kept[-1].paragraphs, *_headings(bare)))
        bare = []
    return [*kept, *bare]


def _are_text(headings: Sequence[Chapter]) -> bool:
    return len(headings) > 1 or any(len(each.title) > _MOST_TITLE_CHARACTERS for each in headings)


def _headings(chapters: Sequence[Chapter]) -> Iterator[Paragraph]:
    for each in chapters:
        yield Paragraph(f"### {each.title}")
