"""The suffixes of Markdown and of the chapters of a folder, in small letters."""

from pathlib import Path

MARKDOWN_SUFFIXES = (".md", ".markdown", ".rmd", ".qmd", ".mdx", ".markua")
CHAPTER_SUFFIXES = (*MARKDOWN_SUFFIXES, ".ipynb")
# In a book of Leanpub, a `.txt` is Markdown, too.
MANUSCRIPT_SUFFIXES = (*CHAPTER_SUFFIXES, ".txt")


def has_suffix(path: Path, suffixes: tuple[str, ...]) -> bool:
    """Returns True for a suffix in capitals too, such as `.Rmd`."""
    return path.suffix.lower() in suffixes


def spellings(name: str, suffixes: tuple[str, ...]) -> list[str]:
    """Returns the names that a file may have which an outline names without its suffix, and the name itself."""
    cases = (str.lower, _capitalized, str.upper)
    return [name, *(f"{name}{case(suffix)}" for suffix in suffixes for case in cases)]


def _capitalized(suffix: str) -> str:
    return f".{suffix[1:].capitalize()}"
