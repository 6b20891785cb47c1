"""`python -m tests.tools.problem_table` writes the table of all problems into docs/front-end.md, from their classes."""

import re
from pathlib import Path

from plccoach_api.problems import KINDS

DOCUMENT = Path(__file__).parents[2] / "docs" / "front-end.md"
_PLACE = re.compile(r"(?<=tests\.tools\.problem_table` -->\n).*?(?=<!-- end of problems -->)", re.DOTALL)


def with_table(text: str) -> str:
    kinds = sorted(KINDS, key=lambda kind: (kind.status, kind.slug))
    rows = [f"| `{kind.slug}` | {kind.status} | {' '.join((kind.__doc__ or '').split())} |\n" for kind in kinds]
    table = "| type | status | meaning |\n|---|---|---|\n" + "".join(rows)
    return _PLACE.sub(lambda _: table, text)


def main() -> None:
    DOCUMENT.write_text(with_table(DOCUMENT.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
