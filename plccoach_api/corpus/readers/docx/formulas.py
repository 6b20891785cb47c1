"""The formulas of a DOCX on one line: `a/b`, `x^2`, `√(x + 1)`. Their letters alone would be other formulas."""

from collections.abc import Callable, Mapping
from typing import Any

from docx.oxml.ns import qn

FORMULA = qn("m:oMath")
_TEXTS = {qn("m:t"), qn("w:t")}
_NO_TEXT = {qn("w:del"), qn("w:moveFrom"), qn("w:rPr")}
_MATH = qn("m:t").removesuffix("t")
_OVER_LETTER = "\u0302"


def formula_text(node: Any) -> str:
    """Returns the words and signs of a formula or a part of one."""
    if node.tag in _TEXTS:
        return node.text or ""
    if not isinstance(node.tag, str) or node.tag in _NO_TEXT or node.tag.endswith("Pr"):
        return ""
    written = _WRITTEN.get(node.tag.removeprefix(_MATH))
    return written(node) if written else "".join(map(formula_text, node))


def _part(node: Any, name: str) -> str:
    child = node.find(qn(f"m:{name}"))
    return "" if child is None else formula_text(child).strip()


def _grouped(text: str) -> str:
    return text if text.isalnum() or len(text) < 2 or _is_in_brackets(text) else f"({text})"  # noqa: PLR2004


def _is_in_brackets(text: str) -> bool:
    return text[0] == "(" and text.find(")") == len(text) - 1


def _sign(node: Any, properties: str, name: str, default: str) -> str:
    """Returns a sign that stands in an attribute. One that is there without a value is no sign."""
    found = node.find(f"{qn(f'm:{properties}')}/{qn(f'm:{name}')}")
    return default if found is None else found.get(qn("m:val"), "")


def _fraction(node: Any) -> str:
    has_bar = _sign(node, "fPr", "type", "bar") != "noBar"
    above, below = _part(node, "num"), _part(node, "den")
    return f"{_grouped(above)}/{_grouped(below)}" if has_bar else f"{above} {below}"


def _scripts(node: Any) -> str:
    low, high = _part(node, "sub"), _part(node, "sup")
    return _grouped(_part(node, "e")) + (low and f"_{_grouped(low)}") + (high and f"^{_grouped(high)}")


def _scripts_before(node: Any) -> str:
    low, high = _part(node, "sub"), _part(node, "sup")
    return (low and f"_{_grouped(low)}") + (high and f"^{_grouped(high)}") + _part(node, "e")


def _root(node: Any) -> str:
    return f"{_part(node, 'deg')}\u221a{_grouped(_part(node, 'e'))}"


def _sum(node: Any) -> str:
    low, high = _part(node, "sub"), _part(node, "sup")
    sign = _sign(node, "naryPr", "chr", "\u222b")
    return f"{sign}{low and f'_{_grouped(low)}'}{high and f'^{_grouped(high)}'} {_part(node, 'e')}"


def _brackets(node: Any) -> str:
    parts = [formula_text(each).strip() for each in node.findall(qn("m:e"))]
    inside = _sign(node, "dPr", "sepChr", "|").join(parts)
    return f"{_sign(node, 'dPr', 'begChr', '(')}{inside}{_sign(node, 'dPr', 'endChr', ')')}"


def _function(node: Any) -> str:
    return f"{_part(node, 'fName')} {_part(node, 'e')}"


def _limit(node: Any) -> str:
    return f"{_part(node, 'e')}_{_grouped(_part(node, 'lim'))}"


def _accent(node: Any) -> str:
    letter = _part(node, "e")
    return letter + _sign(node, "accPr", "chr", _OVER_LETTER) if len(letter) == 1 else letter


def _rows(node: Any) -> str:
    return "; ".join(formula_text(each).strip() for each in node if each.tag in {qn("m:mr"), qn("m:e")})


def _row(node: Any) -> str:
    return ", ".join(formula_text(each).strip() for each in node.findall(qn("m:e")))


_WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "f": _fraction,
    "sSub": _scripts,
    "sSup": _scripts,
    "sSubSup": _scripts,
    "sPre": _scripts_before,
    "rad": _root,
    "nary": _sum,
    "d": _brackets,
    "func": _function,
    "limLow": _limit,
    "limUpp": _limit,
    "acc": _accent,
    "m": _rows,
    "eqArr": _rows,
    "mr": _row,
}
