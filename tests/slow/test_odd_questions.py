"""Questions that nobody would write are answered or refused like any other: the words of a question fail nothing."""

import random
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from plccoach_api import settings
from plccoach_api.coach.answer import Answer, Turn, final_answer
from plccoach_api.coach.engine import extractive_engine
from plccoach_api.coach.pipeline import respond
from plccoach_api.database.pool import Database
from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.messages import MessageRole
from plccoach_api.rules.references import references
from tests.books import ingest_trusted

_QUESTIONS = 1000
_FORMS = (
    "What is {}, and what do we do {}?",
    "{} vs. {}",
    "Compare {} with {}, and with {}",
    "What does {} say about {}?",
    "summarize chapter {}",
    "What is on page {}?",
    "explain the {} one",
    "Who wrote {}?",
    "How many {} per {}?",
    "What does {} stand for?",
    "¿Qué es {} y {}?",
    "First {}, then {}",
    "{} {} {} {} {} {} {} {}",
)
_VOCABULARY = (
    "what who how is do the a of and or not before after during each other same first second last next 0 1 9 504 1899 "
    "II iv chapter page pages p. pp. § book section part author assessment norms goals PLC RTI tier data protocol team "
    "student meeting trust arrive door hi thanks ok yes more less shorter list qué es capítulo el la"
)
_WORDS = _VOCABULARY.split()
_MARKS = ("?", "!", "...", "-", "—", "(", ")", "[1]", "`", "```", "\n\n", "#", "|", "\\", "%", "§", "¿", "…", "\u200b")
_SCRIPTS = ("漢字", "العربية", "हिन्दी", "😀", "Ω", "İ", "ﬁ", "é", "x" * 40)
_BOOKS = {
    "rules.txt": "Staff arrive before eight. The door is closed at nine.\n\nNobody leaves before the bell, says § 12.",
    "numbers.txt": "12 34 56 78\n\n90 12 33 44 55",
}


@pytest.fixture
async def database(database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """The handbook, beside a book without headings and one without words."""
    for name, text in _BOOKS.items():
        (tmp_path / name).write_text(text)
    await ingest_trusted(database_url, sorted(tmp_path.glob("*.txt")), LOCAL)
    database = Database(settings.load({"DATABASE_URL": database_url}, None))
    await database.open()
    yield database
    await database.close()


@pytest.mark.anyio
async def test_no_question_fails_and_each_reference_has_its_citation(database: Database) -> None:
    engine, chance, history = extractive_engine(), random.Random(20), list[Turn]()
    for _ in range(_QUESTIONS):
        question = _question(chance)
        try:
            answer = await final_answer(respond(database, engine, question, history))
        except Exception as error:
            error.add_note(f"asked: {question!r} after {[turn.content[:200] for turn in history]!r}")
            raise
        assert _is_consistent(answer), question
        history = _conversation(question, answer) if chance.random() < 1 / 3 else []


def _is_consistent(answer: Answer) -> bool:
    shown = {reference.number for reference in references(answer.content)}
    return shown == {citation.index for citation in answer.citations}


def _conversation(question: str, answer: Answer) -> list[Turn]:
    return [Turn(MessageRole.user, question), Turn(MessageRole.assistant, answer.content)]


def _question(chance: random.Random) -> str:
    return re.sub(r"\{\}", lambda _: _phrase(chance), chance.choice(_FORMS)).strip()


def _phrase(chance: random.Random) -> str:
    return " ".join(chance.choice(_kind(chance)) for _ in range(chance.randint(1, 4)))


def _kind(chance: random.Random) -> Sequence[str]:
    [kind] = chance.choices((_WORDS, _MARKS, _SCRIPTS), weights=(8, 1, 1))
    return kind
