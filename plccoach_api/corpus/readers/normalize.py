"""Normalises the text of every format once: a letter has one form, and marks that nobody sees are gone.

It turns ligatures into letters, decodes misread Windows-1252, maps every space to a plain one, and composes
accents (NFC). A word with a glyph that nobody can decode is left out, because half a word would be wrong.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Sequence

from plccoach_api.corpus.book import PageStart, Paragraph, join_paragraphs

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_SPACES = [0x09, 0x0B, 0x0C, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]
_INVISIBLE = [
    *range(0x20),
    0x7F,
    0x034F,
    0x061C,
    0x115F,
    0x1160,
    0x180E,
    0x200B,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0x3164,
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    0xFFFE,
    0xFFFF,
]
# The bullets of the fonts Symbol and Wingdings.
_BULLETS = dict.fromkeys((0xF06C, 0xF06E, 0xF0A7, 0xF0B7), "\u2022")
# A control character from 0x80 on is a character of Windows-1252 that was read as Latin-1.
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
_TRANSLATION: dict[int, str | None] = {
    **dict.fromkeys(_INVISIBLE),
    **_WINDOWS,
    **dict.fromkeys(_SPACES, " "),
    **_LIGATURES,
    **_BULLETS,
    0x0A: "\n",
    0x2028: "\n",
    0x2029: "\n",
    # The long s of old prints, which PDFium also shows for a ligature.
    0x017F: "s",
    0x2010: "-",
    0x2011: "-",
}
_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
# Some scripts need joiners between their letters, and emojis too. Beside Latin letters and spaces they do nothing.
_JOINERS = re.compile("[\u200c\u200d]+")
_NEEDS_NO_JOINER = re.compile(rf"[\x00-\x7f\u0300-\u036f{_LATIN}]|")
_SOFT_HYPHEN = re.compile(r"\u00ad\s*")
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_PRIVATE_GLYPH = re.compile(f"[{_PRIVATE}]")
_UNDECODED = re.compile(rf"[(<\[]cid:?\d+[)>\]]|(?<=\w)[{_PRIVATE}]|[{_PRIVATE}](?=\w)", re.IGNORECASE)
_WORD = re.compile(r"\S+\s*")

_LINE_END = re.compile(r"(?P<word>\w[\w'\u2019-]{0,60})?(?P<hyphen>[-\u2010\u2011\u00ad])\s*\Z")
_LINE_START = re.compile(r"\s*(?P<word>\w[\w'\u2019]{0,60})")
_NUMBER_RANGE = re.compile(r"\d\u2013\s*\Z")
_VOCABULARY_WORD = re.compile(r"\w+(?:['\u2019\u2010\u2011-]\w+)*")
# These words end a compound, and hardly ever are the second half of a divided word.
_COMPOUND_ENDS = frozenset(
    {"aligned", "based", "building", "centered", "centred", "driven", "focused", "friendly", "level", "making"}
    | {"oriented", "related", "solving", "specific", "term", "wide", "year"}
)
# "well-known" and "self-study", but not "wellness" and "selfish".
_COMPOUND_STARTS = frozenset({"self", "well"})
_NO_COMPOUND_ENDS = frozenset({"hood", "ing", "ish", "less", "ness", "same", "spring"})
# "pre- and post-test"
_AFTER_SUSPENDED_HYPHEN = frozenset({"and", "or", "to", "und", "oder", "bis", "y", "o", "et", "ou"})


def normalize(text: str) -> str:
    """Returns the text that is stored. Normalising it again changes nothing."""
    return _normalize(text)[0]


def encodable(text: str) -> str:
    """Replaces lone surrogates, such as stand for the bytes of a name that is not UTF-8. UTF-8 cannot encode them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def count_undecoded(text: str) -> int:
    """Returns how many characters stand in words that `normalize` leaves out, because a glyph has no letter."""
    return _normalize(text)[1]


def normalize_paragraph(paragraph: Paragraph) -> Paragraph:
    """Normalises the text, and moves the offset of each page with it."""
    text = normalize(paragraph.text)
    if text == paragraph.text:
        return paragraph
    offsets = [each.offset for each in paragraph.page_starts]
    parts = [paragraph.text[start:end] for start, end in zip([0, *offsets], [*offsets, None], strict=True)]
    starts: list[PageStart] = []
    length = 0
    for part, start in zip(parts, paragraph.page_starts, strict=False):
        length += len(normalize(part))
        starts.append(PageStart(min(length, len(text)), start.page))
    return Paragraph(text, tuple(starts))


