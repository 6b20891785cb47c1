"""The words of a paragraph of a DOCX, without deleted and hidden text and the numbers of notes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from plccoach_api.corpus.book import count_characters
from plccoach_api.corpus.readers.docx.formulas import FORMULA, formula_text
from plccoach_api.corpus.readers.docx.symbols import sign_of
from plccoach_api.corpus.readers.docx.values import is_on, value_of
from plccoach_api.corpus.readers.note_numbers import NOTE_NUMBERS, is_raised_note_number

_PARAGRAPH, _RUN = qn("w:p"), qn("w:r")
_TEXTS = {qn("w:t"), qn("m:t")}
_SIGNS = {**dict.fromkeys(map(qn, ("w:tab", "w:br", "w:cr", "w:ptab")), " "), qn("w:noBreakHyphen"): "-"}
DELETED = {qn("w:del"), qn("w:moveFrom")}
_PROPERTIES = {qn(name) for name in ("w:pPr", "w:rPr", "w:sdtPr", "w:rt")}
BOX = qn("w:txbxContent")
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass(slots=True)
class Words:
    """`boxes` are the texts of the text boxes that hang on the paragraph."""

    text: str
    boxes: list[str]
    left_out: Counter[str] = field(default_factory=Counter)


def read_words(paragraph: Any) -> Words:
    words: list[str] = []
    boxes: list[str] = []
    left_out = Counter[str]()
    stack = [*reversed(paragraph)]
    while stack:
        node = stack.pop()
        if node.tag in _TEXTS:
            words.append(node.text or "")
        elif node.tag == FORMULA:
            words.append(formula_text(node))
        elif node.tag in _SIGNS:
            words.append(_SIGNS[node.tag])
        elif node.tag == qn("w:sym"):
            words.append(sign_of(node))
            left_out["symbols without a letter"] += not words[-1]
        elif node.tag == BOX:
            in_box = [read_words(each) for each in _paragraphs(node)]
            boxes += [text for each in in_box for text in (each.text, *each.boxes) if text]
            left_out += sum((each.left_out for each in in_box), Counter[str]())
        elif node.tag in DELETED:
            left_out["deleted text"] += sum(len(each.text or "") for each in node.iter(qn("w:delText")))
        elif node.tag == FALLBACK or node.tag in _PROPERTIES:
            continue
        elif node.tag == _RUN and (reason := _reason(node, words)):
            left_out[reason] += count_characters(_text(node))
        else:
            stack += reversed(node)
    return Words(" ".join("".join(words).split()), boxes, left_out)


def _paragraphs(box: Any) -> Iterator[Any]:
    """Yields the paragraphs of a box, without those of the boxes in it."""
    for each in box.iter(_PARAGRAPH):
        if next(each.iterancestors(BOX)) is box:
            yield each


def _reason(run: Any, words: list[str]) -> str | None:
    """Returns why the text of a run is left out, or None."""
    properties = run.find(qn("w:rPr"))
    if is_on(properties, "w:vanish"):
        return "hidden text"
    is_raised = value_of(properties, "w:vertAlign") == "superscript"
    before = "".join(words[-5:])
    return NOTE_NUMBERS if is_raised and is_raised_note_number(_text(run), before) else None


def _text(run: Any) -> str:
    return "".join(each.text or "" for each in run.iter(*_TEXTS))
