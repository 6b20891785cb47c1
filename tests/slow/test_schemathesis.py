"""Thousands of requests that schemathesis generates from the served OpenAPI document."""

import os
import subprocess
import sys
from pathlib import Path

from tests.live import Service

# The requests are bounded and the same in each run, so that a failure comes from the last change.
OPTIONS = ["--checks=all", "--max-time=20", "--generation-deterministic", "--no-color"]

# A generated cursor fits the schema, but the service rejects it, because a cursor is opaque. The same is true for a
# generated entity tag, for the id of a book, and for an idempotency key that was sent with another body. And 62.0 is an
# integer for a schema, but not for the service.
CONFIGURATION = """
hooks = "hooks.py"

[auth.openapi.session]
api_key = "{session}"

# An event's data has the schema of the event's name, and schemathesis cannot generate ids of events.
[[operations]]
include-operation-id = ["streamMessage", "followMessage"]
enabled = false

# They would end the session that the other operations use.
[[operations]]
include-operation-id = ["logoutAll", "endSession"]
enabled = false

[[operations]]
include-operation-id = ["listConversations", "listMessages", "getSharedConversation"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "404"]

[[operations]]
include-operation-id = ["createToken"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "409"]

[[operations]]
include-operation-id = ["updateConversation"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "401", "404", "412"]

[[operations]]
include-operation-id = ["askCoach", "postMessage"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "404", "409", "422"]
"""

# Each status must be documented by its number. The default response would hide a missing one.
HOOKS = """
import schemathesis

@schemathesis.hook
def before_load_schema(context, raw_schema):
    for item in raw_schema["paths"].values():
        for operation in item.values():
            del operation["responses"]["default"]
"""


def test_schemathesis_finds_nothing(live: Service, tmp_path: Path) -> None:
    with live.client(follow_redirects=False) as client:
        client.get("/auth/dev/login", params={"email": "thea@example.org"})
        (tmp_path / "schemathesis.toml").write_text(CONFIGURATION.format(session=client.cookies["plc_session"]))
        (tmp_path / "hooks.py").write_text(HOOKS)
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{live.url}/openapi.json", *OPTIONS]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=os.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        # The session still exists: sign-in and sign-out are public, and schemathesis calls them without the cookie.
        assert client.get("/auth/me").status_code == 200
