"""Examples for the relevance model: questions to corpora of several sizes, with the features of their results.

The corpora are the sample handbook, the evaluation's library and any folder in its layout, each as a whole and in
parts. A question whose answer is in no book of a part is left out: another book may still say enough about it.
"""

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from plccoach_api import resources, settings
from plccoach_api.coach.retrieval.passages import search
from plccoach_api.coach.retrieval.topicality import topicality_of
from plccoach_api.corpus.ingest import ingest
from plccoach_api.database import embedded, migrations
from plccoach_api.database.pool import Database
from plccoach_api.embedding.local import LOCAL
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.relevance import features
from tests.coach.retrieval.questions import ANSWERABLE, UNANSWERABLE
from tests.tools.eval import cases, questions
from tests.tools.eval.asking import contains
from tests.tools.eval.cases import Case, Cases, Half
from tests.tools.eval.library import compose

_UNANSWERABLE = Path(__file__).with_name("unanswerable.toml")
_CASES = Path(cases.__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Some books and the questions about them. The parts of a corpus have its name."""

    name: str
    books: Sequence[Path]
    questions: Cases


class _Unanswerable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    corpus: str
    half: Half
    kind: str
    features: Mapping[str, float]

    @property
    def answered(self) -> bool:
        return self.kind == "in_scope"


def own_corpora(folder: Path) -> list[Corpus]:
    """Returns the corpora of this repository; writes the books of the library into the folder."""
    handbook = Corpus("handbook", sorted(resources.SAMPLE_CORPUS.glob("*.md")), _about_handbook())
    return [handbook, *_with_parts("library", compose.write(folder), _CASES / "library.toml")]


def corpora_of(folder: Path) -> list[Corpus]:
    """Returns the corpora of FOLDER/books with FOLDER/questions.toml."""
    return _with_parts(folder.name, sorted((folder / "books").iterdir()), folder / "questions.toml")


def _with_parts(name: str, books: Sequence[Path], questions_file: Path) -> list[Corpus]:
    about = cases.load(questions_file)
    return [Corpus(name, books, about), Corpus(name, books[::2], about), Corpus(name, books[1::4], about)]


def _about_handbook() -> Cases:
    """Returns the cases of the handbook together with the older questions."""
    older = [each for each in questions.load() if not each.vague]
    about = cases.load(_CASES / "handbook.toml")
    in_scope = [Case(text=each.text, answers=each.answers) for each in older if each.answers]
    in_scope += [Case(text=text) for text in ANSWERABLE]
    off_topic = [Case(text=each.text) for each in older if each.out_of_scope]
    off_topic += [Case(text=text) for text in UNANSWERABLE]
    return Cases(
        in_scope=(*about.in_scope, *in_scope),
        off_topic=(*about.off_topic, *off_topic),
        near_miss=about.near_miss,
        follow_up=(),
        spanish=(),
        look_up=(),
    )


async def examples_of(corpus: Corpus) -> list[Example]:
    """Loads the corpus into a database of its own and asks every question."""
    with tempfile.TemporaryDirectory(prefix="plcrelevance") as folder, embedded.running(Path(folder)) as url:
        migrations.upgrade(url)
        await ingest(url, corpus.books, LOCAL)
        database = Database(settings.load({"DATABASE_URL": url}, None))
        await database.open()
        try:
            return [each async for each in _asked(database, corpus)]
        finally:
            await database.close()


async def _asked(database: Database, corpus: Corpus) -> AsyncIterator[Example]:
    text = "\n".join(path.read_text("utf-8") for path in corpus.books)
    about = corpus.questions
    unanswerable = msgspec.toml.decode(_UNANSWERABLE.read_bytes(), type=_Unanswerable)
    kinds: Mapping[str, Sequence[Case]] = {
        "in_scope": about.in_scope,
        "off_topic": about.off_topic,
        "near_miss": about.near_miss,
        "long": [Case(text=text) for text in unanswerable.questions],
    }
    for kind, asked in kinds.items():
        for case in asked:
            if case.answers and not contains(text, case.answers):
                continue
            passages: list[Passage] = await search(database, case.text, embedder=LOCAL)
            if passages:
                yield Example(
                    corpus.name, case.half, kind, features(passages, await topicality_of(case.text, passages))
                )
