"""Splits a line of authors into names: `A, B and C`, `A; B`, `Last, First & Last, First`, `A, Jr. and B`, `A | B`."""

import re

# A match begins at the first of several spaces, and takes them all, so that many spaces take linear time.
_BETWEEN_GROUPS = re.compile(r"(?<!\s)(?:(?:\s*+,)?\s++and\s+|\s*+&\s*)")
_COMMA = re.compile(r"(?<!\s)\s*+,\s*")
# `Lovelace, Ada`, `van der Berg, Jan`, and not `A. Author, B. Author`.
_LETTERS = r"[^\W\d_][\w'\u2019-]+"
_FAMILY_GIVEN = re.compile(
    rf"(?:(?:van|von|de|der|den|la|le|du|di|da|dos|del|bin|al)\s){{0,3}}{_LETTERS},\s(?:{_LETTERS}|[A-Z]\.)(?:\s(?:{_LETTERS}|[A-Z]\.?)){{0,2}}"
)
_SUFFIX = re.compile(r"(?:[JS]r|II|III|IV|Ph\.?\s?D|Ed\.?\s?D|M\.?\s?[AD]|M\.?\s?Ed|B\.?\s?A|Esq)\.?", re.IGNORECASE)
_ONE_NAME = re.compile(rf"{_LETTERS}")
_BY = re.compile(r"^by\s", re.IGNORECASE)
# "Example (she/her), Pat" and "Pat Example (editor)".
_REMARK = re.compile(r"\s?\([^()]{0,100}\)")
_ET_AL = re.compile(r",?\s(?:et\.? al\.?|and others)$", re.IGNORECASE)
# "Pat Example / Robin Sample" and "Pat Example with Robin Sample".
_BARS = re.compile(r" ?\| ?| / |(?<=[a-z])/(?=[A-Z])| with (?=[A-Z])")
# An organisation is one author: "Association for Supervision and Curriculum Development".
_OF_ORGANISATION = re.compile(r"\b(?:of|for|the|department|association|institute|university|inc|ltd)\b", re.IGNORECASE)


def split_authors(text: str) -> tuple[str, ...]:
    """A comma does not separate names that a semicolon separates, and none whose family name comes first."""
    text = _ET_AL.sub("", _BY.sub("", " ".join(_REMARK.sub("", text).split())))
    if len(separated := _BARS.split(text)) > 1:
        return tuple(name for each in separated for name in split_authors(each))
    if ";" in text:
        return tuple(name for each in text.split(";") if (name := each.strip().removeprefix("and ")))
    groups = [each.strip() for each in _BETWEEN_GROUPS.split(text) if each.strip()]
    if all(_FAMILY_GIVEN.fullmatch(each) and not _ends_with_suffix(each) for each in groups):
        return tuple(groups)
    if _OF_ORGANISATION.search(text):
        return tuple(name for each in text.split(",") if (name := each.strip()))
    if len(pairs := _family_given_pairs(text)) > 1:
        return pairs
    names: list[str] = []
    for part in (part for group in groups for part in _COMMA.split(group)):
        if names and _SUFFIX.fullmatch(part):
            names[-1] += f", {part}"
        elif name := part.strip().removesuffix("."):
            names.append(name)
    return tuple(names)


def _family_given_pairs(text: str) -> tuple[str, ...]:
    """Returns the two authors of `Example, Pat, Sample, Robin`: nobody is called by one word alone."""
    words = [each.strip() for each in text.split(",")]
    if len(words) % 2 or not all(_ONE_NAME.fullmatch(word) for word in words):
        return ()
    return tuple(f"{family}, {given}" for family, given in zip(words[::2], words[1::2], strict=True))


def _ends_with_suffix(text: str) -> bool:
    return _SUFFIX.fullmatch(text.rpartition(",")[2].strip()) is not None
