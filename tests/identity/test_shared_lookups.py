"""Requests of one token that arrive together share one look-up, and none gets a result that is older than itself."""

import asyncio

import pytest

from plccoach_api.identity.shared_lookups import SharedLookups


class Held:
    """Look-ups that end when the test gives them a result. They are numbered in the order in which they begin."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.results: list[asyncio.Future[str]] = []
        self._begun = asyncio.Condition()
        self.lookups = SharedLookups(self._find)

    async def _find(self, key: str) -> str:
        result: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        async with self._begun:
            self.keys.append(key)
            self.results.append(result)
            self._begun.notify_all()
        return await result

    def ask(self, key: str = "ada") -> "asyncio.Task[str]":
        return asyncio.create_task(self.lookups.get(key))

    async def begun(self, number: int) -> "asyncio.Future[str]":
        """Waits until so many look-ups have begun, and returns the last one's result, which the test sets."""
        async with self._begun:
            await self._begun.wait_for(lambda: len(self.results) == number)
        return self.results[-1]


@pytest.fixture
def held() -> Held:
    return Held()


async def test_requests_that_arrive_together_share_one_lookup(held: Held) -> None:
    asked = [held.ask() for _ in range(100)]
    (await held.begun(1)).set_result("found")
    assert await asyncio.gather(*asked) == ["found"] * 100
    assert held.keys == ["ada"]


async def test_who_asks_during_a_lookup_gets_the_result_of_a_later_one(held: Held) -> None:
    early = held.ask()
    first = await held.begun(1)
    late = [held.ask(), held.ask()]
    first.set_result("signed in")
    assert await early == "signed in"
    (await held.begun(2)).set_result("signed out")
    assert await asyncio.gather(*late) == ["signed out"] * 2
    assert held.keys == ["ada"] * 2


async def test_a_lookup_that_hangs_does_not_hold_up_the_next(held: Held) -> None:
    early = held.ask()
    first = await held.begun(1)
    late = held.ask()
    (await held.begun(2)).set_result("found")
    assert await late == "found"
    assert not early.done()
    later = held.ask()
    (await held.begun(3)).set_result("found again")
    assert await later == "found again"
    first.set_result("found at last")
    assert await early == "found at last"


async def test_different_keys_share_nothing(held: Held) -> None:
    ada, bob = held.ask("ada"), held.ask("bob")
    await held.begun(2)
    for key, result in zip(held.keys, held.results, strict=True):
        result.set_result(key)
    assert (await ada, await bob) == ("ada", "bob")


async def test_a_request_that_ends_early_leaves_the_lookup_to_the_others(held: Held) -> None:
    gone, stays = held.ask(), held.ask()
    result = await held.begun(1)
    gone.cancel()
    result.set_result("found")
    assert await stays == "found"
    assert gone.cancelled()


async def test_a_failure_is_told_to_all_who_share_it_and_to_nobody_else(held: Held) -> None:
    asked = [held.ask(), held.ask()]
    (await held.begun(1)).set_exception(ConnectionError("lost"))
    for each in asked:
        with pytest.raises(ConnectionError, match="lost"):
            await each
    later = held.ask()
    (await held.begun(2)).set_result("found")
    assert await later == "found"
