"""The signs of the fonts Symbol and Wingdings, which a DOCX names by their places in the font."""

from collections.abc import Mapping
from typing import Any

from docx.oxml.ns import qn

# The places of capital and small letters are those of the Latin ones.
_CAPITALS, _SMALL = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_SYMBOL_PLACES = "2a a3 a5 ab ac ad ae af b0 b1 b3 b4 b6 b7 b8 b9 ba bb bc c7 c8 ce d5 d6 de e5 f2"
_SYMBOL_SIGNS = "*≤∞↔←↑→↓°±≥×∂•÷≠≡≈…∩∪∈∏√⇒∑∫"  # noqa: RUF001 - they are signs
# Word writes the first ones for "-->", "<--", ":)" and ":(".
_WINGDINGS_PLACES = "e0 df 4a 4c e1 e2 e8 f0 6f 71 a8 78 fd fe fc fb a7 9f"
_WINGDINGS_SIGNS = "→←☺☹↑↓→⇨☐☐☐☒☒☑✓✗▪•"


def _table(places: str, signs: str) -> dict[int, str]:
    return dict(zip(bytes.fromhex(places), signs, strict=True))


_SYMBOL = {
    **dict(enumerate(_CAPITALS, ord("A"))),
    **dict(enumerate(_SMALL, ord("a"))),
    **_table(_SYMBOL_PLACES, _SYMBOL_SIGNS),
}
_WINGDINGS = _table(_WINGDINGS_PLACES, _WINGDINGS_SIGNS)
_FONTS: Mapping[str, Mapping[int, str]] = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}
_LAST_BYTE = 0xFF


def sign_of(symbol: Any) -> str:
    """Returns the sign of a `w:sym`, or nothing for one that is not known."""
    try:
        place = int(symbol.get(qn("w:char"), ""), 16) & _LAST_BYTE
    except ValueError:
        return ""
    return _FONTS.get(symbol.get(qn("w:font"), "").lower(), {}).get(place, "")
