"""The audit log records every change of a role or a status, and nothing else."""

from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from plccoach_api import settings
from plccoach_api.app import create_app
from plccoach_api.database.pool import Database
from plccoach_api.identity.profile import Organization
from plccoach_api.rules.roles import Role
from tests.people import LINCOLN, WASHINGTON, session_cookie


class Staff:
    """The application behind a proxy, and people who sign in to it."""

    def __init__(self, client: AsyncClient, database: Database) -> None:
        self.client = client
        self.database = database

    async def sign_in(
        self, subject: str, role: Role = Role.educator, organization: Organization | None = LINCOLN
    ) -> dict[str, str]:
        cookie = await session_cookie(self.database, subject, role, organization)
        return cookie | {"X-Forwarded-For": "192.0.2.17"}

    async def id_of(self, headers: dict[str, str]) -> str:
        return str((await self.client.get("/auth/me", headers=headers)).json()["id"])

    async def change(self, by: dict[str, str], of: str, **change: str) -> int:
        return (await self.client.patch(f"/api/admin/users/{of}", headers=by, json=change)).status_code

    async def audit(self, headers: dict[str, str], query: str = "") -> list[dict[str, object]]:
        response = await self.client.get(f"/api/admin/audit{query}", headers=headers)
        assert response.status_code == 200, response.text
        return list(response.json()["items"])


@pytest.fixture
async def staff(database_url: str) -> AsyncIterator[Staff]:
    app = create_app(settings.load({"DATABASE_URL": database_url, "TRUSTED_PROXIES": "10.0.0.0/8"}, None))
    through_proxy = ASGITransport(app, client=("10.0.0.1", 4711))  # type: ignore[arg-type]
    async with app.lifespan(), AsyncClient(transport=through_proxy, base_url="http://testserver.local") as client:
        yield Staff(client, app.state.database)


async def test_an_audit_event_records_the_actor_the_target_the_values_the_time_and_the_address(staff: Staff) -> None:
    admin, ada = await staff.sign_in("priya", Role.admin), await staff.sign_in("ada")
    admin_id, ada_id = await staff.id_of(admin), await staff.id_of(ada)
    assert await staff.change(admin, ada_id, role="coach", status="inactive") == 200
    status, role = await staff.audit(admin)
    assert list(role) == ["id", "action", "actor", "target", "before", "after", "address", "created_at"]
    assert role["actor"] == status["actor"] == {"id": admin_id, "name": "Priya"}
    assert role["target"] == status["target"] == {"id": ada_id, "name": "Ada"}
    assert (role["action"], role["before"], role["after"]) == (
        *("role_changed", {"role": "educator"}, {"role": "coach"}),
    )
    assert (status["action"], status["before"], status["after"]) == (
        *("status_changed", {"status": "active"}, {"status": "inactive"}),
    )
    assert role["address"] == "192.0.2.17"
    assert str(role["created_at"]).endswith("Z")


async def test_a_request_that_changes_nothing_is_not_recorded(staff: Staff) -> None:
    admin, ada = await staff.sign_in("priya", Role.admin), await staff.sign_in("ada")
    assert await staff.change(admin, await staff.id_of(ada), role="educator", status="active") == 200
    assert await staff.audit(admin) == []


async def test_a_refused_change_is_not_recorded(staff: Staff) -> None:
    admin, ada = await staff.sign_in("priya", Role.admin), await staff.sign_in("ada")
    foreigner = await staff.sign_in("foreigner", organization=WASHINGTON)
    assert await staff.change(ada, await staff.id_of(admin), role="educator") == 403
    assert await staff.change(admin, await staff.id_of(foreigner), role="admin") == 404
    assert await staff.change(admin, await staff.id_of(admin), role="educator") == 409
    assert await staff.change(admin, await staff.id_of(ada), role="owner") == 400
    platform = await staff.sign_in("root", Role.admin, None)
    assert await staff.audit(platform) == []


async def test_a_role_that_the_provider_changed_is_recorded_without_an_actor(staff: Staff) -> None:
    admin = await staff.sign_in("priya", Role.admin)
    await staff.sign_in("ada")
    await staff.sign_in("ada", Role.admin)
    [event] = await staff.audit(admin)
    assert (event["actor"], event["address"]) == (None, None)
    assert (event["before"], event["after"]) == ({"role": "educator"}, {"role": "admin"})


async def test_an_administrator_reads_the_audit_of_their_own_organization(staff: Staff) -> None:
    lincoln, washington = await staff.sign_in("priya", Role.admin), await staff.sign_in("otto", Role.admin, WASHINGTON)
    ada, walt = await staff.sign_in("ada"), await staff.sign_in("walt", organization=WASHINGTON)
    await staff.change(lincoln, await staff.id_of(ada), role="coach")
    await staff.change(washington, await staff.id_of(walt), role="coach")
    platform = await staff.sign_in("root", Role.admin, None)
    targets = [
        [event["target"]["name"] for event in await staff.audit(headers)]  # type: ignore[index]
        for headers in (lincoln, washington, platform)
    ]
    assert targets == [["Ada"], ["Walt"], ["Walt", "Ada"]]


async def test_the_audit_pages_newest_first(staff: Staff) -> None:
    admin, ada = await staff.sign_in("priya", Role.admin), await staff.id_of(await staff.sign_in("ada"))
    for role in ("coach", "educator", "coach", "educator", "coach"):
        await staff.change(admin, ada, role=role)
    everything = await staff.audit(admin)
    first = (await staff.client.get("/api/admin/audit?limit=3", headers=admin)).json()
    rest = await staff.audit(admin, f"?limit=3&cursor={first['next_cursor']}")
    assert first["items"] + rest == everything
    assert len(everything) == 5
    assert (await staff.client.get("/api/admin/audit?cursor=nonsense", headers=admin)).status_code == 400
