"""Reads the members of an EPUB's zip archive, within limits, under the names that the EPUB's documents use."""

import unicodedata
import zipfile
import zlib
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from plccoach_api.corpus.book import UnreadableBook

# A book with a picture for each page has a few thousand members.
_MOST_MEMBERS = 20_000
# The longest novels have four megabytes of text. A member that is read has only text and markup.
_MOST_MEMBER_BYTES = 50_000_000
_MOST_BYTES = 200_000_000
# Markup rarely shrinks to less than a twentieth. A zip bomb shrinks to a thousandth.
_MOST_GROWTH = 200
_SMALL_BYTES = 10_000_000
_UTF8_NAME = 0x800
_MEGABYTE = 1_000_000


class BrokenMember(Exception):
    """A member cannot be read. The message says why."""


class Archive:
    """Finds a member also when its name differs in Unicode form, case, percent-encoding or slashes."""

    def __init__(
        self, archive: zipfile.ZipFile, *, most_members: int = _MOST_MEMBERS, most_bytes: int = _MOST_BYTES
    ) -> None:
        members = archive.infolist()
        if len(members) > most_members:
            raise UnreadableBook(f"it has more than {most_members:,} files in it")
        self._archive = archive
        self._members = {each.filename: each for each in members}
        self._names: dict[str, str] = {}
        for each in members:
            for name in _spellings(each):
                self._names.setdefault(_key(name), each.filename)
        self._most_bytes = most_bytes
        self._bytes_read = 0

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def find(self, name: str) -> str | None:
        """Returns a member's name as the archive spells it, or None if there is no such member."""
        return name if name in self._members else self._names.get(_key(name))

    def size(self, name: str) -> int:
        return self._members[name].file_size

    def read(self, name: str) -> bytes:
        """Raises BrokenMember, and UnreadableBook for a zip bomb."""
        member = self._members[name]
        self._check_size(member)
        try:
            return self._archive.read(member)
        except NotImplementedError as error:
            raise BrokenMember("it is compressed in an unknown way") from error
        except RuntimeError as error:
            raise BrokenMember("it is protected by a password") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise BrokenMember("its data is damaged") from error

    def _check_size(self, member: zipfile.ZipInfo) -> None:
        self._bytes_read += member.file_size
        growth = member.file_size / max(member.compress_size, 1)
        if member.file_size > _SMALL_BYTES and growth > _MOST_GROWTH:
            raise UnreadableBook(f"it is a zip bomb: a file in it grows to {growth:.0f} times its size")
        if member.file_size > _MOST_MEMBER_BYTES:
            raise UnreadableBook(f"a text in it is larger than {_MOST_MEMBER_BYTES // _MEGABYTE} MB")
        if self._bytes_read > self._most_bytes:
            raise UnreadableBook(f"its texts are larger than {self._most_bytes // _MEGABYTE} MB")


def resolve(base: str, target: str) -> str:
    """Returns the name of the member to which a link in `base` leads. An absolute path begins at the archive's root."""
    return _from_root(normpath(join(dirname(base), _unquoted(target.partition("#")[0].partition("?")[0]))))


def _unquoted(target: str) -> str:
    """Decodes percent-encoded UTF-8 or, as old programs write it, Latin-1."""
    return unquote(target) if "\ufffd" not in unquote(target) else unquote(target, "latin-1")


def _from_root(path: str) -> str:
    """Removes slashes and steps above the root."""
    return "/".join(part for part in path.replace("\\", "/").split("/") if part not in {"", ".", ".."})


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", _from_root(_unquoted(name))).casefold()


def _spellings(member: zipfile.ZipInfo) -> list[str]:
    """Returns a member's name, first as UTF-8 if it is, because many archives do not say that their names are."""
    if not member.flag_bits & _UTF8_NAME:
        try:
            return [member.filename.encode("cp437").decode("utf-8"), member.filename]
        except UnicodeError:
            pass
    return [member.filename]
