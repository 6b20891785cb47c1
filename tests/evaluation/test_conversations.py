"""The evaluation of conversations: its questions, the library that some of them are about, and its figures."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from plccoach_api import resources, settings
from plccoach_api.database.pool import Database
from tests.tools.eval import cases, conversations, goals
from tests.tools.eval.cases import Case, Cases
from tests.tools.eval.goals import Figure
from tests.tools.eval.library import compose
from tests.tools.eval.questions import added_to
from tests.tools.eval.readability import Flaw, first_sentence, flaw

_CASES = Path(cases.__file__).parent / "cases"
_HANDBOOK = cases.load(_CASES / "handbook.toml")
_LIBRARY = cases.load(_CASES / "library.toml")


def _all(questions: Cases) -> list[Case]:
    return [case for kind in msgspec.structs.astuple(questions) for case in kind]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return compose.write(tmp_path_factory.mktemp("library"))


@pytest.mark.parametrize("questions", [_HANDBOOK, _LIBRARY], ids=["handbook", "library"])
def test_there_are_enough_questions_of_each_kind_and_none_is_asked_twice(questions: Cases) -> None:
    counts = {name: len(getattr(questions, name)) for name in Cases.__struct_fields__}
    least = {"in_scope": 60, "off_topic": 40, "near_miss": 50, "follow_up": 30, "spanish": 25, "look_up": 15}
    assert {name: count for name, count in counts.items() if count < least[name]} == {}
    assert [
        text for text, count in Counter((each.before, each.text) for each in _all(questions)).items() if count > 1
    ] == []


@pytest.mark.parametrize("questions", [_HANDBOOK, _LIBRARY], ids=["handbook", "library"])
def test_each_half_has_at_least_a_third_of_the_questions(questions: Cases) -> None:
    halves = Counter(case.half for case in _all(questions))
    assert min(halves.values()) >= len(_all(questions)) / 3


def test_every_answer_is_once_in_the_handbook() -> None:
    [path] = resources.SAMPLE_CORPUS.glob("*.md")
    text = path.read_text("utf-8")
    for case in _all(_HANDBOOK):
        for answer in case.answers:
            assert text.count(answer) == 1, answer


def test_every_answer_is_once_in_the_library(library: list[Path]) -> None:
    text = "\n".join(path.read_text("utf-8") for path in library)
    for case in _all(_LIBRARY):
        for answer in case.answers:
            assert text.count(answer) == 1, answer


def test_no_question_quotes_its_answer_and_those_about_nothing_have_none() -> None:
    for questions in (_HANDBOOK, _LIBRARY):
        for case in _all(questions):
            assert not any(answer.lower() in case.text.lower() for answer in case.answers), case.text
        assert not any(case.answers for case in (*questions.off_topic, *questions.near_miss, *questions.look_up))
        assert all(case.answers for case in (*questions.in_scope, *questions.follow_up, *questions.spanish))
        assert all(case.before for case in questions.follow_up)


def test_a_look_up_names_a_part_that_a_book_of_the_library_has(library: list[Path]) -> None:
    texts = [path.read_text("utf-8") for path in library]
    for case in _LIBRARY.look_up:
        [text] = [text for text in texts if f"title: {case.book}\n" in text]
        assert case.chapter is None or f" {case.chapter}\n" in text, case.text
        assert case.pages is None or all(f"<!-- page {page} -->" in text for page in case.pages), case.text


def test_the_library_has_hundreds_of_different_topics_and_is_the_same_each_time(
    library: list[Path], tmp_path: Path
) -> None:
    assert [path.read_bytes() for path in compose.write(tmp_path)] == [path.read_bytes() for path in library]
    terms = [topic.term for book in compose.load_books() for topic in book.topics]
    assert len({*terms}) == len(terms) >= 150
    assert len(library) >= 8
    assert "{" not in "".join(path.read_text("utf-8") for path in library)


def test_a_misspelt_question_has_errors_in_long_words_only_and_is_the_same_each_time() -> None:
    for case in (*_HANDBOOK.in_scope, *_LIBRARY.in_scope):
        wrong = cases.misspelt(case)
        if wrong is None:
            assert max(len(word.strip(".,?:")) for word in case.text.split()) < 13
            continue
        assert wrong == cases.misspelt(case)
        changed = [(a, b) for a, b in zip(case.text.split(), wrong.text.split(), strict=True) if a != b]
        assert 1 <= len(changed) <= 2, wrong.text
        assert all(len(word) >= 6 and word[0] == typo[0] for word, typo in changed)


def test_an_unrelated_question_comes_before_each_question_once() -> None:
    pairs = cases.after_unrelated(_LIBRARY.in_scope)
    assert len({each.text for each in pairs}) == len({each.before for each in pairs}) == len(pairs) == 120
    assert all(each.before != each.text for each in pairs)


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("Teams meet every week. They look at results, e.g. at papers.", None),
        ('"Come in," said the teacher to the new pupil.', None),
        ("- Teams keep their minutes in one place.", None),
        ("Teams meet every week [3].", None),
        ("A team keeps these papers:\n- Minutes\n- Agendas for the term", None),
        ("A team keeps these papers:\n- Minutes\n- What else?", Flaw.question),
        ("A team keeps these papers:\n\nMinutes of the meetings", Flaw.label),
        ("Papers:\n- Minutes of the meetings", Flaw.label),
        ("- Minutes of the meetings\n- Agendas for the term", Flaw.fragment),
        ("What would you do differently?", Flaw.question),
        ("Teams meet every week. Would you like that?", Flaw.question),
        ("Collective commitments share these features:", Flaw.label),
        ("| Week | Task |", Flaw.table_row),
        ("Figure 3: The minutes of a meeting in October.", Flaw.caption),
        ("Okafor, Z. (1998). The calendar reconsidered. Journal of Teaching, 14, pp. 201-219.", Flaw.reference),
        ("See https://example.org for more about this.", Flaw.reference),
        ("and so the team decided to meet again.", Flaw.fragment),
        ("Clear goals for every member", Flaw.fragment),
        ("Not yet.", Flaw.fragment),
    ],
)
def test_a_quote_that_is_no_whole_sentence_is_recognised(quote: str, expected: Flaw | None) -> None:
    assert flaw(quote) is expected


def test_the_first_sentence_of_a_quote_ends_before_the_next_one_begins() -> None:
    assert first_sentence("Teams meet, e.g. on Mondays. They keep minutes.") == "Teams meet, e.g. on Mondays."


def test_a_figure_is_judged_on_half_b() -> None:
    assert not Figure(goals.FOLLOW_UPS_FOUND, {"a": 0.1, "b": 0.95}, 40).missed
    assert Figure(goals.FOLLOW_UPS_FOUND, {"a": 1.0, "b": 0.89}, 40).missed
    assert Figure(goals.UNREADABLE, {"a": 0.0, "b": 0.04}, 40).missed
    assert not Figure("a figure without a goal", {"a": 0.0, "b": 0.0}, 40).missed
    assert goals.share("x", [("a", 1.0), ("b", 0.0), ("b", 1.0)]).halves == {"a": 1.0, "b": 0.5}


def test_the_table_says_which_goals_are_reached(capsys: pytest.CaptureFixture[str]) -> None:
    goals.print_table(
        "library",
        [
            Figure(goals.FOLLOW_UPS_FOUND, {"a": 1.0, "b": 0.5}, 40),
            Figure(goals.UNREADABLE, {"a": 0.0, "b": 0.01}, 90, "label 1"),
        ],
    )
    _, missed, reached = capsys.readouterr().out.strip().splitlines()
    assert missed.split()[-4:] == ["goal", "≥", "0.9", "MISSED"]
    assert reached.endswith("goal ≤ 0.03 reached   (label 1)")


def test_the_older_questions_are_added_but_for_the_vague_ones() -> None:
    both = added_to(_HANDBOOK)
    assert len(both.in_scope) == len(_HANDBOOK.in_scope) + 105
    assert len(both.off_topic) == len(_HANDBOOK.off_topic) + 20


@pytest.mark.slow
async def test_some_questions_of_each_kind_are_measured_on_the_handbook(database_url: str) -> None:
    some = Cases(**{name: getattr(_HANDBOOK, name)[:8] for name in Cases.__struct_fields__})
    database = Database(settings.load({"DATABASE_URL": database_url}, None))
    await database.open()
    figures = {figure.name: figure for figure in await conversations.measure(database, some)}
    await database.close()
    assert {*figures} == {*goals.GOALS} - {goals.CLAIMS_STOPPED, goals.CLAIMS_KEPT} | {
        goals.IN_SCOPE_FOUND,
        goals.SPANISH_FOUND,
    }
    for name in (goals.IN_SCOPE_ANSWERED, goals.LOST_AFTER_UNRELATED):
        assert not figures[name].missed, figures[name]
    assert figures[goals.IN_SCOPE_FOUND].halves["b"] >= 0.5
