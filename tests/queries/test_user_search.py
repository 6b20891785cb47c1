"""An administrator's search by the index of trigrams reads few people, and finds the same people as a scan."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Final
from uuid import UUID

import hypothesis.strategies as st
import psycopg
import pytest
from hypothesis import example, given

from plccoach_api.database.pool import Connection
from plccoach_api.identity import directory
from plccoach_api.identity.directory import Filters
from plccoach_api.queries import users
from tests.conftest import database_like, rolled_back
from tests.statements import explain, fill, rows_read

_ROWS: Final = 2000
_ORGANIZATION: Final = UUID(int=7)

# Every fortieth person is a Lovelace, and all have the same domain.
_FILL: Final = (
    """
    INSERT INTO organizations (id, name, provider, external_id, created_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, 'A district', 'clever', n::text, now() FROM generate_series(1, 20) AS n
    """,
    """
    INSERT INTO users (id, organization_id, name, email, role, status, created_at)
    SELECT
        lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(1 + n %% 20), 32, '0')::uuid,
        CASE n %% 40 WHEN 6 THEN 'Ada LOVELACE' ELSE 'Ben ' || md5(n::text) END, n || '@district.example',
        CASE n %% 80 WHEN 6 THEN 'admin' ELSE 'educator' END, CASE n %% 160 WHEN 6 THEN 'inactive' ELSE 'active' END,
        now() + n * interval '1 minute'
    FROM generate_series(1, %(rows)s) AS n
    """,
    """
    INSERT INTO identities (provider, subject, user_id, last_used_at)
    SELECT 'clever', u.id::text, u.id, now() FROM users AS u
    """,
    "ANALYZE users, identities",
)

_NAMES: Final = (
    *("Zoë Müller", "ZOË MÜLLER", "Łukasz Żółć", "José O'Brien", "d'Ärtagnan", "李小龍", "Ⅷ Louis", "ΣΊΣΥΦΟΣ", "İzmir"),
    *("100%", "a_b", "a%b", "back\\slash", "quote'", "'", "\\", "%", "_", "&|!:*<->()", "🦄 Ada", "👩\u200d🏫"),
    *("e\u0301", "é", "Two  spaces", " leading", "x", "xy", "xyz", "a\tb", '"double"'),
)
_EMAILS: Final = ("ada@example.org", "ADA+plc@Example.org", None, "o'brien@x.org", "zoë@schule.example")
_SEARCHES: Final = (
    *("zoë", "ZOË", "müll", "MÜLLER", "ł", "żół", "o'b", "O'BRIEN", "'", "''", "\\", "\\s", "%", "_", "0%", "a_"),
    *("a%b", "李", "小龍", "🦄", "🦄 a", "👩", "\u0301", "é", "e", "x", "xy", "xyz", "xyzz", " ", "  ", "&|", ":*"),
    *("<->", "()", "!", "ada", "@example", "org", "ada@example.org", "σ", "Σ", "σίς", "ΣΊΣΥ", "i", "İ", "ⅷ", '"'),
    *("\t", "g\nada", "nobody", "zoë mülleR", "x" * 200),
)


@pytest.fixture(scope="module")
async def filled(postgres: str, template: str) -> AsyncIterator[Connection]:
    """A connection to a database of many people."""
    with database_like(postgres, template) as url:
        async with rolled_back(url) as connection:
            await fill(connection, _FILL, {"rows": _ROWS})
            yield connection


@pytest.fixture
async def many(filled: Connection) -> AsyncIterator[Connection]:
    """The same connection. The settings that a test makes for its transaction end with the test."""
    async with filled.transaction(force_rollback=True):
        yield filled


@pytest.mark.parametrize(
    ("filters", "people"),
    [
        ({"search": "lovelace"}, 50),
        ({"search": "lo"}, 50),
        ({"search": "lovelace", "role": "admin"}, 50),
        ({"search": "lovelace", "scope": _ORGANIZATION}, 50),
        ({"search": "lovelaces"}, 0),
    ],
)
async def test_a_search_by_the_index_reads_only_the_people_that_it_finds(
    many: Connection, filters: dict[str, Any], people: int
) -> None:
    plan = await explain(many, "users/search_for_admin", {"limit": 21} | filters, mode="force_custom_plan")
    assert rows_read(plan, "users") <= people


async def test_a_page_of_a_frequent_search_reads_only_that_page(many: Connection) -> None:
    filters = {"search": "district", "limit": 21}
    plan = await explain(many, "users/list_for_admin", filters, mode="force_custom_plan")
    assert rows_read(plan, "users") <= 3 * 21


async def test_a_rare_search_is_counted_by_the_index_and_a_frequent_one_by_a_scan(many: Connection) -> None:
    for search, by_index in {"lovelace": True, "nobody": True, "district": False, "e": False}.items():
        rows, total = await directory.page(many, Filters(search=search), (None, None), 21)
        assert (total is not None) is by_index, search
        assert len(rows) == (0 if search == "nobody" else 21)
        scanned = await directory.count(many, Filters(search=search))
        assert total in {None, scanned}


@pytest.mark.parametrize("filters", [{}, {"role": "admin"}, {"scope": _ORGANIZATION}, {"status": "inactive"}])
async def test_the_pages_of_a_search_are_those_of_a_scan_and_each_has_the_total(
    many: Connection, filters: dict[str, Any]
) -> None:
    wanted = Filters(search="aDA love", **filters)
    expected = await scan(many, {"search": "aDA love"} | filters)
    assert len(expected) > 7
    found: list[users.User] = []
    while len(found) < len(expected):
        before = (found[-1].created_at, found[-1].id) if found else (None, None)
        rows, total = await directory.page(many, wanted, before, 7)
        assert rows
        assert len(expected) == (await directory.count(many, wanted) if total is None else total)
        found += rows
    assert found == expected


async def test_the_index_finds_every_spelling_that_a_scan_finds(connection: Connection) -> None:
    await fill(connection, _FILL, {"rows": 20})
    people = [(name, email) for name in _NAMES for email in _EMAILS]
    async with connection.cursor() as cursor:
        await cursor.executemany(
            """
            WITH person AS (
                INSERT INTO users (id, name, email, role, status, created_at)
                VALUES (gen_random_uuid(), %s, %s, 'educator', 'active', now()) RETURNING id
            )
            INSERT INTO identities (provider, subject, user_id, last_used_at)
            SELECT 'clever', id::text, id, now() FROM person
            """,
            people,
        )
    await connection.execute("SET LOCAL enable_seqscan = off")
    for search in _SEARCHES:
        expected = await scan(connection, {"search": search})
        found = await users.search_for_admin(connection, **parameters({"search": search}))
        assert (found.total, set(found.ids)) == (len(expected), {each.id for each in expected}), search
        assert await users.list_by_id(connection, ids=found.ids) == expected


def parameters(given: dict[str, Any]) -> dict[str, Any]:
    filters = dict.fromkeys(("scope", "search", "role", "organization_id", "status", "before_time", "before_id"))
    return {**filters, "limit": 1000} | given


async def scan(connection: Connection, given: dict[str, Any]) -> list[users.User]:
    return await users.list_for_admin(connection, **parameters(given))


@pytest.fixture(scope="module")
def server(shared_database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(shared_database_url, autocommit=True) as connection:
        yield connection


_TEXT: Final = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(name=_TEXT, email=st.none() | _TEXT, search=_TEXT, part=st.slices(60))
@example(name="Ada", email=None, search="ad", part=slice(0, 3))
def test_trigrams_never_exclude_a_person_whose_name_or_email_has_the_search(
    server: psycopg.Connection, name: str, email: str | None, search: str, part: slice
) -> None:
    for each in {search, name[part], (email or "")[part].upper()} - {""}:
        row = server.execute(
            """
            SELECT
                strpos(lower(%(name)s), lower(%(search)s)) > 0
                OR strpos(lower(coalesce(%(email)s::text, '')), lower(%(search)s)) > 0,
                trigrams(%(name)s, %(email)s) @@ trigram_query(%(search)s)
            """,
            {"name": name, "email": email, "search": each},
        ).fetchone()
        assert row in {(True, True), (False, True), (False, False)}
