"""The values of a DOCX's elements. The library raises an error for one that is missing or wrong; these do not."""

from typing import Any, TypeVar

from docx.oxml.ns import qn

_OFF = {"0", "false", "off"}
_MOST_DIGITS = 6
_Default = TypeVar("_Default", int, None)


def value_of(element: Any, name: str) -> str | None:
    """Returns the value of a child."""
    child = element.find(qn(name)) if element is not None else None
    return None if child is None else child.get(qn("w:val"))


def is_on(element: Any, name: str) -> bool:
    """Returns True for a child that switches something on, such as bold type. It needs no value."""
    child = element.find(qn(name)) if element is not None else None
    return child is not None and child.get(qn("w:val")) not in _OFF


def number_of(text: str | None, default: _Default) -> int | _Default:
    return int(text) if text and text.isdecimal() and len(text) <= _MOST_DIGITS else default
