"""Judges how a service reads a prompt as long as that of a question: whether it reads all of it, and how soon."""

import math
from itertools import cycle, product

from plccoach_api import ids
from plccoach_api.coach.llm.context import was_cut
from plccoach_api.coach.llm.errors import CONNECTION_FAILED, INCOMPLETE, ModelError
from plccoach_api.coach.model_check.finding import ModelFinding
from plccoach_api.settings import LONGEST_ANSWER_SECONDS, Settings

# A prompt with passages and history is seldom longer.
LONG_PROMPT_TOKENS = 8000
# Reading the prompt should leave most of ANSWER_TIMEOUT to the answer.
_READING_SHARE = 0.25
# Less than this is not even enough for the instructions and one passage.
LEAST_PROMPT_TOKENS = 1000
_TIMES = ("Before the meeting", "In the first week", "After the lesson", "Later that year", "On most days")
_PEOPLE = ("the team", "a new teacher", "the principal", "her students", "two colleagues", "the whole school")
_VERBS = ("wrote down", "talked about", "compared", "looked again at", "agreed upon", "asked about")
_THINGS = ("the results of the test.\n", "what the class had learnt.\n", "a plan for reading.\n", "their own notes.\n")
_BROKEN_OFF = frozenset({INCOMPLETE, CONNECTION_FAILED})


def judge_reading(
    sent: int, read: int | None, *, seconds: float, reading_seconds: float, settings: Settings
) -> ModelFinding:
    """Judges a reply whose first words came after `seconds`. `sent` is our estimate, and `read` the service's count.

    `reading_seconds` is the part of `seconds` that a short prompt does not take: a model may think before each reply.
    """
    if read is not None and was_cut(sent, read):
        note = f"the service read {read} of about {sent} tokens, and did not say so; give the server more context"
        return ModelFinding(check="context", ok=False, note=note, setting=f"OPENAI_CONTEXT_TOKENS={max(1000, read)}")
    note = f"a prompt of about {sent} tokens is "
    if read is None:
        note += "accepted; whether all of it is read, the service does not say"
    else:
        note += f"read ({read} by its own count)"
    note += f"; {seconds:.1f} s to the first words"
    if reading_seconds <= settings.answer_timeout * _READING_SHARE:
        return ModelFinding(check="context", ok=True, note=note)
    note += ", which is more than a quarter of ANSWER_TIMEOUT"
    timeout = math.ceil(reading_seconds / _READING_SHARE)
    longer = f"ANSWER_TIMEOUT={timeout}" if timeout <= LONGEST_ANSWER_SECONDS else None
    setting = _either(_shorter_context(sent, reading_seconds, settings), longer)
    return ModelFinding(check="context", ok=False, note=note, setting=setting, needed=False)


def judge_accepted(refused: int, accepted: int, settings: Settings) -> ModelFinding:
    """Judges a service that accepted a shorter prompt after it had refused one of `refused` tokens as too long."""
    note = (
        f"a prompt of about {refused} tokens exceeds the context of the model, and about {accepted} are accepted; "
        "longer prompts are shortened when they are refused"
    )
    setting = f"OPENAI_CONTEXT_TOKENS={accepted + settings.openai_max_tokens}"
    return ModelFinding(check="context", ok=False, note=note, setting=setting, needed=False)


def judge_failure(error: ModelError, sent: int, settings: Settings) -> ModelFinding:
    """Judges the failure of a service that has answered short prompts."""
    note: str = error.reason
    setting: str | None = "OPENAI_CONTEXT_TOKENS"
    if error.missed_deadline:
        note = f"a prompt of about {sent} tokens has no answer after {settings.answer_timeout:g} s"
        setting = _either(_shorter_context(sent, settings.answer_timeout, settings), "a longer ANSWER_TIMEOUT")
    elif error.timed_out:
        note = f"a prompt of about {sent} tokens has no reply after {settings.openai_timeout:g} s"
        shorter = _shorter_context(sent, settings.openai_timeout, settings)
        setting = _either(shorter, "a longer OPENAI_TIMEOUT and ANSWER_TIMEOUT")
    elif error.reason in _BROKEN_OFF:
        note = f"the service broke off the reply to a prompt of about {sent} tokens; it may have less context"
    return ModelFinding(check="context", ok=False, note=note, setting=setting)


def long_text(tokens: int) -> str:
    """Returns prose like that of a book: a tokenizer makes few tokens of a repeated word, and many of numbers.

    Its beginning is new each time, so that no server has it in a cache and seems to read faster than it does.
    """
    text = [f"These are the notes {ids.new()}.\n"]
    characters = len(text[0])
    for words in cycle(product(_TIMES, _PEOPLE, _VERBS, _THINGS)):
        sentence = " ".join(words)
        characters += len(sentence)
        if characters > 4 * (tokens - 50):
            break
        text.append(sentence)
    return "".join(text)


def _shorter_context(sent: int, seconds: float, settings: Settings) -> str | None:
    """Returns the setting whose prompts are read in their share of the time, if a prompt of `sent` takes `seconds`."""
    tokens = sent * settings.answer_timeout * _READING_SHARE / seconds
    context = max(LEAST_PROMPT_TOKENS, int(tokens) // 100 * 100) + settings.openai_max_tokens
    return f"OPENAI_CONTEXT_TOKENS={context}" if context < settings.openai_context_tokens else None


def _either(*choices: str | None) -> str | None:
    return ", or ".join(filter(None, choices)) or None
