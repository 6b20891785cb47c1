"""Names for files that people download: safe on every system, and still the person's own words."""

import re
import unicodedata
from urllib.parse import quote

_BYTES = 100
# What some system or shell gives a meaning, and what cannot be seen.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f%]')
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_NOT_ASCII = re.compile(r"[^\x20-\x7e]+")


def file_name(title: str, extension: str, *, otherwise: str = "conversation") -> str:
    """The title as a file's name of at most 100 bytes before its extension."""
    allowed = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", title))
    stem = " ".join("".join(each for each in allowed if _is_visible(each)).split())
    stem = stem.encode()[:_BYTES].decode(errors="ignore").strip(" .~-")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"{otherwise} {stem}".strip()
    return f"{stem}.{extension}"


def attachment(name: str) -> str:
    """The Content-Disposition (RFC 6266): in UTF-8, with an approximation in ASCII for clients that don't know that."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, _, extension = _NOT_ASCII.sub("", plain).rpartition(".")
    ascii_name = file_name(stem, extension)
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE
