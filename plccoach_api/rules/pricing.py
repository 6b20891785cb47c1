"""What a model was given and gave, and what that costs."""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import msgspec

_MILLION = 1_000_000
# A model's name may end with the day it was made: gpt-4o-2024-08-06 costs what gpt-4o does.
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Dollars per million tokens."""

    input: Decimal
    output: Decimal = Decimal(0)


Prices = Mapping[str, Price]

# List prices of the official service; MODEL_PRICES adds to them, and replaces what it names.
KNOWN_PRICES: Prices = MappingProxyType(
    {
        "gpt-4o": Price(Decimal("2.50"), Decimal("10.00")),
        "gpt-4o-mini": Price(Decimal("0.15"), Decimal("0.60")),
        "gpt-4.1": Price(Decimal("2.00"), Decimal("8.00")),
        "gpt-4.1-mini": Price(Decimal("0.40"), Decimal("1.60")),
        "gpt-4.1-nano": Price(Decimal("0.10"), Decimal("0.40")),
        "text-embedding-3-large": Price(Decimal("0.13")),
        "text-embedding-3-small": Price(Decimal("0.02")),
        "text-embedding-ada-002": Price(Decimal("0.10")),
    }
)


class Usage(msgspec.Struct, frozen=True):
    """Tokens and dollars; None is what is not known, and nothing that is added to it makes it known."""

    input_tokens: int | None = 0
    output_tokens: int | None = 0
    cost_usd: Decimal | None = Decimal(0)

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            _sum(self.input_tokens, other.input_tokens),
            _sum(self.output_tokens, other.output_tokens),
            None if self.cost_usd is None or other.cost_usd is None else self.cost_usd + other.cost_usd,
        )


NO_USAGE = Usage()
UNKNOWN_USAGE = Usage(None, None, None)


def price(prices: Prices, model: str, input_tokens: int, output_tokens: int) -> Usage:
    """The cost of a model that has no price is not known; it is not nothing."""
    known = prices.get(model) or prices.get(_DATED.sub("", model))
    if known is None:
        return Usage(input_tokens, output_tokens, None)
    cost = (known.input * input_tokens + known.output * output_tokens) / _MILLION
    return Usage(input_tokens, output_tokens, cost)


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
