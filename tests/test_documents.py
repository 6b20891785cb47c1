"""docs/README.md is an index of every document, and no document links to a file that does not exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]

_LINK = re.compile(r"\]\((?P<target>[^)#:\s]+)(?:#[^)\s]*)?\)")
_CODE = re.compile(r"`[^`\n]*`")


def targets(document: Path) -> set[Path]:
    text = _CODE.sub("", document.read_text("utf-8"))
    return {(document.parent / link["target"]).resolve() for link in _LINK.finditer(text)}


def test_the_index_lists_every_document() -> None:
    files = {path for path in (ROOT / "docs").rglob("*") if path.is_file() and path.suffix in {".md", ".json", ".yaml"}}
    assert files - {ROOT / "docs" / "README.md"} - targets(ROOT / "docs" / "README.md") == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(document: Path) -> None:
    assert {target for target in targets(document) if not target.exists()} == set()
