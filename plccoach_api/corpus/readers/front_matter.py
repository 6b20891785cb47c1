"""Reads the front matter of a text: YAML between `---`, TOML between `+++`, JSON, or the lines of other programs.

These are Pandoc's title block of `%` lines, and MultiMarkdown's fields above the first empty line. Comments may stand
before YAML and TOML.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from plccoach_api.corpus.readers.authors import split_authors

_YAML = re.compile(r"\s*---[ \t]*\n(?P<text>.*?)(?:(?<=\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z))", re.DOTALL)
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(?P<text>.*?)(?:(?<=\n)\+\+\+[ \t]*(?:\n|\Z))", re.DOTALL)
# The mark of a page is no comment.
_COMMENTS = re.compile(
    r"(?:\s*<!--(?!\s*p(?:age|g|p?\.))(?:(?!-->).)*-->)+\s*(?=---|\+\+\+)", re.DOTALL | re.IGNORECASE
)
_LINE_END = re.compile(r"[ \t]*(?:\n|\Z)")
_MULTIMARKDOWN = re.compile(
    r"title:[ \t]+\S[^\n]*\n(?:[A-Za-z][\w ]{0,30}:[ \t][^\n]*\n|[ \t]+\S[^\n]*\n){1,30}(?=\n)", re.IGNORECASE
)
# Fields above a text are front matter if one of them is here. Else they are lines of the text, such as "Note: ...".
_MULTIMARKDOWN_KEYS = frozenset(
    {"affiliation", "author", "authors", "copyright", "date", "edition", "keywords", "language", "subtitle", "year"}
)
_PANDOC = re.compile(r"(?:%[^\n]*\n){1,3}")
_FIELD = re.compile(r"(?P<key>[A-Za-z][\w-]{0,60}):[ \t]+(?P<value>.+)")
_TOML_FIELD = re.compile(r"(?P<key>[A-Za-z][\w-]{0,60})[ \t]{0,20}=[ \t]*(?P<value>.+)")
# Titles may be written for a page of the web. "List<T>" is no such title.
_TAG = re.compile(
    r"</?(?:a|b|br|center|code|em|i|img|p|small|span|strong|sub|sup|u)(?:[\s/][^<>]{0,1000})?>", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
# Real front matter has a few lines. The parsers need far more time and memory for a text than its size.
_MOST_CHARACTERS = 64_000
_MOST_AUTHORS = 100
# Both loaders give every scalar as a string, make no objects and take no tag. The one in C, which PyYAML's wheels have,
# takes a hundredth of the time for a hostile text. It refuses a thousand levels, which need a stack of 400 kB: so books
# are read in a main thread.
_YAML_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`characters` is the length of the front matter in the text."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    edition: str | None = None
    characters: int = 0


def read_front_matter(text: str) -> FrontMatter:
    """Returns what the head of the text says. A head that nobody can parse is front matter without a value."""
    head = text[:_MOST_CHARACTERS]
    if comments := _COMMENTS.match(head):
        found = read_front_matter(text[comments.end() :])
        return replace(found, characters=comments.end() + found.characters) if found.characters else found
    return _read_marked(head) or _read_lines(head) or FrontMatter()


def _read_marked(head: str) -> FrontMatter | None:
    """Reads YAML, TOML or JSON, whose beginning and end are marked."""
    if match := _YAML.match(head):
        fields = parse_yaml(match["text"])
        return front_matter(fields, match.end()) if isinstance(fields, Mapping) else _unparsed(match, _FIELD)
    if match := _TOML.match(head):
        tables = parse_toml(match["text"])
        return front_matter(tables, match.end()) if tables else _unparsed(match, _TOML_FIELD)
    return _read_json(head)


def _read_json(head: str) -> FrontMatter | None:
    start = len(head) - len(head.lstrip())
    if not head.startswith("{", start):
        return None
    try:
        fields, end = json.JSONDecoder().raw_decode(head, start)
    except (ValueError, RecursionError):
        return None
    line_end = _LINE_END.match(head, end)
    return front_matter(fields, line_end.end()) if line_end else None


def _read_lines(head: str) -> FrontMatter | None:
    if match := _PANDOC.match(head):
        lines = dict(
            zip(("title", "author", "date"), (line[1:].strip() for line in match[0].splitlines()), strict=False)
        )
        return front_matter(lines, match.end())
    if match := _MULTIMARKDOWN.match(head):
        fields = {line["key"].lower(): line["value"] for line in _FIELD.finditer(match[0])}
        return front_matter(fields, match.end()) if fields.keys() & _MULTIMARKDOWN_KEYS else None
    return None


def _unparsed(match: re.Match[str], field: re.Pattern[str]) -> FrontMatter:
    """Reads a head that is not valid up to its first empty line: its end may be a rule further down in the book."""
    text = match["text"].split("\n\n", 1)[0]
    lines = {line["key"]: line["value"] for line in field.finditer(text)}
    is_whole = len(text) == len(match["text"])
    return front_matter(lines, match.end() if is_whole else match.start("text") + len(text)) if lines else FrontMatter()


def front_matter(fields: Mapping[Any, Any], characters: int = 0) -> FrontMatter:
    """Returns the values of the fields that describe a book. Their names may be written in capitals."""
    values = {str(key).lower(): value for key, value in fields.items()}
    title = _text(values.get("title")) or _text(values.get("book_title"))
    subtitle = _text(values.get("subtitle"))
    authors = next((found for key in ("authors", "author", "creator") if (found := _authors(values.get(key)))), ())
    dates = (_text(values.get(key)) for key in ("year", "date", "published", "publication_date", "copyright"))
    year = next((int(match[0]) for date in dates if date and (match := _YEAR.search(date))), None)
    edition = _text(values.get("edition"))
    return FrontMatter(f"{title}: {subtitle}" if title and subtitle else title, authors, year, edition, characters)


def parse_yaml(text: str) -> Any:
    """Returns every scalar as a string, and None for a text that is not valid. Tags have no effect."""
    try:
        value = yaml.load(text[:_MOST_CHARACTERS], Loader=_YAML_LOADER)  # noqa: S506 - see _YAML_LOADER
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return value if _is_bounded(value) else None


def _is_bounded(value: Any) -> bool:
    """Returns False for a value whose aliases repeat others without an end, or far more often than the text is long."""
    stack, count = [value], 1
    while stack:
        node = stack.pop()
        inner = node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
        count += len(inner)
        if count > _MOST_CHARACTERS:
            return False
        stack += inner
    return True


def parse_toml(text: str) -> dict[str, Any]:
    """Returns no fields for a text that is not valid."""
    try:
        return tomllib.loads(text[:_MOST_CHARACTERS])
    except (ValueError, RecursionError):
        return {}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, Mapping | list | tuple | bool):
        return None
    text = " ".join(_TAG.sub("", str(value)).split()).strip("\"'")
    return text if text and text not in {"null", "~"} else None


def _authors(value: Any) -> tuple[str, ...]:
    """Reads a text, a list of texts, or a list of tables with a name."""
    if isinstance(value, Mapping):
        value = [value] if "name" in value else list(value.values())
    if isinstance(value, list) and len(value) == 1 and " and " in str(value[0]):
        value = _text(value[0])
    if isinstance(value, Sequence) and not isinstance(value, str):
        names = (_name(each) for each in value[:_MOST_AUTHORS])
        return tuple(name for name in names if name)
    if isinstance(value, str) and "\n" in value.strip():
        return tuple(name for line in value.splitlines() for name in split_authors(line))
    text = _text(value)
    return split_authors(text) if text else ()


def _name(value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return _text(value)
    given = " ".join(filter(None, (_text(value.get("given")), _text(value.get("family")))))
    return _text(value.get("name")) or _text(value.get("literal")) or given or None
