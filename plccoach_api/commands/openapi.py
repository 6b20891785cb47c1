"""`plccoach-api openapi`: writes the committed OpenAPI document, generated from the default settings."""

import sys
from pathlib import Path

import msgspec
import rich_click as click

from plccoach_api import settings
from plccoach_api.commands.errors import CommandError
from plccoach_api.rules.sessions import SessionCookie


@click.command("openapi")
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
def write_openapi(path: Path) -> None:
    """Write the OpenAPI document to PATH, or to standard output if PATH is `-`.

    A PATH that ends in .yaml or .yml gets YAML, any other JSON.
    """
    content = default_document()
    if path.suffix in {".yaml", ".yml"}:
        content = msgspec.yaml.encode(msgspec.json.decode(content))
    if str(path) == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        path.write_bytes(content)
    except FileNotFoundError:
        raise CommandError(f"{path.parent}: not found") from None
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None


def default_document() -> bytes:
    # Imported here, because both import Litestar, which no other command needs.
    from plccoach_api import openapi  # noqa: PLC0415
    from plccoach_api.app import create_app  # noqa: PLC0415

    defaults = settings.load({}, None)
    document = openapi.document(create_app(defaults), defaults, SessionCookie(secure=False))
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
