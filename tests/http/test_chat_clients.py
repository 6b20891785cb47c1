"""The official Python client of OpenAI's protocol, against a running service."""

import openai
import pytest
from openai import OpenAI

from tests.http.asking import QUESTION
from tests.live import Service


@pytest.fixture
def token(live: Service) -> str:
    return live.token_of("sdk@example.org")


def client_of(live: Service, token: str) -> OpenAI:
    return OpenAI(base_url=f"{live.url}/v1", api_key=token, max_retries=0)


def test_it_lists_the_model_and_reads_a_whole_answer(live: Service, token: str) -> None:
    with client_of(live, token) as client:
        assert [model.id for model in client.models.list()] == ["plc-coach"]
        completion = client.chat.completions.create(model="plc-coach", messages=[{"role": "user", "content": QUESTION}])
    message = completion.choices[0].message
    assert message.content
    assert message.annotations
    for annotation in message.annotations:
        cited = annotation.url_citation
        assert message.content[cited.start_index : cited.end_index].strip("[]").isdecimal()
        assert f":{live.port}/passages/" in cited.url
    assert completion.model_extra
    assert len(completion.model_extra["citations"]) >= 2


def test_it_reads_a_streamed_answer(live: Service, token: str) -> None:
    with client_of(live, token) as client:
        whole = client.chat.completions.create(model="plc-coach", messages=[{"role": "user", "content": QUESTION}])
        with client.chat.completions.create(
            model="plc-coach",
            messages=[{"role": "user", "content": QUESTION}],
            stream=True,
            stream_options={"include_usage": True},
        ) as stream:
            chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage
    assert chunks[-1].usage.total_tokens == 0


def test_its_helper_for_streams_joins_the_deltas_and_their_annotations(live: Service, token: str) -> None:
    with client_of(live, token) as client:
        whole = client.chat.completions.create(model="plc-coach", messages=[{"role": "user", "content": QUESTION}])
        with client.chat.completions.stream(
            model="plc-coach", messages=[{"role": "user", "content": QUESTION}]
        ) as stream:
            joined = stream.get_final_completion().choices[0].message
    message = whole.choices[0].message
    assert len(message.annotations or []) >= 2
    assert joined.content == message.content
    assert [each.url_citation for each in joined.annotations or []] == [
        each.url_citation for each in message.annotations or []
    ]


def test_it_understands_the_errors(live: Service, token: str) -> None:
    with client_of(live, token) as client:
        with pytest.raises(openai.NotFoundError) as unknown:
            client.models.retrieve("gpt-4o")
        with pytest.raises(openai.BadRequestError) as invalid:
            client.chat.completions.create(model="plc-coach", messages=[])
    with client_of(live, "plc_nonsense") as client, pytest.raises(openai.AuthenticationError) as refused:
        client.models.list()
    codes = [error.value.code for error in (unknown, invalid, refused)]
    assert codes == ["model_not_found", "invalid_input", "invalid_api_key"]
    assert invalid.value.param == "messages"
