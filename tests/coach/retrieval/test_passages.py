"""The search for passages: BM25 by words, inner product by meaning, both fused, and no page twice."""

import math
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from plccoach_api.coach.judgement import Relevance, judge
from plccoach_api.coach.retrieval.passage_finder import PassageFinder
from plccoach_api.coach.retrieval.passages import SearchOptions, search
from plccoach_api.database.pool import Database
from plccoach_api.embedding.local import LOCAL
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.sentences import Span
from plccoach_api.rules.stems import stems
from plccoach_api.rules.windows import windows
from tests.books import ingest_trusted
from tests.conftest import opened

WORDS_ALONE = SearchOptions(limit=100, token_limit=10**6, vector_weight=0.0)
MEANING_ALONE = SearchOptions(limit=100, token_limit=10**6, lexical_weight=0.0)


@pytest.fixture(scope="module")
async def handbook(shared_database_url: str) -> AsyncIterator[Database]:
    """The sample handbook, for a test that changes nothing."""
    async with opened(shared_database_url) as database:
        yield database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as database:
        yield database


async def load(database_url: str, folder: Path, **books: str) -> None:
    for name, text in books.items():
        (folder / f"{name}.md").write_text(f"# {name}\n\n{text}")
    await ingest_trusted(database_url, [folder / f"{name}.md" for name in books], LOCAL)


def bm25(database_url: str, question: str) -> Counter[str]:
    """Computes BM25 by its formula (k1 = 1.2, b = 0.75) over the stems that PostgreSQL finds in the passages."""
    with psycopg.connect(database_url) as connection:
        words = connection.execute(
            "SELECT c.id::text, own.stem, own.frequency::int FROM chunks AS c, stems_of(c.lexical) AS own"
        ).fetchall()
        asked = connection.execute("SELECT lexeme FROM unnest(to_tsvector('english', %s)) AS w", (question,)).fetchall()
    times = {(chunk, stem): count for chunk, stem, count in words}
    lengths: Counter[str] = Counter()
    frequency: Counter[str] = Counter()
    for (chunk, stem), count in times.items():
        lengths[chunk] += count
        frequency[stem] += 1
    average = sum(lengths.values()) / len(lengths)
    scores: Counter[str] = Counter()
    for (stem,) in asked:
        idf = math.log(1 + (len(lengths) - frequency[stem] + 0.5) / (frequency[stem] + 0.5))
        for chunk, length in lengths.items():
            if count := times.get((chunk, stem)):
                scores[chunk] += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / average))
    return scores


@pytest.mark.parametrize("question", ["How should a team set norms?", "What is the role of trust in RTI and MTSS?"])
async def test_words_alone_rank_passages_by_bm25(handbook: Database, shared_database_url: str, question: str) -> None:
    found = await search(handbook, question, embedder=LOCAL, options=WORDS_ALONE)
    expected = bm25(shared_database_url, question)
    ranks = [str(passage.chunk_id) for passage in found]
    assert len(ranks) > 5
    # The search leaves out passages that share pages with better ones; the rest has the order of the formula.
    scores = [expected[chunk] for chunk in ranks]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == max(expected.values())


async def test_the_stems_of_a_passage_are_those_of_its_sentences_also_where_the_database_has_others(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await load(database_url, tmp_path, fairs="A university organizes two fairs in the evening.")
    found = await search(database, "Who organizes a university fair in the evening?", embedder=LOCAL)
    assert found[0].content.startswith("A university")
    assert found[0].weights.keys() == set(stems("organizes university fair evening"))
    assert {*stems("organizes university fair evening")} == {*found[0].found_stems}


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Do parents/guardians sign?", "parents guardians sign"),
        ("Our zebra is ill.Do guardians sign?", "zebra ill guardians sign"),
        ("Who signs the blue form in Tier 2?", "signs blue form tier 2"),
        ("Who signs the green form in the 4th grade?", "signs green form 4th grade"),
        ("Is there a Tier-2 zebra form?", "tier 2 zebra form"),
    ],
)
async def test_joined_words_are_found_one_by_one_in_the_question_and_in_the_passage(
    database: Database, database_url: str, tmp_path: Path, question: str, wanted: str
) -> None:
    await load(
        database_url, tmp_path, forms="Guardians sign the blue/green form of the zebra in Tier-2 of 3rd/4th grade."
    )
    found = await search(database, question, embedder=LOCAL)
    assert found[0].content.startswith("Guardians")
    asked = {stems(word)[0] for word in wanted.split()}
    assert found[0].weights.keys() == asked
    assert {*found[0].found_stems} == asked - set(stems("parents ill"))


