"""Lines of authors, as title pages and metadata write them."""

import pytest

from plccoach_api.corpus.readers.authors import split_authors


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Lovelace (she/her), Ada", ("Lovelace, Ada",)),
        ("Ada Lovelace (editor) and Alan Turing", ("Ada Lovelace", "Alan Turing")),
        ("", ()),
        ("Ada Lovelace", ("Ada Lovelace",)),
        ("Ada Lovelace; Grace Hopper", ("Ada Lovelace", "Grace Hopper")),
        ("Ada Lovelace, Grace Hopper and Alan Turing", ("Ada Lovelace", "Grace Hopper", "Alan Turing")),
        ("Ada Lovelace, Grace Hopper, & Alan Turing", ("Ada Lovelace", "Grace Hopper", "Alan Turing")),
        ("Lovelace, Ada", ("Lovelace, Ada",)),
        ("Lovelace, Ada; Hopper, Grace", ("Lovelace, Ada", "Hopper, Grace")),
        ("Lovelace, Ada & Hopper, Grace", ("Lovelace, Ada", "Hopper, Grace")),
        ("Lovelace, Ada, and Hopper, Grace M.", ("Lovelace, Ada", "Hopper, Grace M.")),
        ("van der Berg, Jan & O\u2019Neil, Mary", ("van der Berg, Jan", "O\u2019Neil, Mary")),
        ("A. Lovelace, G. Hopper", ("A. Lovelace", "G. Hopper")),
        ("Robert Example, Jr. and Ada Lovelace, Ph.D.", ("Robert Example, Jr.", "Ada Lovelace, Ph.D.")),
        ("Ada Lovelace and Grace Hopper.", ("Ada Lovelace", "Grace Hopper")),
        ("Lovelace, Ada, Hopper, Grace", ("Lovelace, Ada", "Hopper, Grace")),
        ("Ada Lovelace | Grace Hopper", ("Ada Lovelace", "Grace Hopper")),
        ("Ada Lovelace/Grace Hopper", ("Ada Lovelace", "Grace Hopper")),
        ("Ada Lovelace with Grace Hopper", ("Ada Lovelace", "Grace Hopper")),
        ("by Ada Lovelace et al.", ("Ada Lovelace",)),
        (
            "Association for Supervision and Curriculum Development",
            ("Association for Supervision and Curriculum Development",),
        ),
    ],
)
def test_authors_are_split_at_what_stands_between_them(text: str, names: tuple[str, ...]) -> None:
    assert split_authors(text) == names
