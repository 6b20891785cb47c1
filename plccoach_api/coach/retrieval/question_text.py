"""The characters of a question as the books have them. It may be pasted from a page, or typed on any keyboard."""

import re
from html import unescape

from plccoach_api.corpus.readers.normalize import normalize

# East Asian keyboards type these forms of the ASCII characters.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# An editor of rich text sends nothing but elements.
_RICH_TEXT = re.compile(
    r"\s*<(?:p|div|span|h[1-6]|[ou]l|blockquote|strong|em|b|i)\b[^<>]*>.*>\s*", re.DOTALL | re.IGNORECASE
)
_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)>|<br\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_PICTURES = re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]+")
_ITEM = re.compile(r"^[ \t]*(?:[-*>#\u2022]+[ \t]+)+", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<![\w*_~`])(\*{1,3}|_{1,3}|`|~~)(?=\S)([^*_~`\n]+)(?<=\S)\1(?![\w*_~`])")
_QUOTED = re.compile(r"\"([^\"]+)\"|\u201c([^\u201c\u201d]+)\u201d|\u00ab([^\u00ab\u00bb]+)\u00bb")
_SPACES = re.compile(r"[ \t]+")
# "whats", "dont": without the apostrophe, the search takes them for words of their own.
_NO_APOSTROPHE = re.compile(
    r"\b(?:(what|wat|who|how|where|when|why|that|there|here)(s)|((?:do|does|did|is|are|was|were|has|have|had|ca|could|would"
    r"|should|wo)n)(t)|(i)(m|ve))\b",
    re.IGNORECASE,
)
# A line that ends within a sentence was wrapped.
_WRAP = re.compile(r"(?<=[\w,;]) ?\n ?(?=[a-z(\"'\u201c\u2018])")


def as_in_books(question: str) -> str:
    """Returns the question without invisible marks, pictures, markup, and line ends within a sentence.

    Quotation marks around the whole go, too, and "whats" becomes "what's". A text without anything else stays as it is.
    """
    text = _TAG.sub("", _BLOCK_END.sub("\n", question)) if _RICH_TEXT.fullmatch(question) else question
    text = _PICTURES.sub(" ", normalize(unescape(text).translate(_FULL_WIDTH)))
    text = _WRAP.sub(" ", _SPACES.sub(" ", text)).strip()
    text = _EMPHASIS.sub(r"\2", _ITEM.sub("", text))
    text = _NO_APOSTROPHE.sub(lambda word: "'".join(filter(None, word.groups())), text)
    if quoted := _QUOTED.fullmatch(text):
        text = quoted[quoted.lastindex or 0].strip()
    return text or question
