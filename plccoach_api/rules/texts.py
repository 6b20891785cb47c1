"""The patterns of the texts that clients send, and the sentences that explain them.

PostgreSQL cannot store the NUL character, so no text may contain it. A name is shown to other people, also on a
terminal, so it may not contain what controls a terminal or hides a part of the name.
"""

NO_NUL = r"^[^\x00]*$"

# White space, for Python or for another reader of the schema: they disagree about some of these characters.
_SPACE = r"\s\x1c-\x1f\x85\ufeff"

# The C1 controls, and the characters that end a line or turn the direction of the text around them.
_DECEPTIVE = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
# A title that was made from a question may have several lines.
_NOT_INTITLES = rf"\x00-\x08\x0e-\x1f{_DECEPTIVE}"
_NOT_IN_NAMES = rf"\x00-\x1f{_DECEPTIVE}"


def _trimmed(most: int, forbidden: str) -> str:
    """A pattern for 1 to `most` allowed characters, not counting white space before and after them."""
    inside, end = f"[^{forbidden}]", f"[^{forbidden}{_SPACE}]"
    return rf"^[{_SPACE}]*{end}(?:{inside}{{0,{most - 2}}}{end})?[{_SPACE}]*$"


QUESTION = _trimmed(2000, r"\x00")
TITLE = _trimmed(200, _NOT_INTITLES)
NAME = rf"^[^\S{_NOT_IN_NAMES}]*[^\s{_NOT_IN_NAMES}][^{_NOT_IN_NAMES}]*$"
EMAIL = rf"^[^@\s{_NOT_IN_NAMES}]+@[^@\s{_NOT_IN_NAMES}]+$"
PRINTABLE_ASCII = r"^[ -~]+$"

_MOST = {QUESTION: 2000, TITLE: 200}
_CONTROLS = "control characters, or characters that turn the direction of text"
_EXPLAINED = {
    TITLE: f"This must not contain {_CONTROLS}.",
    NAME: f"This must not contain line breaks, other {_CONTROLS}.",
    EMAIL: "This must be an email address, such as ada@example.org: one @, text on both sides of it, no spaces and no "
    "control characters.",
    PRINTABLE_ASCII: "This may contain only letters from A to Z, digits, spaces and the punctuation of ASCII.",
}
# The characters of _SPACE.
_WHITE_SPACE = (
    "\t\n\v\f\r \x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)


def explain(text: str, pattern: str | None, least: int | None, most: int | None) -> str:
    """Returns a sentence about a text that does not match the pattern, or is too short or too long."""
    counted = text.strip(_WHITE_SPACE) if pattern in _MOST else text
    most = most or _MOST.get(pattern or "")
    if not text.strip(_WHITE_SPACE):
        return "This must not be empty."
    if "\x00" in text:
        return "This contains the character NUL, which cannot be stored."
    if most and len(counted) > most:
        return f"This has {len(counted):,} characters; at most {most:,} are allowed."
    if pattern in _EXPLAINED:
        return _EXPLAINED[pattern]
    if least and len(counted) < least:
        return f"This must have at least {least:,} characters."
    return "This contains characters that are not allowed here."
