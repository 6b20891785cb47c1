"""The tokens that a request to a model uses, and their price."""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import msgspec

_MILLION = 1_000_000
# The name of a model may end with its release date: gpt-4o-2024-08-06 has the price of gpt-4o.
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Dollars per million tokens."""

    input: Decimal
    output: Decimal = Decimal(0)


Prices = Mapping[str, Price]

# The list prices of the official service. The setting MODEL_PRICES adds models and replaces prices.
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
    """Tokens and dollars. None means unknown, and the sum of an unknown number and any other is unknown."""

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


def priced_usage(prices: Prices, model: str, input_tokens: int, output_tokens: int) -> Usage:
    """Returns the tokens with their cost. The cost of a model without a price is unknown, and not zero."""
    price = prices.get(model) or prices.get(_DATED.sub("", model))
    if price is None:
        return Usage(input_tokens, output_tokens, None)
    cost = (price.input * input_tokens + price.output * output_tokens) / _MILLION
    return Usage(input_tokens, output_tokens, cost)


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
