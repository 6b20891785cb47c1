"""An estimate of the tokens of a text, for models whose tokenizer is not known."""

_CHARACTERS_PER_TOKEN = 4


def estimated_tokens(text: str) -> int:
    """Returns a token for every four characters, which is a little too many for English prose."""
    return -(-len(text) // _CHARACTERS_PER_TOKEN)
