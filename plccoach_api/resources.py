"""The folders of the files that are not Python, in a checkout and in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _folder(name: str) -> Path:
    """A wheel holds the top-level folders inside the package; a checkout holds them beside it."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


SQL = _folder("sql")
MIGRATIONS = _folder("alembic")
SAMPLE_CORPUS = _PACKAGE / "corpus" / "sample"
PAGES = _PACKAGE / "pages"
API_DOCUMENTATION = _PACKAGE / "openapi" / "pages"
