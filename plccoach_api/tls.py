"""The certificate authorities that the clients of a model trust. Import this module only where the SDK is used."""

from functools import cache
from ssl import SSLContext

import httpx2


@cache
def model_tls() -> SSLContext:
    """Loads the certificate authorities. This takes longer than a call, so all clients of the process share them."""
    return httpx2.create_ssl_context()
