"""Markua, the Markdown of Leanpub, in common Markdown: parts, asides, attributes, formulas and files of code."""

import re
from collections.abc import Iterator

from plccoach_api.corpus.readers.markdown.unclosed import read_lines

PART = "(PART)"
_PART = re.compile(r"-#[ \t]+(?P<title>\S.*)")
_PART_ATTRIBUTES = re.compile(r"\{[^{}\n]{0,200}\bclass\s?[:=]\s?[\"']?part\b[^{}\n]{0,200}\}\s*")
# {frontmatter}, {lang=r, line-numbers=off}, {blurb, class: tip}, {/blurb}
_ATTRIBUTES = re.compile(r"\s{0,20}\{/?[A-Za-z#.][^{}\n]{0,500}\}\s*")
_ASIDE = re.compile(r"[A-Z]>(?:[ \t]+(?P<heading>#{1,6}(?=[ \t]))?|$)")
_CODE_FILE = re.compile(r"<<(?:\[[^\]\n]{0,300}\])?\([^()\n]{1,300}\)\s*")
_INDEX = re.compile(r"\{i:\s?[^{}\n]{1,300}\}")


def without_markua(text: str) -> str:
    return "\n".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    is_part = False
    for line, is_code in read_lines(text):
        if is_code:
            yield line
        elif part := _PART.fullmatch(line):
            yield f"# {PART} {part['title']}"
        elif _PART_ATTRIBUTES.fullmatch(line):
            is_part = True
        elif is_part and line.startswith("# "):
            is_part = False
            yield f"# {PART} {line[2:]}"
        elif _ATTRIBUTES.fullmatch(line) or _CODE_FILE.fullmatch(line):
            yield ""
        elif aside := _ASIDE.match(line):
            # The heading of an aside begins no chapter.
            yield f"> {aside['heading'].rjust(2, '#') if aside['heading'] else ''}{line[aside.end() :]}"
        else:
            mark = "$" if "{$$}" in line and "{/$$}" in line else "$$"
            yield _INDEX.sub("", line.replace("{$$}", mark).replace("{/$$}", mark))
