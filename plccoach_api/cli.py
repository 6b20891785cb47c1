"""The command line: the group of the commands in commands/, each in a file of its own.

Only `openapi` imports the application; `serve` leaves that to its workers. `--help` needs no settings.
"""

import rich_click as click

from plccoach_api.commands import books, doctor, ingest, migrate, model, openapi, serve, sessions, users
from plccoach_api.commands.errors import report_errors
from plccoach_api.version import VERSION


def main() -> None:
    with report_errors():
        commands(prog_name="plccoach-api")


@click.group()
@click.version_option(VERSION, message="%(version)s")
def commands() -> None:
    """Serve the PLC Coach API, and manage its database."""


commands.add_command(serve.serve)
commands.add_command(migrate.migrate)
commands.add_command(doctor.doctor)
commands.add_command(ingest.ingest_books)
commands.add_command(books.commands)
commands.add_command(model.commands)
commands.add_command(openapi.write_openapi)
commands.add_command(users.commands)
commands.add_command(sessions.commands)
