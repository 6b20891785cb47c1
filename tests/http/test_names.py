"""Names and titles of people cannot control a terminal, and cannot hide or reverse a part of themselves."""

import httpx
import pytest

from tests.http.asking import make
from tests.http.conftest import SignIn

DECEPTIVE = ["\x1b[2J", "\x7f", "\x9b2J", "\x85", "\u202e", "\u2066", "\u200f", "\u061c", "\u2028"]


@pytest.mark.parametrize("character", DECEPTIVE)
async def test_a_name_or_title_with_a_control_character_is_400_and_says_what_is_allowed(
    client: httpx.AsyncClient, erin: httpx.AsyncClient, character: str
) -> None:
    bad = f"Ada {character} Okoye"
    path = f"/api/conversations/{await make(erin)}"
    refusals = [
        ("name", await erin.patch("/auth/me", json={"name": bad})),
        ("title", await erin.patch(path, json={"title": bad})),
        ("title", await erin.post("/api/conversations", json={"title": bad})),
        ("name", await client.get("/auth/dev/login", params={"name": bad})),
        ("email", await client.get("/auth/dev/login", params={"email": f"a{character}b@example.org"})),
    ]
    for field, response in refusals:
        assert response.status_code == 400
        [error] = response.json()["errors"]
        assert error["field"] == field
        assert "control characters" in error["message"]


@pytest.mark.parametrize("name", ["Zoë 名前 Ñandú", "می\u200cخواهم", "👩🏽\u200d🏫 Ada", "שלום", "O'Neil [bold] <b>"])
async def test_a_name_of_any_script_is_kept(sign_in: SignIn, name: str) -> None:
    person = await sign_in("zoe@example.org", name=name)
    assert (await person.get("/auth/me")).json()["name"] == name
    assert (await person.patch("/auth/me", json={"name": name})).json()["name"] == name
    assert (await person.post("/api/conversations", json={"title": f"{name}\n{name}"})).status_code == 201
