"""What handlers ask for is resolved without a detour."""

from litestar import Litestar
from litestar.routes import HTTPRoute


def test_no_dependency_is_resolved_in_a_task_of_its_own(app: Litestar) -> None:
    batches = [
        batch
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for _, model in route.route_handler_map.values()
        for batch in model.dependency_batches
    ]
    assert len(batches) > 30
    assert all(len(batch) == 1 for batch in batches)