def find_vocabulary(lines: Iterable[str]) -> frozenset[str]:
    """Returns the words and compounds of a book, in small letters, without those that a line end divides.

    The last word of a compound is there with its hyphen too: a book that writes "long-term" writes "short-term".
    """
    words: set[str] = set()
    after_hyphen = False
    for line in lines:
        found = [
            match[0].lower().replace("\u2010", "-").replace("\u2011", "-") for match in _VOCABULARY_WORD.finditer(line)
        ]
        is_divided = _LINE_END.search(line[-80:]) is not None
        words.update(found[after_hyphen : len(found) - is_divided])
        after_hyphen = is_divided
    words.update([f"-{word.rpartition('-')[2]}" for word in words if "-" in word])
    return frozenset(words)


def join_lines(lines: Sequence[str], vocabulary: Container[str]) -> str:
    """Joins wrapped lines. The vocabulary tells a hyphen that divides a word from one that belongs to it."""
    return join_line_paragraphs([Paragraph(line) for line in lines], vocabulary).text


def join_line_paragraphs(lines: Sequence[Paragraph], vocabulary: Container[str]) -> Paragraph:
    """Joins wrapped lines, and keeps the page of each."""
    joined: list[Paragraph] = []
    for line in lines:
        if not line.text.strip():
            continue
        if joined:
            joined[-1], separator = _before(joined[-1], line.text, vocabulary)
            joined.append(Paragraph(separator))
        joined.append(line.stripped())
    return join_paragraphs(joined, "")


def _before(line: Paragraph, following: str, vocabulary: Container[str]) -> tuple[Paragraph, str]:
    """Returns the line without the hyphen that divides its last word, and what stands between it and the next line."""
    end = _LINE_END.search(line.text, max(0, len(line.text) - 80))
    start = _LINE_START.match(following)
    if start and start["word"][0].isdigit() and _NUMBER_RANGE.search(line.text[-3:]):
        return line, ""
    if end is None or end["word"] is None or start is None:
        return line, " "
    if start["word"].lower() in _AFTER_SUSPENDED_HYPHEN and end["hyphen"] != "\u00ad":
        return line, " "
    if end["hyphen"] != "\u00ad" and _keeps_hyphen(end["word"], start["word"], vocabulary):
        return line, ""
    return line.part(0, end.start("hyphen")), ""


def _keeps_hyphen(word: str, following: str, vocabulary: Container[str]) -> bool:
    word, rest = word.lower(), following.lower()
    last = word.rpartition("-")[2]
    if f"{word}{rest}" in vocabulary or f"{last}{rest}" in vocabulary:
        return False
    # A word is not divided after its first letter: "e-mail", "X-ray".
    is_compound = "-" in word or not following[0].islower() or not last.isalpha() or len(last) == 1
    is_compound |= last in _COMPOUND_STARTS and rest not in _NO_COMPOUND_ENDS
    is_end = rest in _COMPOUND_ENDS or f"-{rest}" in vocabulary
    return is_compound or is_end or f"{word}-{rest}" in vocabulary


def _without_joiners(match: re.Match[str]) -> str:
    text = match.string
    around = (text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1])
    return "" if any(_NEEDS_NO_JOINER.fullmatch(each) for each in around) else match[0]


def _normalize(text: str) -> tuple[str, int]:
    if text.isascii() and text.isprintable() and "cid" not in text.lower():
        return text, 0
    text = _SOFT_HYPHEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_TRANSLATION)
    text = _composed(text)
    undecoded = 0
    if _UNDECODED.search(text):
        words = [match[0] for match in _WORD.finditer(text)]
        undecoded = sum(len(word.strip()) for word in words if _UNDECODED.search(word))
        leading = text[: len(text) - len(text.lstrip())]
        text = leading + "".join(word for word in words if not _UNDECODED.search(word))
    # A glyph that goes may leave a joiner at the end of a word.
    return _composed(_PRIVATE_GLYPH.sub("", text)), undecoded


def _composed(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", _JOINERS.sub(_without_joiners, text))
