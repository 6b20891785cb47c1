"""Measures the coach's retrieval, refusals and citations: `just eval`, or `just eval --beir FOLDER`."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from plccoach_api import resources
from plccoach_api.corpus.ingest import ingest
from plccoach_api.database import embedded, migrations
from plccoach_api.embedding.local import LOCAL
from plccoach_api.logs.configuration import configure_logging
from tests.tools.eval import beir, handbook


def main() -> None:
    parser = argparse.ArgumentParser(prog="just eval", description=__doc__)
    parser.add_argument(
        "--beir", type=Path, metavar="FOLDER", help="measure the retrieval on a collection in the BEIR layout instead"
    )
    arguments = parser.parse_args()
    configure_logging("ERROR", readable=True)
    with tempfile.TemporaryDirectory(prefix="plceval") as folder, embedded.running(Path(folder)) as url:
        migrations.upgrade(url)
        if arguments.beir:
            sys.exit(asyncio.run(beir.evaluate(url, arguments.beir)))
        asyncio.run(ingest(url, sorted(resources.SAMPLE_CORPUS.glob("*.md")), LOCAL))
        sys.exit(asyncio.run(handbook.evaluate(url)))


if __name__ == "__main__":
    main()
