"""The rows of the table: the requests that are measured, and the person who sends them."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

import httpx
import msgspec

from plccoach_api.rules.sessions import SessionCookie, SessionToken
from tests.tools.bench import questions, seed
from tests.tools.bench.load import Request, cookie_of
from tests.tools.bench.seed import Prepared

_COOKIE = SessionCookie(secure=False)
# Requests of one session share its look-up. So each of these requests has a session that no other uses meanwhile.
_SESSIONS = 512


def rows(url: str, prepared: Prepared, folder: Path) -> list[Request]:
    reader, asker = (sign_in(url, email) for email in (seed.READER, seed.ASKER))
    places = [f"/api/conversations/{seed.place(number)}/messages" for number in range(seed.PLACES)]
    texts = questions.asked()
    cookies = _lines(folder / "cookies", [cookie_of(sign_in(url, seed.READER)) for _ in range(_SESSIONS)])
    chat = [{"model": "plc-coach", "messages": [{"role": "user", "content": text}]} for text in texts]
    return [
        Request("/health"),
        Request("/ready"),
        Request("/auth/me", token=reader),
        Request("/auth/me, many sessions", "/auth/me", token=reader, cookies=cookies),
        Request("/api/conversations", token=reader),
        Request("/api/conversations, many sessions", "/api/conversations", token=reader, cookies=cookies),
        Request("/api/coach/query", token=asker, bodies=_lines(folder / "queries", _bodies("query", texts))),
        Request(
            "/api/coach/query, repeated",
            "/api/coach/query",
            token=asker,
            bodies=_lines(folder / "repeated", _bodies("query", [seed.QUESTION])),
        ),
        Request(
            "/v1/chat/completions",
            personal_token=_personal_token(url, asker),
            bodies=_lines(folder / "chat", map(_json, chat)),
            compared=False,
        ),
        Request("/api/conversations/{id}", f"/api/conversations/{prepared.longest}", token=reader, compared=False),
        Request(
            "/api/conversations?search=",
            f"/api/conversations?{urlencode({'search': seed.SEARCH})}",
            token=reader,
            compared=False,
        ),
        Request(
            "/api/conversations/{id}/messages",
            places[0],
            token=asker,
            bodies=_lines(folder / "messages", _bodies("content", texts)),
            paths=_lines(folder / "places", places),
            compared=False,
        ),
    ]


def _bodies(field: str, texts: Iterable[str]) -> list[str]:
    return [_json({field: text}) for text in texts]


def _json(body: object) -> str:
    return msgspec.json.encode(body).decode()


def _lines(file: Path, lines: Iterable[str]) -> Path:
    file.write_text("".join(f"{line}\n" for line in lines))
    return file


def sign_in(url: str, email: str) -> SessionToken:
    response = httpx.get(f"{url}/auth/dev/login?{urlencode({'email': email})}")
    token = SessionToken.parse(response.cookies.get(_COOKIE.name) or "")
    if token is None:
        raise SystemExit("bench: signing in gave no session")
    return token


def _personal_token(url: str, token: SessionToken) -> str:
    cookies = {_COOKIE.name: str(token)}
    response = httpx.post(f"{url}/auth/tokens", json={"name": "just bench"}, cookies=cookies)
    return str(response.raise_for_status().json()["token"])
