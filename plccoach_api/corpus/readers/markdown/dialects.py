"""Takes out of a Markdown text the lines that only some dialects know: notes, definitions, admonitions, attributes."""

import re
from collections.abc import Sequence

from plccoach_api.corpus.book import count_characters
from plccoach_api.corpus.readers.markdown.admonitions import is_indented_admonition, without_marks
from plccoach_api.corpus.readers.markdown.brackets import without_brackets
from plccoach_api.corpus.readers.markdown.grid_tables import with_common_tables
from plccoach_api.corpus.readers.markdown.lines import joined_lines
from plccoach_api.corpus.readers.markdown.shortcodes import closed_codes, without_codes, without_pictures

# Pandoc counts the items of a list that begin with "#.".
_NUMBERED = re.compile(r"^(\s*)#(?=\.\s+\S)")
_NOTE = re.compile(r" {0,3}\[\^[^\]\s]{1,80}\]:")
# Attributes of kramdown, and the target `(name)=` of MyST.
_ATTRIBUTES = re.compile(r"\s*\{:[^{}\n]*\}\s*|\([\w:./-]{1,100}\)=\s*")
# Places of a list of contents, breaks of a page, and environments of LaTeX.
_PLACES = re.compile(
    r"\s*(?:\[\[?_?toc_?\]\]?|\\(?:newpage|pagebreak|clearpage|tableofcontents|(?:begin|end)\{\w{1,20}\*?\}))\s*",
    re.IGNORECASE,
)
# Other commands of LaTeX that print nothing.
_COMMAND = re.compile(
    r"\\(?:setcounter|addtocounter|setlength|addcontentsline|(?:provide|new|renew)command|[vh]space|pagenumbering|"
    r"(?:this)?pagestyle|cleardoublepage|listof(?:figures|tables)|(?:front|main|back)matter|appendix|bigskip|medskip|"
    r"smallskip|noindent|centering|printindex|printbibliography)\*?(?:[{\[\\].{0,500}[}\]])?\s*"
)
# Empty lines between a short code and its heading.
_NEAR = 4
_ABBREVIATION = re.compile(r"\*\[[^\]\n]{1,80}\]:\s")
# "Norm" and, on the next line, ": a rule that a team agrees on".
_DEFINITION = re.compile(r"(?::|~)[ \t]+(?=\S)")


def without_dialects(text: str) -> tuple[str, int]:
    """Returns the text in common Markdown, and the characters of its notes. Code stays as it is."""
    kept: list[str] = []
    in_note = is_indented = False
    lines, notes = without_brackets([*with_common_tables(joined_lines(text))])
    shown = without_pictures([line for line, _ in lines])
    lines = [(line if is_code else text, is_code) for (line, is_code), text in zip(lines, shown, strict=True)]
    codes = closed_codes(text)
    for at, (line, is_code) in enumerate(lines):
        if not is_code and (_NOTE.match(line) or (in_note and (line[:1] in {" ", "\t"}))):
            in_note = True
            notes += count_characters(line)
        elif not is_code and _ABBREVIATION.match(line):
            notes += count_characters(line)
        elif not is_code and (_PLACES.fullmatch(line) or _COMMAND.fullmatch(line) or _ATTRIBUTES.fullmatch(line)):
            kept.append("")
        elif not is_code and (definition := _DEFINITION.match(line)):
            kept += ["", line[definition.end() :]]
        elif not is_code and (title := without_marks(line)) is not None:
            is_indented = is_indented_admonition(line)
            kept += title
        else:
            in_note = in_note and not line.strip()
            is_indented = is_indented and (not line.strip() or line.startswith(("    ", "\t")))
            words = line.removeprefix("\t").removeprefix("    ") if is_indented else line
            kept += [words] if is_code else without_codes(_NUMBERED.sub(r"\g<1>1", words), _following(lines, at), codes)
    return "\n".join(kept), notes


def _following(lines: Sequence[tuple[str, bool]], at: int) -> str:
    return next((line for line, _ in lines[at + 1 : at + _NEAR] if line.strip()), "")
