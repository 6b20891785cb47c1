"""The address of the client that sent a request, possibly through proxies."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network

# Some proxies append the port: 192.0.2.1:4711, [2001:db8::1]:4711.
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](?::\d+)?|(?P<v4>[\d.]+):\d+")


def resolve(peer: str, forwarded: str, trusted: tuple[Network, ...]) -> str:
    """Returns the last address in X-Forwarded-For that is not a trusted proxy.

    An untrusted address may have invented the addresses before its own.
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


def normalized(address: str | None) -> str | None:
    """Returns the address in its usual form; None for text that is no address, such as the peer of a unix socket."""
    parsed = _address(address) if address else None
    return str(parsed) if parsed else None


def bucket(address: str | None) -> str:
    """Returns the key of a rate limit: an IPv4 address, or the /64 network, which one IPv6 subscriber has."""
    parsed = _address(address) if address else None
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, 64), strict=False))
    return str(parsed) if parsed else "unknown"


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Parses one entry. A socket for both protocols shows 192.0.2.1 as ::ffff:192.0.2.1, which becomes IPv4 again."""
    if match := _WITH_PORT.fullmatch(text):
        text = match["v6"] or match["v4"]
    if "%" in text:  # an IPv6 zone, which may hold anything
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
