"""Which address a request came from, when proxies stand between."""

from ipaddress import ip_address

from plccoach_api.environment import Network


def behind(peer: str, forwarded: str, trusted: tuple[Network, ...]) -> str:
    """The nearest address that is not a trusted proxy, reading X-Forwarded-For from its end.

    What stands before an untrusted address was written by it, and may be invented.
    """
    nearest = peer
    for hop in [peer, *reversed(forwarded.split(","))]:
        try:
            address = ip_address(hop.strip())
        except ValueError:
            return nearest
        nearest = str(address)
        if not any(address in network for network in trusted):
            return nearest
    return nearest
