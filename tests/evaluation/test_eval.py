"""The evaluation: its questions, its measures, and the goals that the coach must reach."""

import json
import math
from collections import Counter
from pathlib import Path

import pytest

from plccoach_api import resources, settings
from plccoach_api.database import migrations
from plccoach_api.database.pool import Database
from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.domains import Domain
from tests.tools.eval import beir, handbook, questions
from tests.tools.eval.measures import ndcg, recall


def test_there_are_fifteen_questions_for_each_domain_and_twenty_out_of_scope_and_ten_vague_ones() -> None:
    all_questions = questions.load()
    assert Counter(each.domain for each in all_questions if each.answers) == dict.fromkeys(Domain, 15)
    assert Counter((each.out_of_scope, each.vague) for each in all_questions if not each.answers) == {
        (True, False): 20,
        (False, True): 10,
    }
    assert len({each.text for each in all_questions}) == 135


def test_every_answer_is_once_in_the_handbook_and_in_no_question() -> None:
    [path] = resources.SAMPLE_CORPUS.glob("*.md")
    text = path.read_text("utf-8")
    for question in questions.load():
        for answer in question.answers:
            assert text.count(answer) == 1, answer
            assert answer.lower() not in question.text.lower()


def test_ndcg_and_recall_have_the_values_of_the_textbook() -> None:
    grades = {"a": 1.0, "b": 1.0, "c": 0.0}
    assert ndcg(["a", "b"], grades, 10) == 1
    assert ndcg(["x", "a"], grades, 10) == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))
    assert ndcg(["x"], grades, 10) == ndcg([], {}, 10) == 0
    assert recall(["x", "a"], grades, 2) == 0.5
    assert recall(["x", "a"], grades, 1) == 0
    assert ndcg(["a"], {"a": 2.0, "b": 1.0}, 1) == 1


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A small collection: one question shares no word with its document, only the meaning."""
    documents = {
        "d1": "The zebra is a striped horse of the savanna.",
        "d2": "Physicians give medicine to sick patients in the hospital.",
        "d3": "The violin is played with a bow.",
        "d4": "",
        "d5": "Ships carry freight over the ocean.",
    }
    queries = {
        "q1": "striped zebra",
        "q2": "doctor treating an ill person",
        "q3": "violin bow",
        "q4": "nobody judged this",
    }
    (tmp_path / "qrels").mkdir()
    for name, texts in (("corpus", documents), ("queries", queries)):
        lines = [json.dumps({"_id": id_, "text": text, "metadata": {}}) for id_, text in texts.items()]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    (tmp_path / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td3\t0\nq2\td2\t2\nq3\td3\t1\n"
    )
    return tmp_path


async def test_a_collection_in_the_beir_layout_is_measured(empty_database_url: str, collection: Path) -> None:
    migrations.upgrade(empty_database_url)
    scores = await beir.measure(empty_database_url, collection)
    for measure in ("ndcg_at_10", "recall_at_10", "recall_at_50"):
        assert getattr(scores["lexical (BM25)"], measure) == [1, 0, 1]
        assert getattr(scores["vector"], measure) == [1, 1, 1]
        assert getattr(scores["fused"], measure) == [1, 1, 1]


async def test_the_fusion_is_compared_with_the_better_half(
    empty_database_url: str, collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    migrations.upgrade(empty_database_url)
    assert await beir.evaluate(empty_database_url, collection, LOCAL) == 0
    assert "fused - vector: +0.0000 nDCG@10 (95 %: +0.0000 to +0.0000, 3 queries)" in capsys.readouterr().out


def test_the_interval_of_a_gain_contains_the_mean_and_is_wide_when_queries_disagree() -> None:
    assert beir.interval([0.1] * 50) == pytest.approx((0.1, 0.1))
    low, high = beir.interval([1.0, -1.0] * 50)
    assert -0.3 < low < -0.1
    assert 0.1 < high < 0.3


@pytest.mark.slow
async def test_the_coach_reaches_its_goals_on_the_handbook(database_url: str) -> None:
    database = Database(settings.load({"DATABASE_URL": database_url}, None))
    await database.open()
    figures = await handbook.measure(database, questions.load())
    await database.close()
    missed = {goal.name: figures[goal.name] for goal in handbook.GOALS if figures[goal.name] < goal.least}
    assert missed == {}
    assert figures["words of an answer, most"] <= 500
    assert figures["fused recall@7"] > max(figures["vector recall@7"], figures["lexical recall@7"])
    assert figures["fused nDCG@10"] > max(figures["vector nDCG@10"], figures["lexical nDCG@10"])
