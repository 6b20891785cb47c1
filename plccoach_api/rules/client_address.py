"""Which address a request came from, when proxies stand between."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network

# Some proxies append the port: 192.0.2.1:4711, [2001:db8::1]:4711.
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](?::\d+)?|(?P<v4>[\d.]+):\d+")


def behind(peer: str, forwarded: str, trusted: tuple[Network, ...]) -> str:
    """The nearest address that is not a trusted proxy, reading X-Forwarded-For from its end.

    What stands before an untrusted address was written by it, and may be invented.
    """
    nearest = peer
    for hop in [peer, *reversed(forwarded.split(","))]:
        address = _address(hop.strip())
        if address is None:
            return nearest
        nearest = str(address)
        if not any(address in network for network in trusted):
            return nearest
    return nearest


def valid(address: str | None) -> str | None:
    """The same in its usual form, if it is an address at all: a peer on a unix socket has none."""
    parsed = _address(address) if address else None
    return str(parsed) if parsed else None


def bucket(address: str | None) -> str:
    """Whom requests are counted for: an IPv4 address, or the /64 network that one IPv6 subscriber has."""
    parsed = _address(address) if address else None
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, 64), strict=False))
    return str(parsed) if parsed else "unknown"


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address in a hop; one that a socket for both protocols shows as ::ffff:192.0.2.1 is an IPv4 address."""
    if match := _WITH_PORT.fullmatch(text):
        text = match["v6"] or match["v4"]
    if "%" in text:  # an IPv6 zone, which may hold anything
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
