"""The cost of an answer."""

from decimal import Decimal

import pytest

from plccoach_api.rules.pricing import KNOWN_PRICES, NO_USAGE, UNKNOWN_USAGE, Price, Usage, priced_usage


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4o-2024-08-06"])
def test_a_cost_is_computed_per_million_tokens_without_rounding(model: str) -> None:
    assert priced_usage(KNOWN_PRICES, model, 1200, 300) == Usage(1200, 300, Decimal("0.006"))


def test_a_name_with_a_suffix_is_another_model() -> None:
    assert priced_usage(KNOWN_PRICES, "gpt-4o-mini", 1_000_000, 1_000_000).cost_usd == Decimal("0.75")
    assert priced_usage(KNOWN_PRICES, "gpt-4o-audio", 1_000_000, 0).cost_usd is None


def test_a_dated_name_may_have_its_own_price() -> None:
    prices = {"gpt-4o": Price(Decimal(1)), "gpt-4o-2024-05-13": Price(Decimal(5))}
    assert priced_usage(prices, "gpt-4o-2024-05-13", 1_000_000, 0).cost_usd == 5


def test_the_cost_of_a_model_without_a_price_is_unknown_and_not_zero() -> None:
    assert priced_usage(KNOWN_PRICES, "llama-3", 10, 20) == Usage(10, 20, None)


def test_a_price_of_zero_costs_nothing() -> None:
    assert priced_usage({"llama-3": Price(Decimal(0), Decimal(0))}, "llama-3", 10, 20).cost_usd == 0


def test_usages_add_up_and_an_unknown_number_stays_unknown() -> None:
    one = Usage(1, 2, Decimal("0.1"))
    assert NO_USAGE + one + one == Usage(2, 4, Decimal("0.2"))
    assert one + Usage(1, 2, None) == Usage(2, 4, None)
    assert one + UNKNOWN_USAGE == UNKNOWN_USAGE