@pytest.mark.parametrize("text", ["https://example.org/rules/form.html", "24/7", "the file /etc/rules.conf"])
async def test_addresses_dates_and_files_are_no_joined_words(database_url: str, tmp_path: Path, text: str) -> None:
    await load(database_url, tmp_path, forms=f"Zebras look at {text} before they sign.")
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT tsvector_to_array(w.lexical) FROM chunk_weights AS w").fetchall()
    [own] = [{*own} for (own,) in rows if "zebra" in own]
    assert own.isdisjoint({"rule", "form", "24", "7", "rules.conf"})


@pytest.mark.parametrize(("asked", "written"), [("PLC", "PLCs"), ("CFAs", "CFA"), ("slos", "SLO"), ("DVD", "DVDs")])
async def test_an_acronym_and_its_plural_find_each_other(
    database: Database, database_url: str, tmp_path: Path, asked: str, written: str
) -> None:
    await load(database_url, tmp_path, zebras=f"Zebras have {written} for their stripes.")
    found = await search(database, f"What is in the stripes of a zebra? {asked}?", embedder=LOCAL)
    assert found[0].content.startswith("Zebras")
    assert {*found[0].found_stems} == found[0].weights.keys() == {*stems(written), "zebra", "stripe"}


async def test_weights_stay_correct_when_books_are_added_and_replaced(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await load(database_url, tmp_path, Short="Teams set norms.", Long="\n\n".join(["Norms are kept. " * 9] * 30))
    await load(database_url, tmp_path, Short="Teams set norms, and norms hold teams together.")
    found = await search(database, "norms of teams", embedder=LOCAL, options=WORDS_ALONE)
    expected = bm25(database_url, "norms of teams")
    scores = [expected[str(passage.chunk_id)] for passage in found]
    assert scores == sorted(scores, reverse=True)
    assert {passage.book_title for passage in found} >= {"Short", "Long"}


async def test_meaning_alone_ranks_by_the_inner_product(handbook: Database) -> None:
    found = await search(handbook, "How do we get parents on board?", embedder=LOCAL, options=MEANING_ALONE)
    similarities = [passage.similarity or 0 for passage in found]
    assert similarities == sorted(similarities, reverse=True)
    question = await LOCAL.embed_question("How do we get parents on board?")
    for passage in found[:3]:
        vectors = await LOCAL.embed([span.of(passage.content) for span in windows(passage.content)])
        products = [sum(a * b for a, b in zip(question, vector, strict=True)) for vector in vectors]
        assert passage.similarity == pytest.approx(max(products), abs=2e-3)
        assert passage.best_window is not None
        start, end = passage.best_window
        assert windows(passage.content)[products.index(max(products))] == Span(start, end)


async def test_without_windows_a_passage_is_compared_by_its_own_vector(database: Database, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM chunk_windows")
    found = await search(database, "How do we get parents on board?", embedder=LOCAL, options=MEANING_ALONE)
    similarities = [passage.similarity or 0 for passage in found]
    assert similarities == sorted(similarities, reverse=True)
    question = await LOCAL.embed_question("How do we get parents on board?")
    [vector] = await LOCAL.embed([found[0].content])
    assert similarities[0] == pytest.approx(sum(a * b for a, b in zip(question, vector, strict=True)), abs=2e-3)
    assert {passage.best_window for passage in found} == {None}


async def test_a_long_passage_is_found_by_the_few_sentences_that_answer(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    other = " ".join(f"The bus leaves stop {number} and turns at the corner of the street." for number in range(30))
    answer = "Mothers and fathers were invited. They came to visit. They read with the children. Everyone enjoyed it."
    await load(database_url, tmp_path, Mixed=f"{other} {answer} {other}", Bus=other)
    question = "parents visiting a classroom to help children with books"
    found = await search(database, question, embedder=LOCAL, options=MEANING_ALONE)
    [mixed] = [passage for passage in found if passage.book_title == "Mixed" and "Mothers" in passage.content]
    assert mixed.best_window is not None
    start, end = mixed.best_window
    assert "Mothers and fathers" in mixed.content[start:end]
    assert mixed.similarity is not None
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM chunk_windows")
    [without] = [
        passage
        for passage in await search(database, question, embedder=LOCAL, options=MEANING_ALONE)
        if passage.chunk_id == mixed.chunk_id
    ]
    assert without.similarity is not None
    assert mixed.similarity > without.similarity + 0.1


async def test_a_question_in_capitals_finds_what_the_same_question_finds_in_small_letters(handbook: Database) -> None:
    question = "how do we get parents on board?"
    small, capital = [
        [each.chunk_id for each in await search(handbook, text, embedder=LOCAL)]
        for text in (question, question.upper())
    ]
    assert small == capital


async def test_words_and_meaning_both_contribute_passages(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await load(
        database_url,
        tmp_path,
        Words="The wombat ledger is kept by the treasurer.",
        Meaning="Our mother and father came to visit the classroom and helped the children to read.",
    )
    titles = [each.book_title for each in await search(database, "parents visiting wombat", embedder=LOCAL)]
    assert "Words" in titles
    assert "Meaning" in titles


@pytest.mark.parametrize(
    ("line", "relevance"),
    [
        ("- Wombat: a short note that a class writes before the bell", Relevance.answer),
        ("- Bring a wombat to the short meeting, and one more note", Relevance.near),
    ],
)
async def test_a_passage_that_defines_the_term_of_a_question_answers_it(
    database: Database, database_url: str, tmp_path: Path, line: str, relevance: Relevance
) -> None:
    await load(database_url, tmp_path, Terms=f"Families and staff read what stands here, week after week.\n\n{line}")
    question = "What is a wombat?"
    assert await judge(await search(database, question, embedder=LOCAL), question) is relevance


async def test_a_definition_answers_a_question_that_writes_its_term_in_other_letters(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    said = "Families and staff read what stands here, week after week."
    await load(database_url, tmp_path, Terms=f"{said}\n\nWoMBaK is a way to share a room.")
    question = "what is wombak"
    assert await judge(await search(database, question, embedder=LOCAL), question) is Relevance.answer


async def test_without_vectors_words_are_enough(database: Database, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE embedding_sets SET state = 'loading'")
    question = "What are the four critical questions of a PLC?"
    assert all(passage.similarity is None for passage in await search(database, question, embedder=LOCAL))
    found = await PassageFinder(database, LOCAL)(question)
    assert await judge(found, question) is Relevance.answer


async def test_a_search_returns_at_most_seven_passages_with_at_most_six_thousand_tokens(handbook: Database) -> None:
    for question in ("What should teams do about assessment?", "students learning teachers", "school"):
        found = await search(handbook, question, embedder=LOCAL)
        assert len(found) == 7
        assert sum(passage.tokens for passage in found) <= 6000


async def test_two_searches_return_one_copy_of_a_text_so_that_caches_keep_it_once(handbook: Database) -> None:
    [first, *_], [second, *_] = [await search(handbook, "How do we set team norms?", embedder=LOCAL) for _ in range(2)]
    assert first.content is second.content


async def test_only_the_best_of_several_passages_of_a_chapter_on_the_same_pages_is_returned(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    same = "\n\n".join(f"Aardvarks dig burrow {number}. {'They sleep well. ' * 250}" for number in range(1, 4))
    await load(database_url, tmp_path, Same=f"<!-- page 7 -->\n\n{same}", Other="<!-- page 7 -->\n\nAardvarks too.")
    found = await search(database, "aardvarks", embedder=LOCAL, options=SearchOptions(vector_weight=0.0))
    assert sorted(passage.book_title for passage in found) == ["Other", "Same"]


async def test_a_text_that_two_editions_have_is_returned_once(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    text = "## Moons\n\nEvery marmot whistles when the moon rises, and the others answer from the hill."
    for edition in ("1st", "2nd"):
        (tmp_path / f"{edition}.md").write_text(f"# Marmots\n\n{text}\n\n## Dens\n\nThe {edition} den is dry.")
        (tmp_path / f"{edition}.toml").write_text(f'edition = "{edition}"')
    await ingest_trusted(database_url, [tmp_path / "1st.md", tmp_path / "2nd.md"], LOCAL)
    found = await search(database, "When do marmots whistle, and is the den dry?", embedder=LOCAL)
    assert sum("marmot whistles" in passage.content for passage in found) == 1
    assert sum("den is dry" in passage.content for passage in found) == 2


async def test_the_chapters_of_one_page_are_all_returned(database: Database, database_url: str, tmp_path: Path) -> None:
    chapters = [f"## Chapter {n}: C\n\nAardvarks of kind {n} dig." for n in range(1, 5)]
    await load(database_url, tmp_path, Leaflet="<!-- page 1 -->\n\n" + "\n\n".join(chapters))
    found = await search(database, "aardvarks that dig", embedder=LOCAL)
    assert {each.chapter for each in found if each.book_title == "Leaflet"} == {1, 2, 3, 4}


async def test_neighbours_that_share_one_page_are_both_returned(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    pages = [
        f"<!-- page {2 * n} -->\n\n## Chapter {n}: C\n\nAardvarks dig {n} dens.\n\n<!-- page {2 * n + 1} -->\n\nNap."
        for n in range(1, 4)
    ]
    pages += ["## Chapter 4: C\n\nAardvarks eat.\n\n<!-- page 8 -->\n\nAnts mostly."]
    await load(database_url, tmp_path, Neighbours="\n\n".join(pages))
    found = await search(database, "aardvarks", embedder=LOCAL, options=SearchOptions(vector_weight=0.0))
    assert sorted((each.first_page, each.last_page) for each in found) == [(2, 3), (4, 5), (6, 7), (7, 8)]


async def test_a_passage_over_the_token_limit_is_skipped_for_smaller_passages(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    options = SearchOptions(token_limit=1500)
    found = await search(database, "What should teams do about assessment?", embedder=LOCAL, options=options)
    assert sum(passage.tokens for passage in found) <= 1500
    assert found
    await load(database_url, tmp_path, Large="Aardvarks " * 100, Small="Aardvarks dig.")
    by_words = SearchOptions(vector_weight=0.0)
    [first, _] = await search(database, "aardvarks", embedder=LOCAL, options=by_words)
    [fitting] = await search(database, "aardvarks", embedder=LOCAL, options=replace(by_words, token_limit=100))
    assert (first.book_title, fitting.book_title) == ("Large", "Small")


async def test_a_domain_raises_its_passages_and_excludes_no_other(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    def places(found: list[Passage]) -> list[str]:
        return [each.primary_domain for each in found]

    question = "How do we know that it works?"
    plain = await search(database, question, embedder=LOCAL, options=SearchOptions(limit=20, token_limit=10**6))
    climbed = []
    for domain in Domain:
        raised = await search(
            database, question, embedder=LOCAL, domains=[domain], options=SearchOptions(limit=20, token_limit=10**6)
        )
        assert {*places(raised)} - {domain}
        if domain in places(plain):
            assert places(raised).index(domain) <= places(plain).index(domain)
            climbed.append(places(raised) != places(plain))
    assert any(climbed)
    await load(database_url, tmp_path, Aardvark="Aardvarks dig burrows.")
    [first, *_] = await search(database, "aardvarks", embedder=LOCAL, domains=[Domain.data_analysis])
    assert first.book_title == "Aardvark"


@pytest.mark.parametrize(
    "question",
    [
        "",
        " ",
        "???",
        "the of and",
        "') OR 1=1; DROP TABLE chunks; --",
        "a'b \\ c:*d & !e | (f",
        "\\",
        "''",
        "é ☃",
        "x" * 2000,
    ],
)
async def test_a_question_is_never_read_as_syntax(handbook: Database, shared_database_url: str, question: str) -> None:
    found = await search(handbook, question, embedder=LOCAL)
    assert all(passage.content for passage in found)
    with psycopg.connect(shared_database_url) as connection:
        assert connection.execute("SELECT count(*) > 30 FROM chunks").fetchone() == (True,)


@pytest.mark.parametrize("question", ["", " ", "???", "the of and", "''", "What is the capital of France?"])
async def test_a_question_that_no_passage_covers_is_not_answered(handbook: Database, question: str) -> None:
    assert await judge(await search(handbook, question, embedder=LOCAL), question) is Relevance.none


async def test_stems_that_look_like_syntax_are_found(database: Database, database_url: str, tmp_path: Path) -> None:
    await load(database_url, tmp_path, Odd="See https://example.org/a'b\\c?d=e and /usr/local/x'y for more.")
    [found, *_] = await search(database, "https://example.org/a'b\\c?d=e", embedder=LOCAL, options=WORDS_ALONE)
    assert found.book_title == "Odd"
