"""Reads an EPUB's package document: its metadata, its list of files, and the reading order of its texts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from plccoach_api.corpus.readers.authors import split_authors
from plccoach_api.corpus.readers.epub.archive import resolve
from plccoach_api.corpus.readers.epub.markup import local_name

_TEXT_TYPES = frozenset(
    {
        "application/xhtml+xml",
        "application/xml",
        "application/x-dtbook+xml",
        "text/html",
        "text/xml",
        "text/x-oeb1-document",
        "image/svg+xml",
    }
)
_TEXT_NAME = re.compile(r"\.(?:x?html?|xml)$", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"(?:image|audio|video|font)/")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_OTHER_TITLES = frozenset({"collection", "edition", "expanded", "series", "short", "subtitle"})
_NO_ORDER = 9999
_MOST_DIGITS = 4
# A role is a code of the Library of Congress, its address, or the word.
_ROLES = {"author": "aut", "editor": "edt", "illustrator": "ill", "translator": "trl"}


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the package. `fallback` is the id of the file that stands for a picture."""

    name: str
    media_type: str
    properties: frozenset[str]
    fallback: str

    @property
    def is_text(self) -> bool:
        if self.media_type in _TEXT_TYPES:
            return True
        return not _MEDIA_TYPE.match(self.media_type) and _TEXT_NAME.search(self.name) is not None


@dataclass(frozen=True, slots=True)
class Package:
    title: str | None
    authors: tuple[str, ...]
    year: int | None
    edition: str | None
    items: Mapping[str, Item]
    spine: tuple[Item, ...]

    @property
    def navigation(self) -> Item | None:
        return next((each for each in self.items.values() if "nav" in each.properties), None)

    @property
    def ncx(self) -> Item | None:
        items = self.items.values()
        return next((each for each in items if each.media_type == "application/x-dtbncx+xml"), None)


@dataclass(frozen=True, slots=True)
class _Statement:
    """One element of the metadata, with what other elements say about it."""

    name: str
    text: str
    about: Mapping[str, str]


def parse_package(path: str, root: etree._Element) -> Package:
    statements = list(_statements(root))
    items = {each.get("id", ""): _item(path, each) for each in _elements(root, "manifest", "item")}
    references = [each.get("idref", "") for each in _elements(root, "spine", "itemref")]
    return Package(
        title=_title(statements),
        authors=_authors(statements),
        year=_year(statements),
        edition=_edition(statements),
        items=items,
        spine=tuple(_shown(items[each], items) for each in references if each in items),
    )


def _item(path: str, element: etree._Element) -> Item:
    return Item(
        resolve(path, element.get("href", "")),
        element.get("media-type", "").strip().lower(),
        frozenset(element.get("properties", "").split()),
        element.get("fallback", ""),
    )


def _shown(item: Item, items: Mapping[str, Item]) -> Item:
    """Follows the fallbacks of a picture to a text. A chain of fallbacks may be a circle."""
    shown = item
    for _ in range(len(items)):
        if shown.is_text or shown.fallback not in items:
            break
        shown = items[shown.fallback]
    return shown if shown.is_text else item


def _elements(root: etree._Element, parent: str, tag: str) -> Iterator[etree._Element]:
    for outer in root.iter("{*}" + parent):
        yield from outer.iter("{*}" + tag)


def _statements(root: etree._Element) -> Iterator[_Statement]:
    refined: dict[str, dict[str, str]] = {}
    metadata = [each for outer in root.iter("{*}metadata") for each in outer.iterdescendants("{*}*")]
    for each in metadata:
        if target := each.get("refines", "").lstrip("#"):
            name = each.get("property", "").rpartition(":")[2].lower()
            values = refined.setdefault(target, {})
            # A person may have several roles.
            values[name] = f"{values[name]} {_text(each)}" if name in values else _text(each)
    for each in metadata:
        if each.get("refines"):
            continue
        name = local_name(str(each.tag))
        own = {local_name(str(key)): str(value).strip() for key, value in each.attrib.items()}
        if name == "meta":
            name = own.get("property", own.get("name", "")).lower()
        text = _text(each) or own.get("content", "")
        if text:
            yield _Statement(name, text, {**own, **refined.get(own.get("id", ""), {})})


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def _order(statement: _Statement) -> int:
    order = statement.about.get("display-seq", "")
    # Python refuses to make an int of thousands of digits.
    return int(order) if order.isascii() and order.isdigit() and len(order) <= _MOST_DIGITS else _NO_ORDER


def _title(statements: Sequence[_Statement]) -> str | None:
    titles = sorted((each for each in statements if each.name == "title"), key=_order)
    main = [each for each in titles if each.about.get("title-type") == "main"]
    own = [each for each in titles if each.about.get("title-type") not in _OTHER_TITLES]
    return next((each.text for each in (*main, *own, *titles)), None)


def _authors(statements: Sequence[_Statement]) -> tuple[str, ...]:
    """Returns the authors, or else the editors, or else all creators. A creator without a role is an author."""
    people = sorted((each for each in statements if each.name in {"creator", "contributor"}), key=_order)
    creators = [each for each in people if each.name == "creator"]
    authors = [each for each in people if _has_role(each, "aut") or (each in creators and not each.about.get("role"))]
    editors = [each for each in people if _has_role(each, "edt")]
    return tuple(dict.fromkeys(name for each in authors or editors or creators for name in split_authors(each.text)))


def _has_role(person: _Statement, role: str) -> bool:
    codes = (each.rpartition("/")[2] for each in person.about.get("role", "").lower().split())
    return role in {_ROLES.get(code, code) for code in codes}


def _year(statements: Sequence[_Statement]) -> int | None:
    """Returns the year of publication. A date of another event, such as a modification or conversion, is not used."""
    dates = [each for each in statements if each.name == "date"]
    published = [each for each in dates if each.about.get("event", "").lower() == "publication"]
    plain = [each for each in dates if not each.about.get("event")]
    other = [each for each in statements if each.name in {"dcterms:issued", "dcterms:date", "dcterms:created"}]
    original = [each for each in dates if each.about.get("event", "").lower() == "original-publication"]
    years = (_YEAR.search(each.text) for each in (*published, *plain, *original, *other))
    return next((int(year[0]) for year in years if year), None)


def _edition(statements: Sequence[_Statement]) -> str | None:
    for each in statements:
        is_edition = each.name.rpartition(":")[2] in {"bookedition", "edition"}
        if is_edition or (each.name == "title" and each.about.get("title-type") == "edition"):
            return each.text
    return None
