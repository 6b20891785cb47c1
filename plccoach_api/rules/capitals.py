"""Small letters for text that is written in capitals."""

# A shorter line may be an acronym: "PLC".
_LEAST_WORDS = 3


def fold_capitals(text: str) -> str:
    """Returns the text with the lines in small letters in which more than half of the letters are capitals."""
    return "\n".join(line.lower() if _is_in_capitals(line) else line for line in text.split("\n"))


def _is_in_capitals(line: str) -> bool:
    capitals = sum(map(str.isupper, line))
    return capitals > sum(map(str.islower, line)) and len(line.split()) >= _LEAST_WORDS
