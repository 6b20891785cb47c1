"""Finds code in the text of a model, which is left as it is."""

import re

CODE, CODE_END = "\x03", "\x04"
"""What stands before and after code."""

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MOST_CODE = 300


def fenced(text: str, fence: str, *, last: bool) -> tuple[int, str] | None:
    """Reads a block of code to its closing fence. A block that is not closed is code to the end, as in Markdown."""
    closing = re.compile(
        rf"\n {{0,3}}{fence[0]}{{{len(fence)},}}[ \t]*(?=\n|\Z)"
        if last
        else rf"\n {{0,3}}{fence[0]}{{{len(fence)},}}[ \t]*(?=\n)"
    )
    end = closing.search(text, len(fence))
    if end is None and not last:
        return None
    length = end.end() if end else len(text)
    return length, f"{CODE}{text[:length]}{CODE_END}"


def inline_code(text: str, *, last: bool) -> tuple[int, str] | None:
    run = len(text) - len(text.lstrip("`"))
    if run == len(text) and not last:
        return None
    line_end = text.find("\n")
    limit = min(len(text) if line_end < 0 else line_end, run + _MOST_CODE)
    for closing in re.finditer(r"`+", text[run:limit]):
        if closing.end() + run == limit == len(text) and not last:
            return None
        if len(closing.group()) == run:
            end = run + closing.end()
            return end, f"{CODE}{text[:end]}{CODE_END}"
    if limit == len(text) and not last and limit < run + _MOST_CODE:
        return None
    return run, text[:run]
