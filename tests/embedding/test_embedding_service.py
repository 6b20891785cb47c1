"""Services of vectors differ in what they take, and in what their models want before a text."""

from typing import Any

import pytest

from plccoach_api.embedding.embedder import EmbeddingUnavailable
from tests.embedding.vector_service import Answer, service, vectors

PASSAGE = "Teams set norms. " * 60


def taking(*, texts: int = 1000, characters: int = 100_000, status: int = 413) -> Answer:
    """A service that refuses more texts, or longer ones."""

    def answer(body: dict[str, Any]) -> tuple[int, Any]:
        if len(body["input"]) > texts:
            return status, {"message": f"batch size {len(body['input'])} > maximum allowed batch size {texts}"}
        if max(map(len, body["input"])) > characters:
            return status, {"error": {"message": "the input is too large to process"}}
        return vectors(body)

    return answer


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_fewer_texts_are_sent_to_a_service_that_takes_fewer(status: int) -> None:
    with service(taking(texts=10, status=status)) as (embedder, requests):
        assert len(await embedder.embed([str(number) for number in range(150)])) == 150
    accepted = [len(each["input"]) for each in requests if len(each["input"]) <= 10]
    assert sum(accepted) == 150
    assert max(accepted) == 8


async def test_the_number_of_texts_that_a_service_takes_is_remembered() -> None:
    with service(taking(texts=10)) as (embedder, requests):
        await embedder.embed([str(number) for number in range(64)])
        requests.clear()
        await embedder.embed([str(number) for number in range(24)])
    assert [len(each["input"]) for each in requests] == [8, 8, 8]


@pytest.mark.parametrize("status", [400, 413])
async def test_a_text_that_is_too_long_is_embedded_in_parts(status: int) -> None:
    with service(taking(characters=600, status=status)) as (embedder, requests):
        [vector] = await embedder.embed([PASSAGE])
        assert sum(value * value for value in vector) == pytest.approx(1)
        *_, parts, again = [each["input"] for each in requests]
    assert again == [PASSAGE]
    assert " ".join(parts).split() == PASSAGE.split()
    assert all(300 <= len(part) <= 600 for part in parts)


async def test_the_vector_of_a_text_in_parts_is_their_mean_weighted_by_length() -> None:
    def answer(body: dict[str, Any]) -> tuple[int, Any]:
        if max(map(len, body["input"])) > 500:
            return 413, {}
        return 200, {"data": [{"index": 0, "embedding": [1.0, 0.0]}, {"index": 1, "embedding": [0.0, 1.0]}]}

    with service(answer) as (embedder, requests):
        [vector] = await embedder.embed([f"{'word ' * 60}{'x' * 190} {'y' * 90}"])
        first, second = requests[-2]["input"]
    assert len(first) != len(second)
    assert vector[0] / vector[1] == pytest.approx(len(first) / len(second))


def of_lengths(body: dict[str, Any]) -> tuple[int, Any]:
    """A service of one text for a request, whose vectors have the length of the text."""
    [text, *more] = body["input"]
    number = [1.0] * (len(text) % 7 + 1)
    return (413, {}) if more or len(text) > 500 else (200, {"data": [{"index": 0, "embedding": number}]})


