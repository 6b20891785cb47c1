"""Says what a file is that is named `.docx` and is no DOCX."""

import mmap
from pathlib import Path

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED, _OLD_WORD = (name.encode("utf-16-le") for name in ("EncryptedPackage", "WordDocument"))
_BEGINNINGS = {b"{\\rtf": "it is RTF; save it as .docx", b"<": "it is a web page or XML; save it as .docx"}


def reason_of(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[: len(_COMPOUND)] == _COMPOUND:
            if data.find(_ENCRYPTED) >= 0:
                return "it is encrypted; save it without a password"
            if data.find(_OLD_WORD) >= 0:
                return "it has Word's old format; save it as .docx"
        start = bytes(data[:100]).removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((reason for mark, reason in _BEGINNINGS.items() if start.startswith(mark)), "it is a broken DOCX")
