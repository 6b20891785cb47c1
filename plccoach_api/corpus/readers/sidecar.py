"""The sidecar of a book: a `book.toml` that corrects or adds the title, authors, year, edition and product page."""

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from plccoach_api.corpus.book import UnreadableBook

# Clients show the address as a link, so `javascript:` must be refused.
WebAddress = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s<>\"]+\Z", max_length=2000)]


class Sidecar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that is not None replaces the value in the book's file."""

    title: str | None = None
    authors: tuple[str, ...] | None = None
    year: int | None = None
    edition: str | None = None
    product_url: WebAddress | None = None


def read_sidecar(book: Path) -> Sidecar:
    """Reads NAME.toml beside NAME.pdf or, if that is missing, the folder's `book.toml`. Raises UnreadableBook.

    A folder that is one book has its `book.toml` inside. A `book.toml` with a table `[book]` belongs to mdBook.
    A link to a file elsewhere is not followed.
    """
    beside = book.with_name(f"{book.name}.toml") if book.is_dir() else book.with_suffix(".toml")
    for path in (beside, book / "book.toml" if book.is_dir() else book.with_name("book.toml")):
        if path.is_file() and path.resolve().is_relative_to(book.parent.resolve()):
            try:
                fields = tomllib.loads(path.read_text("utf-8"))
                return Sidecar() if isinstance(fields.get("book"), dict) else msgspec.convert(fields, Sidecar)
            except (ValueError, RecursionError, msgspec.ValidationError) as error:
                raise UnreadableBook(f"{path.name} beside it is not valid: {error}") from error
    return Sidecar()
