"""`plccoach-api openapi`: writes the committed OpenAPI document, generated from the default settings."""

from pathlib import Path

import msgspec
import rich_click as click

from plccoach_api import settings
from plccoach_api.rules.sessions import SessionCookie


@click.command("openapi")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def write_openapi(path: Path) -> None:
    """Write the OpenAPI document to PATH."""
    path.write_bytes(default_document())


def default_document() -> bytes:
    # Imported here, because both import Litestar, which no other command needs.
    from plccoach_api import openapi  # noqa: PLC0415
    from plccoach_api.app import create_app  # noqa: PLC0415

    defaults = settings.load({}, None)
    document = openapi.document(create_app(defaults), defaults, SessionCookie(secure=False))
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
