"""The words of diagrams (SmartArt) and charts, which stand in parts of their own."""

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from plccoach_api.corpus.book import count_characters
from plccoach_api.corpus.readers.docx.words import BOX

DIAGRAM, CHARTS = "diagramData", frozenset({"chart", "chartEx"})
_PLACE = "{*}relIds"
# The points of a diagram that only place others.
_NO_TEXT = {"pres", "parTrans", "sibTrans"}
_PARAGRAPH, _TEXT = qn("a:p"), qn("a:t")
_LABEL = "{*}strCache/{*}pt/{*}v"


def place_diagram(document: Any, relation: str, diagram: Any) -> None:
    """Puts the words of a diagram into the document, as a text box in the diagram's place."""
    for place in document.iter(_PLACE):
        if place.get(qn("r:dm")) == relation:
            box = etree.SubElement(place, BOX)
            for text in _paragraphs(diagram):
                run = etree.SubElement(etree.SubElement(box, qn("w:p")), qn("w:r"))
                etree.SubElement(run, qn("w:t")).text = text


def count_labels(chart: Any) -> int:
    """Counts the letters of a chart's titles and labels."""
    return sum(count_characters(each.text or "") for path in (_TEXT, _LABEL) for each in chart.iterfind(f".//{path}"))


def _paragraphs(diagram: Any) -> Iterator[str]:
    for point in diagram.iter("{*}pt"):
        if point.get("type") not in _NO_TEXT:
            for paragraph in point.iter(_PARAGRAPH):
                if text := "".join(each.text or "" for each in paragraph.iter(_TEXT)).strip():
                    yield text
