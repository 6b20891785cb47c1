"""The styles of a DOCX: which of them are headings, and which print numbers."""

import re
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from plccoach_api.corpus.readers.docx.numbering import numbering_of
from plccoach_api.corpus.readers.docx.values import number_of, value_of

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
    def __init__(self, root: Any) -> None:
        self._elements = {each.get(qn("w:styleId")): each for each in root.iter(qn("w:style"))}
        self._styles: dict[str | None, Style] = {}

    def get(self, style_id: str | None) -> Style:
        if style_id not in self._styles:
            self._styles[style_id] = self._read(style_id)
        return self._styles[style_id]

    def _read(self, style_id: str | None) -> Style:
        """Reads a style, with what it takes from the styles below it. The id of a missing style is its name."""
        element = self._elements.get(style_id) if style_id else None
        style = Style(_name(element) if element is not None else "")
        if element is None and (heading := _HEADING.fullmatch((style_id or "").lower())):
            style.level = _level(heading[1])
        is_level_known = False
        for _ in range(_MOST_BASE_STYLES):
            if element is None:
                break
            properties = element.find(qn("w:pPr"))
            if style.number is None:
                style.number, style.number_level = numbering_of(properties)
            outline = properties.find(qn("w:outlineLvl")) if properties is not None else None
            heading = _HEADING.fullmatch(_name(element))
            if not is_level_known and (heading or outline is not None):
                is_level_known = True
                style.level = _level(heading[1]) if heading else outline_level(outline)
            element = self._elements.get(value_of(element, "w:basedOn"))
        return style


def style_of(paragraph: Any) -> str | None:
    """Returns the id of the style that a paragraph names."""
    return value_of(paragraph.find(qn("w:pPr")), "w:pStyle")


def outline_level(outline: Any) -> int:
    """Returns 1 to 6; Word's level 9 is body text."""
    value = number_of(outline.get(qn("w:val")), _DEEPEST_LEVEL)
    return value + 1 if value < _DEEPEST_LEVEL else 0


def _name(element: Any) -> str:
    return (value_of(element, "w:name") or "").lower()


def _level(digit: str) -> int:
    return min(int(digit), _DEEPEST_LEVEL)
