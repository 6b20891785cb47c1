"""Says which elements of an EPUB's text hold words that are not read, and why."""

import re
from collections.abc import Mapping

from plccoach_api.corpus.readers.gutenberg import GUTENBERG

_MEDIA, _RUBY, _FORMULAS = "substitutes for media", "readings of characters (ruby)", "sources of formulas"
# The reason of what no reader shows, which is not reported.
NO_TEXT = ""
_SKIPPED = {
    "head": NO_TEXT,
    "title": NO_TEXT,
    "script": NO_TEXT,
    "style": NO_TEXT,
    "nav": "list of contents",
    "rt": _RUBY,
    "rtc": _RUBY,
    "rp": _RUBY,
    "annotation": _FORMULAS,
    "annotation-xml": _FORMULAS,
    "case": "alternatives for other programs",
    "desc": "descriptions of drawings",
    "metadata": "descriptions of drawings",
    **dict.fromkeys(("audio", "video", "iframe", "noscript", "template", "canvas"), _MEDIA),
    **dict.fromkeys(("select", "textarea", "button"), "forms"),
}
_SKIPPED_TYPES = {"toc": "list of contents", "loi": "list of contents", "lot": "list of contents", "index": "index"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Some programs write such words for each formula.
_NO_WORDS = re.compile(r"\bnot available\b|^(?:math|formula|equation|image)$", re.IGNORECASE)


def skip_reason(tag: str, attributes: Mapping[str, str]) -> str | None:
    if tag in _SKIPPED:
        return _SKIPPED[tag]
    if tag == "math" and _has_words(attributes):
        return _FORMULAS
    if "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style", "")):
        return "hidden text"
    if "pg-boilerplate" in attributes.get("class", "").split():
        return GUTENBERG
    kinds = attributes.get("epub:type", "").split() if tag != "body" else []
    return next((_SKIPPED_TYPES[each] for each in kinds if each in _SKIPPED_TYPES), None)


def _has_words(formula: Mapping[str, str]) -> bool:
    words = formula.get("alttext", "").strip()
    return bool(words) and not _NO_WORDS.search(words)
