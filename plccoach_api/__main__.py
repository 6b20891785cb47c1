"""The entry of the command `plccoach-api`, and of `python -m plccoach_api`."""


def main() -> None:
    # Each worker imports this module again, because it is spawned, and needs nothing of the command line.
    from plccoach_api import cli  # noqa: PLC0415

    cli.main()


if __name__ == "__main__":
    main()
