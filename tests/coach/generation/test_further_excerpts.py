"""An answer shows further excerpts of other passages and books only if they are nearly as good as its first one."""

import msgspec

from tests.coach.passages import compose, passage

QUESTION = "How do we water the beans of the garden?"
WEIGHTS = {"water": 2.0, "bean": 2.0, "garden": 1.0}
ANSWER = (
    "Each morning before the sun is high, the class that has the key takes a can and gives the beans a lot of water."
)
NEAR = "Most beans of the garden come from a shop in the town of our aunt."
FURTHER = "The beans of our aunt grew behind the house, and she liked to see them there."
FAR = "Our aunt went to sea in the summer when she was a girl, with a bag of beans and a hat."


def _quotes(further: str, *, title: str = "Learning Together") -> list[str]:
    first, other = (msgspec.structs.replace(passage(text), weights=WEIGHTS) for text in (ANSWER, further))
    other = msgspec.structs.replace(other, book_title=title, score=0.95)
    return [each.quote for each in compose(QUESTION, [first, other]).citations]


def test_a_further_excerpt_may_be_of_another_passage() -> None:
    assert _quotes(FURTHER) == [ANSWER, FURTHER]


def test_a_further_excerpt_of_another_passage_is_nearly_as_good_as_the_first() -> None:
    assert _quotes(FAR) == [ANSWER]


def test_a_further_excerpt_of_another_book_is_even_nearer() -> None:
    assert _quotes(FURTHER, title="My Aunt") == [ANSWER]
    assert set(_quotes(NEAR, title="My Aunt")) == {ANSWER, NEAR}


def test_a_further_excerpt_of_the_same_passage_may_be_worse() -> None:
    text = f"{ANSWER}\n\n### Aunts\n\n{FAR}"
    asked = msgspec.structs.replace(passage(text), weights=WEIGHTS)
    assert [each.quote for each in compose(QUESTION, [asked]).citations] == [ANSWER, FAR]
