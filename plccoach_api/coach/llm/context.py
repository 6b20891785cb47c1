"""The context of a model: whether a prompt fits into it, and what is left out of a prompt that does not."""

from collections.abc import Callable
from dataclasses import dataclass

from plccoach_api import logs
from plccoach_api.coach.llm.messages import Prompt
from plccoach_api.rules.tokens import estimated_tokens

_log = logs.get_logger(__name__)

# Services add marks for the role and the end of each message.
_TOKENS_PER_MESSAGE = 4
# The prompt has this many tokens at least, even if the settings leave it fewer.
_LEAST_BUDGET = 256
# A tokenizer seldom makes fewer tokens of a text than 60 % of our estimate.
_LEAST_SHARE_READ = 0.6
_LEAST_TOKENS_JUDGED = 500
# Few errors name a limit that can be told from their other numbers.
_SHORTER = 0.75


@dataclass(frozen=True, slots=True)
class FittedPrompt:
    prompt: Prompt
    passages: int
    """The number of passages in the prompt: the first ones, which are the best."""
    is_shortest: bool
    """True when nothing more can be left out."""

    @property
    def tokens(self) -> int:
        return prompt_tokens(self.prompt)


def prompt_budget(context_tokens: int, max_tokens: int) -> int:
    """Returns the tokens of the context that a prompt may use, because the answer uses the rest."""
    return max(_LEAST_BUDGET, context_tokens - max_tokens)


def prompt_tokens(prompt: Prompt) -> int:
    return sum(estimated_tokens(message["content"]) + _TOKENS_PER_MESSAGE for message in prompt)


def shorter_length(refused_tokens: int) -> int:
    """Returns the tokens to try after a service refused a prompt of so many as too long."""
    return int(refused_tokens * _SHORTER)


def fit_prompt(build: Callable[[int, int], Prompt], turns: int, passages: int, budget: int) -> FittedPrompt:
    """Returns the longest prompt that fits into the budget: history is left out first, then the lowest passages.

    `build(turns, passages)` builds the prompt with the last `turns` messages of the history and the first `passages`
    passages. One passage always stays.
    """
    prompt, kept_turns, kept_passages = build(turns, passages), turns, passages
    while prompt_tokens(prompt) > budget and (kept_turns or kept_passages > 1):
        if kept_turns:
            kept_turns -= 1
        else:
            kept_passages -= 1
        prompt = build(kept_turns, kept_passages)
    if (kept_turns, kept_passages) != (turns, passages):
        _log.info("prompt shortened", turns=turns - kept_turns, passages=passages - kept_passages, budget=budget)
    return FittedPrompt(prompt, kept_passages, is_shortest=not kept_turns and kept_passages <= 1)


def without_history(prompt: Prompt, budget: int) -> Prompt:
    """Leaves out the oldest messages between the first and the last, until the prompt fits or none are left."""
    first, *history, last = prompt
    while history and prompt_tokens([first, *history, last]) > budget:
        del history[0]
    return [first, *history, last]


def was_cut(sent: int, read: int) -> bool:
    """Returns whether a service read far fewer tokens than the estimate of what was sent.

    Some servers shorten a prompt to their own context and say nothing.
    """
    return sent >= _LEAST_TOKENS_JUDGED and read < sent * _LEAST_SHARE_READ
