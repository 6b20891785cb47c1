"""Draws conversations at random. The same seed of the generator draws the same conversations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from plccoach_api.rules.messages import FeedbackReason, FeedbackScore
from tests.coach.retrieval.questions import ANSWERABLE, UNANSWERABLE

LONGEST = 25
QUESTIONS = ANSWERABLE + UNANSWERABLE

_DAYS = 180
# The number of questions in a conversation, each with its weight.
_LENGTHS = {1: 45, 2: 25, 3: 14, 4: 7, 5: 4, 7: 3, 10: 2}
_OFF_TOPIC = 0.06
_FAILED = 0.01
_RATED = 0.2
_LIKED = 0.75
_RENAMED = 0.2
_ARCHIVED = 0.15
_SHARED = 0.08

_TITLES = ("Grade 4 math", "Biology team", "Algebra I", "Kindergarten", "Leadership retreat", "World languages", "RTI")
_LATER = ("notes", "for Monday", "follow-up", "agenda", "draft", "questions")
_PRAISE = ("We used this in our meeting today.", "Exactly what the team needed.", None, None)
_BLAME = ("Too general for our grade.", "It leaves out how to begin.", "The page does not say that.", None)


@dataclass(frozen=True, slots=True)
class Feedback:
    score: FeedbackScore
    reasons: tuple[FeedbackReason, ...]
    comment: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    question: str
    asked_at: datetime
    milliseconds: int
    failed: bool
    feedback: Feedback | None


@dataclass(frozen=True, slots=True)
class Link:
    """A shared link, and the number of times it was opened."""

    lifetime: timedelta | None
    opens: int


@dataclass(frozen=True, slots=True)
class Talk:
    turns: Sequence[Turn]
    left_at: datetime
    title: str | None = field(kw_only=True)
    archived: bool = field(kw_only=True)
    link: Link | None = field(kw_only=True)


def draw(random: Random, now: datetime, length: int | None = None) -> Talk:
    """Draws a conversation of the last months, more likely of the last weeks. `length` is its number of questions."""
    [drawn_length] = random.choices(list(_LENGTHS), list(_LENGTHS.values()))
    turns, at = [], _begun(random, now)
    for question in _questions(random, length or drawn_length):
        turns.append(_turn(random, question, at))
        at += timedelta(seconds=random.randint(40, 240))
    return Talk(
        turns,
        min(now, at + timedelta(days=random.randint(0, 5))),
        title=f"{random.choice(_TITLES)}: {random.choice(_LATER)}" if random.random() < _RENAMED else None,
        archived=random.random() < _ARCHIVED,
        link=_link(random) if random.random() < _SHARED else None,
    )


def _begun(random: Random, now: datetime) -> datetime:
    """Draws a time between 7 and 20 o'clock on a weekday before today."""
    day = now - timedelta(days=1 + int(_DAYS * random.random() ** 2))
    day -= timedelta(days=max(0, day.weekday() - 4))
    return day.replace(
        hour=random.randint(7, 19), minute=random.randint(0, 59), second=random.randint(0, 59), microsecond=0
    )


def _questions(random: Random, number: int) -> list[str]:
    return [random.choice(UNANSWERABLE if random.random() < _OFF_TOPIC else ANSWERABLE) for _ in range(number)]


def _turn(random: Random, question: str, at: datetime) -> Turn:
    failed = random.random() < _FAILED
    feedback = _feedback(random) if random.random() < _RATED and not failed else None
    return Turn(question, at, int(random.lognormvariate(6, 0.6)), failed, feedback)


def _feedback(random: Random) -> Feedback:
    if random.random() < _LIKED:
        return Feedback(FeedbackScore.up, (), random.choice(_PRAISE))
    reasons = random.sample(list(FeedbackReason), random.randint(1, 2))
    return Feedback(FeedbackScore.down, tuple(reasons), random.choice(_BLAME))


def _link(random: Random) -> Link:
    return Link(random.choice((timedelta(days=7), timedelta(days=30), None)), random.randint(0, 4))
