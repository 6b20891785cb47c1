"""Which address a request came from: the nearest one that is not a trusted proxy."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.client_address import resolve

TRUSTED = tuple(map(ip_network, ("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32")))
PEER = "10.0.0.1"


@pytest.mark.parametrize("forwarded", ["", "8.8.8.8", "10.0.0.2", "nonsense"])
def test_a_peer_that_is_not_trusted_is_the_client_whatever_it_says(forwarded: str) -> None:
    assert resolve("8.8.4.4", forwarded, TRUSTED) == "8.8.4.4"
    assert resolve(PEER, forwarded, ()) == PEER


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("8.8.8.8", "8.8.8.8"),
        ("8.8.8.8,10.1.1.1", "8.8.8.8"),
        ("8.8.8.8 , 192.0.2.7,\t10.1.1.1", "8.8.8.8"),
        ("2606:4700::1111", "2606:4700::1111"),
        ("2606:4700:0:0::1111, 2001:db8::5", "2606:4700::1111"),
        ("192.0.2.8, 192.0.2.7", "192.0.2.8"),
    ],
)
def test_behind_trusted_proxies_it_is_the_nearest_that_is_not_one_of_them(forwarded: str, client: str) -> None:
    assert resolve(PEER, forwarded, TRUSTED) == client


@pytest.mark.parametrize(
    "invented", ["1.1.1.1", "10.9.9.9", "127.0.0.1", "nonsense", "", '"><script>', "1.1.1.1, 10.9.9.9", ",,,"]
)
def test_what_a_client_writes_before_its_own_address_counts_for_nothing(invented: str) -> None:
    assert resolve(PEER, f"{invented}, 8.8.8.8", TRUSTED) == "8.8.8.8"
    assert resolve(PEER, f"{invented},8.8.8.8,10.1.1.1", TRUSTED) == "8.8.8.8"


@pytest.mark.parametrize(
    "garbage", ["", " ", "unknown", "_hidden", "8.8.8.8.8", "08.8.8.8", "8.8.8.8/32", "\x85", "::g"]
)
def test_garbage_where_a_proxy_should_have_written_an_address_leaves_the_proxy(garbage: str) -> None:
    assert resolve(PEER, f"8.8.8.8, {garbage}", TRUSTED) == PEER
    assert resolve(PEER, f"8.8.8.8, {garbage}, 10.1.1.1", TRUSTED) == "10.1.1.1"


def test_when_all_are_trusted_it_is_the_farthest() -> None:
    assert resolve(PEER, "10.3.3.3, 10.2.2.2", TRUSTED) == "10.3.3.3"
    assert resolve("2001:db8::1", "", TRUSTED) == "2001:db8::1"


def test_a_peer_without_an_address_is_what_it_is() -> None:
    assert resolve("a socket", "8.8.8.8", TRUSTED) == "a socket"


@given(st.text(), st.text())
def test_no_header_makes_a_client_of_what_stands_before_an_untrusted_address(before: str, after: str) -> None:
    assert resolve("8.8.8.8", before + "," + after, TRUSTED) == "8.8.8.8"
    assert resolve(PEER, f"{before},{after},8.8.8.8", TRUSTED) == "8.8.8.8"


@pytest.mark.parametrize("forwarded", ["8.8.8.8", "8.8.8.8, ::ffff:10.1.1.1", "::ffff:8.8.8.8"])
def test_on_a_socket_that_takes_both_an_ipv4_address_is_itself(forwarded: str) -> None:
    assert resolve("::ffff:10.0.0.1", forwarded, TRUSTED) == "8.8.8.8"


@pytest.mark.parametrize(
    ("forwarded", "client"), [("8.8.8.8:4711", "8.8.8.8"), ("[2606:4700::1111]:4711", "2606:4700::1111")]
)
def test_a_port_after_the_address_does_not_matter(forwarded: str, client: str) -> None:
    assert resolve(PEER, forwarded, TRUSTED) == client
