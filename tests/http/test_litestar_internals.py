"""The internals of Litestar that the service relies on behave as they did when they were checked."""

from importlib.metadata import version

from litestar import Litestar
from litestar.routes import HTTPRoute

from plccoach_api.http.litestar_internals import CHECKED_VERSION


def test_the_installed_litestar_is_the_version_that_was_checked() -> None:
    installed = ".".join(version("litestar").split(".")[:2])
    assert installed == CHECKED_VERSION, (
        f"Litestar {installed} is installed, but http/litestar_internals.py was checked with {CHECKED_VERSION}. "
        "Read in Litestar's source what each function of that file uses, run all tests, and then write the new version "
        "into CHECKED_VERSION and into pyproject.toml."
    )


async def test_no_dependency_is_resolved_in_a_task_of_its_own(app: Litestar) -> None:
    batches = [
        batch
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for _, model in route.route_handler_map.values()
        for batch in model.dependency_batches
    ]
    assert len(batches) > 30
    assert all(len(batch) == 1 for batch in batches)
