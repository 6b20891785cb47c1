"""Clients that generators make from the served document: without a warning, fully typed, and working."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import Service

HEY_API = ["@hey-api/openapi-ts@0.87.5", "typescript@5.9.3"]
STRICTER = "--exactOptionalPropertyTypes --noUncheckedIndexedAccess client.ts"
GENERATORS = ["openapi-typescript@7.13.0", "typescript@5.9.3"]  # openapi-typescript does not support TypeScript 6 and 7

PYTHON = """
import sys
from coach_client import Client
from coach_client.api.coach import ask_coach, follow_message
from coach_client.api.service import get_health
from coach_client.api.sign_in import get_me
from coach_client.models import CoachAnswer, CoachQuery, Health, Me, MessageKind, Problem, ProblemType
from coach_client.models import FeedbackScore, ShareDays

assert [*FeedbackScore] == [FeedbackScore.DOWN, FeedbackScore.UP] == [-1, 1]
assert [*ShareDays] == [ShareDays.WEEK, ShareDays.MONTH] == [7, 30]

url, session = sys.argv[1:]
health = get_health.sync(client=Client(base_url=url))
assert isinstance(health, Health) and health.status == "healthy", health

stranger = get_me.sync(client=Client(base_url=url))
assert isinstance(stranger, Problem) and stranger.type_ is ProblemType.URNPROBLEMNOT_SIGNED_IN, stranger

signed_in = Client(base_url=url, cookies={"plc_session": session})
me = get_me.sync(client=signed_in)
assert isinstance(me, Me) and me.name == "Gina Generator" and me.organization is None, me
answer = ask_coach.sync(client=signed_in, body=CoachQuery(query="What is a SMART goal?"))
assert isinstance(answer, CoachAnswer) and answer.kind is MessageKind.ANSWER, answer
assert answer.citations[0].pages is not None and len(answer.citations[0].pages) == 2, answer
stream = follow_message.sync(message_id=answer.message_id, client=signed_in)
assert isinstance(stream, str) and "event: message_complete" in stream, stream
"""

TYPESCRIPT = """
import type { components, operations, paths } from "./schema";

type Problem = components["schemas"]["Problem"];
type Question = operations["askCoach"]["requestBody"]["content"]["application/json"];
type Answer = operations["askCoach"]["responses"][200]["content"]["application/json"];
type Failure = operations["askCoach"]["responses"][401]["content"]["application/problem+json"];
type Conversations = paths["/api/conversations"]["get"];

export const question: Question = { query: "What is a PLC?" };
export const archived: Conversations["parameters"]["query"] = { status: "archived", limit: 5 };
export const shown = (answer: Answer): string => answer.kind + answer.citations.map((each) => each.quote).join();
export const detail = (failure: Failure): Problem["detail"] => failure.detail + (failure.errors?.length ?? 0);

// @ts-expect-error: an unknown field
export const moody: Question = { query: "What is a PLC?", mood: "curious" };
// @ts-expect-error: an unknown status
export const lost: Conversations["parameters"]["query"] = { status: "lost" };
"""

HEY_API_CLIENT = """
import { followMessage, getMe, type AnswerEvent, type Problem, type ProblemType, type Provider } from "./client";
import { client } from "./client/client.gen";

client.setConfig({ baseUrl: "http://localhost:8000", credentials: "include" });

export function shown(event: AnswerEvent): string {
    if ("delta" in event) return event.delta;
    if ("quote" in event) return `[${event.index}] ${event.quote}`;
    if ("message" in event) return event.message.status;
    if ("problem" in event) return event.problem.detail;
    return event.user_message_id; // Only message_start is left.
}

export async function follow(message_id: string): Promise<string> {
    let text = "";
    const { stream } = await followMessage({ path: { message_id } });
    for await (const event of stream) if (typeof event === "object") text += shown(event);
    return text;
}

export const known: Record<ProblemType, string> | null = null;
export const signedOut = (problem: Problem): boolean => problem.type === "urn:problem:not-signed-in";
export const google: Provider = "google";
export const me = async (): Promise<string | undefined> => (await getMe()).data?.name;

// @ts-expect-error: no such kind of problem
export const wrong = (problem: Problem): boolean => problem.type === "urn:problem:no-such-kind";
// @ts-expect-error: an event without its data
export const nothing: AnswerEvent = {};
"""


def run(*command: str, folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def document(live: Service, tmp_path: Path) -> str:
    path = tmp_path / "openapi.json"
    with live.client() as client:
        path.write_bytes(client.get("/openapi.json").content)
    return str(path)


def test_a_python_client_is_generated_without_a_warning_and_works(live: Service, document: str, tmp_path: Path) -> None:
    # The generator formats with ruff and warns when it is missing.
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    generate = [sys.executable, "-m", "openapi_python_client", "generate", "--path", document]
    output = run(
        *generate,
        *("--output-path", "coach_client", "--meta", "none", "--fail-on-warning"),
        folder=tmp_path,
        PATH=path,
    )
    assert "arning" not in output
    with live.client(follow_redirects=False) as client:
        client.get("/auth/dev/login", params={"email": "gina@example.org", "name": "Gina Generator"})
        session = client.cookies["plc_session"]
    run(sys.executable, "-W", "error", "-c", PYTHON, live.url, session, folder=tmp_path, PYTHONPATH=".")


def test_typescript_types_are_generated_and_compile_strictly(document: str, tmp_path: Path) -> None:
    (tmp_path / "client.ts").write_text(TYPESCRIPT)
    run_npm(GENERATORS, f"openapi-typescript {document} --output schema.ts", STRICTER, folder=tmp_path)


def test_a_typescript_client_is_generated_and_narrows_the_events_of_a_stream(document: str, tmp_path: Path) -> None:
    (tmp_path / "example.ts").write_text(HEY_API_CLIENT)
    # Its own code does not compile with --exactOptionalPropertyTypes.
    generate = f"openapi-ts --input {document} --output client --client @hey-api/client-fetch --silent"
    run_npm(HEY_API, generate, "--target es2022 --module esnext --moduleResolution bundler example.ts", folder=tmp_path)


def run_npm(packages: list[str], generate: str, compiled: str, *, folder: Path) -> None:
    """Generates a client, and compiles an example strictly."""
    if not shutil.which("npx"):
        pytest.fail("npx is missing: this test needs Node.js 20 or newer, with npm")
    named = [option for package in packages for option in ("--package", package)]
    compile_ = f"tsc --strict --noEmit {compiled}"
    run("npx", "--yes", "--prefer-offline", *named, "--call", f"{generate} && {compile_}", folder=folder)
