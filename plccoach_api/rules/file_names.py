"""Names for downloaded files, made from the user's own words and safe on every system."""

import re
import unicodedata
from urllib.parse import quote

_MOST_BYTES = 100
_DEFAULT_STEM = "conversation"
# Characters that have a meaning to some system or shell, and characters that cannot be seen.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f%]')
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_NOT_ASCII = re.compile(r"[^\x20-\x7e]+")


def file_name(title: str, extension: str) -> str:
    """Returns the title, cut to 100 bytes, with the extension. A name that is empty or reserved gets a prefix."""
    allowed = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", title))
    stem = " ".join("".join(each for each in allowed if _is_visible(each)).split())
    stem = stem.encode()[:_MOST_BYTES].decode(errors="ignore").strip(" .~-")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"{_DEFAULT_STEM} {stem}".strip()
    return f"{stem}.{extension}"


def attachment(name: str) -> str:
    """Returns the Content-Disposition (RFC 6266). Clients that do not know UTF-8 use its ASCII name."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, _, extension = _NOT_ASCII.sub("", ascii_only).rpartition(".")
    ascii_name = file_name(stem, extension)
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE
