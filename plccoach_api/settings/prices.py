"""The prices of models, as MODEL_PRICES has them."""

import msgspec

from plccoach_api.rules.pricing import KNOWN_PRICES, Price, Prices
from plccoach_api.settings.environment import InvalidValue

_MOST_DOLLARS = 1_000_000
_ALLOWED = (
    'a JSON object such as {"my-model": {"input": 2.5, "output": 10}} is allowed: '
    f"dollars per million tokens, from 0 to {_MOST_DOLLARS}"
)


def prices(value: str) -> Prices:
    """Adds the prices of a JSON object to the known ones."""
    try:
        own = msgspec.json.decode(value, type=dict[str, Price])
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise InvalidValue(_ALLOWED) from None
    amounts = [amount for price in own.values() for amount in (price.input, price.output)]
    if not all(amount.is_finite() and 0 <= amount <= _MOST_DOLLARS for amount in amounts):
        raise InvalidValue(_ALLOWED)
    return {**KNOWN_PRICES, **own}
