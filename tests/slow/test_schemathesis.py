"""Thousands of requests that nobody thought of, made from the served document by schemathesis."""

import os
import subprocess
import sys
from pathlib import Path

from tests.live import Service

# Bounded, and the same requests every time, so that a failure is about the change at hand.
OPTIONS = ["--checks=all", "--max-time=20", "--generation-deterministic", "--no-color"]

# A cursor is opaque: one that was made up fits the schema, and is refused all the same. So is a tag that was
# made up, and a key that came with another body.
CONFIGURATION = """
hooks = "hooks.py"

[auth.openapi.session]
api_key = "{session}"

# An event's data has the schema of its own name, and ids of events are no free words.
[[operations]]
include-operation-id = ["streamMessage", "followMessage"]
enabled = false

# They would end the session that the other operations are tried with.
[[operations]]
include-operation-id = ["logoutAll", "endSession"]
enabled = false

[[operations]]
include-operation-id = ["listConversations", "listMessages", "getSharedConversation"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "404"]

[[operations]]
include-operation-id = ["updateConversation"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "401", "404", "412"]

[[operations]]
include-operation-id = ["askCoach", "postMessage"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "401", "404", "409", "422"]
"""

# Every status that comes up must be documented by name; the default response would cover for it.
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
        # Signing in and out are public: schemathesis tries them without the cookie, and the session is still there.
        assert client.get("/auth/me").status_code == 200
