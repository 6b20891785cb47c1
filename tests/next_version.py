"""The next version of the service: this one with one more migration, which adds a column and no code."""

import shutil
from pathlib import Path

import plccoach_api
from plccoach_api import resources
from plccoach_api.database import migrations

REVISION = "9999"
_MIGRATION = '''"""A column that a newer version adds."""

from alembic import op

revision = "{revision}"
down_revision = "{head}"
oldest = "{oldest}"


def upgrade() -> None:
    op.execute("ALTER TABLE conversations ADD COLUMN mood text")


def downgrade() -> None:
    op.execute("ALTER TABLE conversations DROP COLUMN mood")
'''


def copy_migrations(scripts: Path, *, oldest: str | None = None) -> None:
    """Copies the migrations and adds one. By default this version can run on the newer schema."""
    shutil.copytree(resources.MIGRATIONS, scripts, ignore=_CACHES, dirs_exist_ok=True)
    text = _MIGRATION.format(revision=REVISION, head=migrations.head(), oldest=oldest or migrations.head())
    (scripts / "versions" / f"{REVISION}_mood.py").write_text(text)


def copy_service(folder: Path) -> dict[str, str]:
    """Copies the service with the migration. Returns the setting with which Python imports the copy."""
    package = Path(plccoach_api.__file__).parent
    shutil.copytree(package, folder / package.name, ignore=_CACHES)
    shutil.copytree(resources.SQL, folder / "sql")
    copy_migrations(folder / "alembic")
    return {"PYTHONPATH": str(folder)}


_CACHES = shutil.ignore_patterns("__pycache__")
