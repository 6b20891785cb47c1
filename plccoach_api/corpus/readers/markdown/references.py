r"""References to a place of a book by its key, in bookdown (`\@ref(fig:teams)`) and Quarto (`@fig-teams`)."""

from collections.abc import Mapping

# Quarto prints "Figure 3" there. The number is not known, and without a word the sentence would have a hole.
PLACES: Mapping[str, str] = {
    "fig": "Figure",
    "tbl": "Table",
    "sec": "Section",
    "eq": "Equation",
    "lst": "Listing",
    "thm": "Theorem",
    "lem": "Lemma",
    "cor": "Corollary",
    "prp": "Proposition",
    "cnj": "Conjecture",
    "def": "Definition",
    "exm": "Example",
    "exr": "Exercise",
    "sol": "Solution",
    "rem": "Remark",
    "alg": "Algorithm",
}
_QUARTO = rf"(?<![\w@./])@(?:{'|'.join(PLACES)})-[\w-]{{1,80}}(?:[.:][\w-]{{1,40}}){{0,2}}"
_BOOKDOWN = r"\\?@ref\([^()\s]{1,80}\)"
_ANY = rf"(?:{_QUARTO}|{_BOOKDOWN})"
_WORDS = r"(?:[^\W\d_]{1,20}[.,]{0,2}\s)"

PLACE = _QUARTO.replace("(?:", "(?P<place>", 1)
# "(see Chapter @ref(norms))" says nothing without its key.
BRACKETED = rf"\({_WORDS}{{0,4}}{_ANY}(?:[,;]?\s{_WORDS}{{0,2}}{_ANY}){{0,6}}\)"
