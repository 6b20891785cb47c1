"""The schemas on which a version of the service can run."""

import pytest

from plccoach_api.rules import revisions

KNOWN = ("0001", "0002", "0003")


@pytest.mark.parametrize(
    ("revision", "oldest", "behind", "runs"),
    [
        (None, None, True, False),
        ("0001", "0001", True, False),
        ("0002", None, True, False),
        ("0003", "0001", False, True),
        ("0003", "0003", False, True),
        ("0004", "0001", False, True),
        ("0009", "0003", False, True),
        ("0009", "0004", False, False),
        # The service before this rule left a schema that does not name its oldest revision.
        ("0003", None, True, False),
        ("0009", None, False, False),
    ],
)
def test_a_version_runs_on_its_own_schema_and_on_newer_schemas_that_allow_it(
    revision: str | None, oldest: str | None, *, behind: bool, runs: bool
) -> None:
    assert revisions.is_behind(KNOWN, revision=revision, oldest=oldest) is behind
    assert revisions.can_run(KNOWN, revision=revision, oldest=oldest) is runs


@pytest.mark.parametrize(
    ("revision", "lacking"),
    [(None, KNOWN), ("0001", ("0002", "0003")), ("0003", ()), ("0009", ())],
)
def test_the_revisions_that_a_schema_lacks_are_pending(revision: str | None, lacking: tuple[str, ...]) -> None:
    assert revisions.pending(KNOWN, revision) == lacking
