"""Runs the loopback provider for a developer until Ctrl-C: `python -m tests.tools.identity_provider.stand_in [PORT]`.

It replaces Google and Clever at the same time. The person is a teacher called Ada, behind a page with a button.
"""

import signal
import sys

from tests.tools.identity_provider.provider import running_provider

_PORT = 9400


def main(port: int) -> None:
    with running_provider(port, approves=False) as provider:
        provider.become_clever()
        as_teacher = dict(provider.claims)
        provider.become_google()
        provider.claims = as_teacher | provider.claims
        variables = provider.google_settings() | provider.clever_settings()
        sys.stdout.write("".join(f"{name}={value!r}\n" for name, value in variables.items()))
        sys.stdout.flush()
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main(int(sys.argv[1]) if len(sys.argv) > 1 else _PORT)
