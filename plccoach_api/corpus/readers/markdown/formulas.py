"""Keeps the formulas of a Markdown text as they are: `$x_{1} + y_{1}$` has no emphasis."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

FORMULA = "formula"
ENVIRONMENTS = ("equation", "align", "eqnarray", "gather", "multline")
# "$5 and $10" has none: a formula does not end after a space or before a digit.
_FORMULA = re.compile(
    r"\$\$(?:[^$\\]|\\.){1,5000}\$\$|\$(?=[^\s$])(?:[^$\\]|\\.){1,1000}(?<!\s)\$(?!\d)"
    rf"|\\begin\{{(?P<name>(?:{'|'.join(ENVIRONMENTS)})\*?)\}}.{{1,5000}}?\\end\{{(?P=name)\}}",
    re.DOTALL,
)


def with_formulas(parser: MarkdownIt) -> MarkdownIt:
    parser.inline.ruler.before("escape", FORMULA, _read_formula)
    return parser


def _read_formula(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser calls it so
    match = _FORMULA.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push(FORMULA, "", 0).content = " ".join(match[0].split())
    state.pos = match.end()
    return True