def opposite(body: dict[str, Any]) -> tuple[int, Any]:
    """A service whose vectors of the two parts of a text have no mean."""
    numbers = [[1.0], [-1.0]][: len(body["input"])]
    data = [{"index": index, "embedding": number} for index, number in enumerate(numbers)]
    return (413, {}) if max(map(len, body["input"])) > 500 else (200, {"data": data})


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        (of_lengths, ["a", "ab"]),
        (of_lengths, [f"{'x' * 250} {'y' * 300}"]),
        (opposite, [f"{'x' * 300} {'y' * 300}"]),
    ],
)
async def test_vectors_that_do_not_fit_those_of_another_request_are_failures_in_the_log(
    answer: Answer, texts: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with service(answer) as (embedder, _), pytest.raises(EmbeddingUnavailable):
        await embedder.embed(texts)
    assert capsys.readouterr().out.count("embedding failed") == 1


async def test_the_length_that_a_service_refuses_is_remembered_and_the_number_of_texts_stays() -> None:
    with service(taking(characters=600)) as (embedder, requests):
        await embedder.embed([PASSAGE, "short", "brief"])
        requests.clear()
        await embedder.embed([PASSAGE, *map(str, range(62))])
    assert len(requests) == 1


async def test_long_texts_of_many_lengths_leave_the_number_of_texts_as_it_is() -> None:
    with service(taking(characters=600)) as (embedder, requests):
        await embedder.embed([PASSAGE[:length] for length in (620, 1000, 700, 100, 900, 640)])
        requests.clear()
        await embedder.embed([str(number) for number in range(64)])
    assert len(requests) == 1


async def test_a_service_may_limit_the_number_of_texts_and_their_length() -> None:
    with service(taking(texts=1, characters=300)) as (embedder, requests):
        assert len(await embedder.embed([PASSAGE, PASSAGE, "short"])) == 3
        requests.clear()
        await embedder.embed([PASSAGE])
    assert {len(each["input"]) for each in requests} == {1}


async def test_a_text_of_many_tokens_does_not_shorten_the_texts_of_its_length() -> None:
    def answer(body: dict[str, Any]) -> tuple[int, Any]:
        tokens = max(len(text) * (4 if text.startswith("1") else 1) for text in body["input"])
        return (413, {}) if tokens > 2000 else vectors(body)

    with service(answer) as (embedder, requests):
        await embedder.embed([PASSAGE, "1 2 3 4 5 " * 80])
        requests.clear()
        await embedder.embed([PASSAGE])
    assert [each["input"] for each in requests] == [[PASSAGE]]


async def test_an_outage_in_an_ingest_teaches_nothing_about_what_a_service_takes() -> None:
    refusals = iter([True, True])

    def answer(body: dict[str, Any]) -> tuple[int, Any]:
        return (400, {}) if next(refusals, False) else vectors(body)

    with service(answer) as (embedder, requests):
        await embedder.embed([PASSAGE, PASSAGE])
        requests.clear()
        await embedder.embed([PASSAGE, PASSAGE])
    assert [each["input"] for each in requests] == [[PASSAGE, PASSAGE]]


async def test_the_key_of_another_service_in_the_headers_of_the_sdk_is_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer sk-answers")
    with service(vectors) as (embedder, requests):
        await embedder.embed_question("What are norms?")
    assert [each["key"] for each in requests] == ["Bearer sk-hush"]


async def test_a_request_that_is_refused_for_another_reason_ends_with_an_error() -> None:
    with service(lambda _: (400, {"error": {"message": "no such model"}})) as (embedder, requests):
        with pytest.raises(EmbeddingUnavailable):
            await embedder.embed([PASSAGE] * 64)
        assert len(requests) < 16


async def test_an_outage_teaches_nothing_about_the_length_that_a_service_takes() -> None:
    outage = True

    def answer(body: dict[str, Any]) -> tuple[int, Any]:
        return (400, {}) if outage else vectors(body)

    with service(answer) as (embedder, requests):
        with pytest.raises(EmbeddingUnavailable):
            await embedder.embed_question(PASSAGE)
        outage = False
        requests.clear()
        await embedder.embed_question(PASSAGE)
    assert [each["input"] for each in requests] == [[PASSAGE]]


async def test_a_text_of_spaces_ends_like_any_other() -> None:
    with service(taking(characters=600)) as (embedder, _):
        assert len(await embedder.embed([" " * 1000])) == 1


async def test_a_long_question_is_embedded_in_parts() -> None:
    with service(taking(characters=600)) as (embedder, _):
        assert len(await embedder.embed_question(PASSAGE)) == 2


async def test_the_words_that_a_model_wants_stand_before_questions_and_passages() -> None:
    prefixes = {"OPENAI_EMBEDDING_QUESTION_PREFIX": "query:", "OPENAI_EMBEDDING_PASSAGE_PREFIX": "passage:"}
    with service(taking(characters=600), **prefixes) as (embedder, requests):
        await embedder.embed_question("What are norms?")
        await embedder.embed([PASSAGE])
    assert requests[0]["input"] == ["query: What are norms?"]
    assert all(part.startswith("passage: ") for each in requests[1:] for part in each["input"])
    assert {each["model"] for each in requests} == {"tiny"}


async def test_vectors_with_another_passage_prefix_are_another_set() -> None:
    names = set()
    for prefix in ({}, {"OPENAI_EMBEDDING_PASSAGE_PREFIX": "passage:"}, {"OPENAI_EMBEDDING_QUESTION_PREFIX": "query:"}):
        with service(vectors, **prefix) as (embedder, _):
            names.add(embedder.model)
    assert names == {"tiny", "tiny (passage:)"}
