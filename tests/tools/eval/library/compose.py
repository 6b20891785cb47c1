"""Writes the library: the books of the second corpus, about a thousand passages.

The facts of `facts/*.toml`, which answer the questions, are written by hand. The text around them is composed of the
sentences in `phrases.toml`, always the same text. It has what a search in real books must cope with: passages that
mention a topic and say nothing about it, stories, objections, lists, tables, questions, captions and references. Some
books have a few long chapters, the others many short ones; half of them have pages.
"""

import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

_FOLDER = Path(__file__).parent
_SLOT = re.compile(r"\{(\w+)\}")
_NOT_A_NAME = re.compile(r"[^a-z]+")
# A page of a book with pages has this many blocks of text.
_BLOCKS_OF_PAGE = 6


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    term: str
    words: tuple[str, ...]
    facts: tuple[str, str, str, str]

    @property
    def title(self) -> str:
        return self.term[0].upper() + self.term[1:]


class Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    author: str
    has_pages: bool
    has_long_chapters: bool
    topics: tuple[Topic, ...]


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: Mapping[str, tuple[str, ...]]
    sentences: Mapping[str, tuple[str, ...]]


def load_books() -> list[Book]:
    return [msgspec.toml.decode(path.read_bytes(), type=Book) for path in sorted((_FOLDER / "facts").glob("*.toml"))]


def write(folder: Path) -> list[Path]:
    """Writes each book as a Markdown file, and returns the files."""
    books = load_books()
    phrases = msgspec.toml.decode((_FOLDER / "phrases.toml").read_bytes(), type=Phrases)
    everything = [topic for book in books for topic in book.topics]
    paths = []
    for book in books:
        path = folder / f"{_NOT_A_NAME.sub('-', book.title.lower())}.md"
        path.write_text(_Writer(phrases, everything, random.Random(book.title)).book(book), "utf-8")
        paths.append(path)
    return paths


class _Writer:
    """Composes one book. The random numbers depend on its title only, so a new book leaves the others as they are."""

    def __init__(self, phrases: Phrases, topics: Sequence[Topic], rng: random.Random) -> None:
        self._phrases = phrases
        self._topics = topics
        self._rng = rng

    def book(self, book: Book) -> str:
        blocks = [f"---\ntitle: {book.title}\nauthor: {book.author}\n---"]
        for number, topic in enumerate(book.topics, start=1):
            blocks += [f"# Chapter {number}: {topic.title}"] if book.has_long_chapters else []
            for title, section in self._sections(topic):
                blocks += [f"## {title}" if book.has_long_chapters else f"# {topic.title}: {title}", *section]
        return "\n\n".join(_with_pages(blocks) if book.has_pages else blocks) + "\n"

    def _sections(self, topic: Topic) -> list[tuple[str, list[str]]]:
        """Puts the facts into two sections. The other six mention the topic and have no fact."""
        opening = self._sentences(topic, "opening", 1)
        return [
            ("The idea", [" ".join([*opening, *self._around(topic, topic.facts[:2])]), self._musing(topic)]),
            ("A report from the field", self._story(topic)),
            ("In practice", [*self._steps(topic), " ".join(self._around(topic, topic.facts[2:]))]),
            ("Doubts", [self._objections(topic), self._musing(topic)]),
            ("To think about", self._apparatus(topic)),
            ("Another school", [*self._story(topic), self._musing(topic)]),
            ("Letters", [self._musing(topic), *self._story(topic)]),
            ("A reading group", [*self._story(topic), self._objections(topic)]),
        ]

    def _around(self, topic: Topic, facts: Sequence[str]) -> list[str]:
        """Puts facts that belong together between other sentences, as a book explains its topic in a paragraph."""
        others = self._sentences(topic, "elaboration", 3)
        place = self._rng.randrange(len(others))
        return [*others[:place], *facts, *others[place:]]

    def _musing(self, topic: Topic) -> str:
        return " ".join(self._sentences(topic, "elaboration", 4))

    def _story(self, topic: Topic) -> list[str]:
        return [" ".join(self._sentences(topic, "story", 4)), " ".join(self._sentences(topic, "story", 3))]

    def _objections(self, topic: Topic) -> str:
        return " ".join(self._sentences(topic, "objection", 4))

    def _steps(self, topic: Topic) -> list[str]:
        steps = "\n".join(f"- {step}" for step in self._sentences(topic, "step", 4))
        return [f"Those who begin with {topic.term} may take these steps:", steps]

    def _apparatus(self, topic: Topic) -> list[str]:
        """Writes the things at the end of a chapter: a table, a caption, questions and references."""
        rows = [f"| {self._fill('{number}', topic)} | {each} |" for each in self._sentences(topic, "step", 3)]
        questions = enumerate(self._sentences(topic, "question", 3), start=1)
        return [
            self._musing(topic),
            "\n".join(["| Week | Task |", "|---|---|", *rows]),
            self._sentences(topic, "caption", 1)[0],
            "\n".join(f"{number}. {question}" for number, question in questions),
            "\n".join(f"- {reference}" for reference in self._sentences(topic, "reference", 2)),
        ]

    def _sentences(self, topic: Topic, kind: str, count: int) -> list[str]:
        return [self._fill(each, topic) for each in self._rng.sample(self._phrases.sentences[kind], count)]

    def _fill(self, sentence: str, topic: Topic) -> str:
        other = self._rng.choice([each for each in self._topics if each is not topic])
        word, word2 = self._rng.sample(topic.words, 2)
        slots = {"term": topic.term, "word": word, "word2": word2, "other": other.term}
        slots["far"] = self._rng.choice(other.words)
        filled = _SLOT.sub(lambda slot: slots.get(slot[1]) or self._rng.choice(self._phrases.words[slot[1]]), sentence)
        return filled[0].upper() + filled[1:]


def _with_pages(blocks: Sequence[str]) -> list[str]:
    front, *text = blocks
    paged = [front]
    for index, block in enumerate(text):
        if index % _BLOCKS_OF_PAGE == 0:
            paged.append(f"<!-- page {index // _BLOCKS_OF_PAGE + 1} -->")
        paged.append(block)
    return paged
