"""The client's address is the nearest address that is not a trusted proxy."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.client_address import resolve

TRUSTED = tuple(map(ip_network, ("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32")))
PEER = "10.0.0.1"


@pytest.mark.parametrize("forwarded", ["", "8.8.8.8", "10.0.0.2", "nonsense"])
def test_an_untrusted_peer_is_the_client_whatever_the_header_says(forwarded: str) -> None:
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
def test_behind_trusted_proxies_the_client_is_the_nearest_untrusted_address(forwarded: str, client: str) -> None:
    assert resolve(PEER, forwarded, TRUSTED) == client


@pytest.mark.parametrize(
    "invented", ["1.1.1.1", "10.9.9.9", "127.0.0.1", "nonsense", "", '"><script>', "1.1.1.1, 10.9.9.9", ",,,"]
)
def test_entries_before_the_clients_own_address_are_ignored(invented: str) -> None:
    assert resolve(PEER, f"{invented}, 8.8.8.8", TRUSTED) == "8.8.8.8"
    assert resolve(PEER, f"{invented},8.8.8.8,10.1.1.1", TRUSTED) == "8.8.8.8"


@pytest.mark.parametrize(
    "garbage", ["", " ", "unknown", "_hidden", "8.8.8.8.8", "08.8.8.8", "8.8.8.8/32", "\x85", "::g"]
)
def test_an_invalid_entry_makes_the_proxy_that_sent_it_the_client(garbage: str) -> None:
    assert resolve(PEER, f"8.8.8.8, {garbage}", TRUSTED) == PEER
    assert resolve(PEER, f"8.8.8.8, {garbage}, 10.1.1.1", TRUSTED) == "10.1.1.1"


def test_the_farthest_address_is_the_client_when_all_are_trusted() -> None:
    assert resolve(PEER, "10.3.3.3, 10.2.2.2", TRUSTED) == "10.3.3.3"
    assert resolve("2001:db8::1", "", TRUSTED) == "2001:db8::1"


def test_a_peer_without_an_ip_address_is_returned_unchanged() -> None:
    assert resolve("a socket", "8.8.8.8", TRUSTED) == "a socket"


@given(st.text(), st.text())
def test_no_header_can_move_the_client_beyond_an_untrusted_address(before: str, after: str) -> None:
    assert resolve("8.8.8.8", before + "," + after, TRUSTED) == "8.8.8.8"
    assert resolve(PEER, f"{before},{after},8.8.8.8", TRUSTED) == "8.8.8.8"


@pytest.mark.parametrize("forwarded", ["8.8.8.8", "8.8.8.8, ::ffff:10.1.1.1", "::ffff:8.8.8.8"])
def test_on_a_dual_stack_socket_an_ipv4_address_is_recognized(forwarded: str) -> None:
    assert resolve("::ffff:10.0.0.1", forwarded, TRUSTED) == "8.8.8.8"


@pytest.mark.parametrize(
    ("forwarded", "client"), [("8.8.8.8:4711", "8.8.8.8"), ("[2606:4700::1111]:4711", "2606:4700::1111")]
)
def test_a_port_after_the_address_is_ignored(forwarded: str, client: str) -> None:
    assert resolve(PEER, forwarded, TRUSTED) == client
