"""The styles of a DOCX: which of them are headings, and which print numbers."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn

from plccoach_api.corpus.readers.docx_numbering import numbering_of

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument

_MOST_BASE_STYLES = 10
_DEEPEST_LEVEL = 6
# Word stores English names, but some other programs do not.
_HEADING = re.compile(
    r"(?:heading|titre|\u00fcberschrift|t\u00edtulo|titolo|kop|rubrik|overskrift|otsikko|nag\u0142\u00f3wek|"
    r"\u0437\u0430\u0433\u043e\u043b\u043e\u0432\u043e\u043a|\u6807\u9898|\u6a19\u984c|\u898b\u51fa\u3057) ?(\d)"
)


@dataclass(slots=True)
class Style:
    """`level` is that of a heading, or 0. `number` is the list of a style whose paragraphs are numbered."""

    name: str
    level: int = 0
    number: str | None = None
    number_level: int | None = None


class Styles:
    def __init__(self, document: "DocxDocument") -> None:
        self._elements = {each.style_id: each for each in document.styles}
        self._styles: dict[str | None, Style] = {}

    def get(self, style_id: str | None) -> Style:
        if style_id not in self._styles:
            self._styles[style_id] = self._read(style_id)
        return self._styles[style_id]

    def _read(self, style_id: str | None) -> Style:
        """Reads a style, with what it takes from the styles below it. The id of a missing style is its name."""
        element: Any = self._elements.get(style_id or "")
        style = Style(str(element.name or "").lower() if element is not None else "")
        if element is None and (heading := _HEADING.fullmatch((style_id or "").lower())):
            style.level = _level(heading[1])
        is_level_known = False
        for _ in range(_MOST_BASE_STYLES):
            if element is None:
                break
            properties = element.element.find(qn("w:pPr"))
            if style.number is None:
                style.number, style.number_level = numbering_of(properties)
            outline = properties.find(qn("w:outlineLvl")) if properties is not None else None
            heading = _HEADING.fullmatch(str(element.name or "").lower())
            if not is_level_known and (heading or outline is not None):
                is_level_known = True
                style.level = _level(heading[1]) if heading else outline_level(outline)
            element = element.base_style
        return style


def outline_level(outline: Any) -> int:
    """Returns 1 to 6; Word's level 9 is body text."""
    value = outline.get(qn("w:val"), "9")
    return int(value) + 1 if value.isdecimal() and int(value) < _DEEPEST_LEVEL else 0


def _level(digit: str) -> int:
    return min(int(digit), _DEEPEST_LEVEL)
