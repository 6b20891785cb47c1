"""Front matter: the fields that describe a book, in the notations that people use."""

from time import process_time

import pytest

from plccoach_api.corpus.readers.front_matter import FrontMatter, front_matter, parse_yaml, read_front_matter

BODY = "\n# Chapter 1\n"


def read(head: str) -> FrontMatter:
    text = head + BODY
    found = read_front_matter(text)
    assert text[found.characters :].lstrip("\n") == BODY.lstrip("\n")
    return found


@pytest.mark.parametrize(
    ("head", "title", "authors", "year", "edition"),
    [
        ("---\ntitle: Teams\nauthor: Ada Lovelace\ndate: 2021-05-03\n---\n", "Teams", "Ada Lovelace", 2021, None),
        ("---\ntitle: Teams\nsubtitle: A Handbook\n...\n", "Teams: A Handbook", "", None, None),
        (
            "---\nauthors:\n- Ada\n- name: Grace\n- {given: Alan, family: T}\n---\n",
            None,
            "Ada|Grace|Alan T",
            None,
            None,
        ),
        ("---\nTitle: 'A: B'\nauthor: A and B\nyear: 1999\nedition: 2nd\n---\n", "A: B", "A|B", 1999, "2nd"),
        ("---\ntitle: Teams: A Guide\nauthor: Ada\n---\n", "Teams: A Guide", "Ada", None, None),
        ("---\ntitle: !!python/object/apply:os.getcwd []\nauthor: Ada\n---\n", None, "Ada", None, None),
        ("---\ndate: 2021-99-99\n---\n", None, "", 2021, None),
        ("---\ntitle:\tTeams\nauthors:\n- Ada\n- Grace\n---\n", "Teams", "Ada|Grace", None, None),
        ('---\ntitle: T\nauthor: ["Ada Lo and Grace Ho"]\n---\n', "T", "Ada Lo|Grace Ho", None, None),
        ('+++\ntitle = "T"\nauthors = ["A", "B"]\ndate = 2020-01-02T00:00:00Z\n+++\n', "T", "A|B", 2020, None),
        ("---\ntitle: T\nauthor: |\n  Ada\n  Grace\n---\n", "T", "Ada|Grace", None, None),
        ("<!-- A licence -->\n\n---\ntitle: T\nauthor: Ada\n---\n", "T", "Ada", None, None),
        ("Title: Teams\nAuthor: Ada\nDate: 2017\n\n", "Teams", "Ada", 2017, None),
        ('{\n  "title": "Teams",\n  "author": ["Ada", "Grace"]\n}\n', "Teams", "Ada|Grace", None, None),
        ('{\n\t"title": "Teams",\n\t"author": "Ada"\n}\n', "Teams", "Ada", None, None),
        ('{"title": "Teams", "author": "Ada"}\n', "Teams", "Ada", None, None),
        ("<!-- A licence -->\n<!-- A linter -->\n---\ntitle: T\n---\n", "T", "", None, None),
        ("% Teams\n% Ada Lovelace; Grace Hopper\n% May 2019\n", "Teams", "Ada Lovelace|Grace Hopper", 2019, None),
    ],
)
def test_a_head_gives_title_authors_year_and_edition(
    head: str, title: str | None, authors: str, year: int | None, edition: str | None
) -> None:
    found = read(head)
    assert (found.title, "|".join(found.authors), found.year, found.edition) == (title, authors, year, edition)


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nA rule above a text.\n",
        "Text.\n\n---\ntitle: No\n---\n",
        "---\ntitle: open",
        "---\n" + "[" * 50_000 + "\n---\n",
        "<!-- a -->\n# Goals\n\nText.\n\n<!-- b -->\n---\nlaw: one\n---\n",
        "<!-- p. 4 -->\n---\nlaw: one\n---\n",
        "Title: a word of law\nWe say: it names a book.\n\nText.\n",
        '{"a": 1} is an object.\n',
        '{"a": ' + "[" * 50_000 + "\n}\n",
    ],
)
def test_a_text_without_front_matter_has_none(text: str) -> None:
    assert read_front_matter(text) == FrontMatter()


def test_a_value_of_another_type_is_no_title() -> None:
    assert front_matter({"title": ["a"], "author": True, "year": None, 1: "x"}) == FrontMatter()


def test_a_number_that_is_too_long_is_not_a_value() -> None:
    assert read("+++\nweight = " + "9" * 5_000 + '\ntitle = "Teams"\n+++\n').title == "Teams"


@pytest.mark.parametrize("unit", ["[", "- ", "{a: ", "? - ", "a: &a [*a]\n", "&a ", "'", "a: b\n"])
def test_a_hostile_head_is_read_in_a_moment(unit: str) -> None:
    text = "---\n" + unit * (60_000 // len(unit)) + "\n---\n"
    started = process_time()
    read_front_matter(text)
    assert process_time() - started < 0.3


def test_a_value_may_be_repeated_by_its_name_a_few_times_and_not_a_million_times() -> None:
    assert parse_yaml("one: &a [x]\ntwo: [*a, *a]") == {"one": ["x"], "two": [["x"], ["x"]]}
    tens = "".join(f"n{each}: &n{each} [{', '.join([f'*n{each - 1}'] * 10)}]\n" for each in range(1, 7))
    assert parse_yaml(f"n0: &n0 x\n{tens}") is None
    assert parse_yaml("one: &a [*a]") is None


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")])
def test_a_head_that_nests_almost_too_deeply_has_no_value(opening: str, closing: str) -> None:
    text = "---\ndeep: " + opening * 999 + "x" + closing * 999 + "\n---\n"
    assert read_front_matter(text).title is None
