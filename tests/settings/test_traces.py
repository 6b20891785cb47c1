"""The settings of traces: OpenTelemetry's own variables, and which of them stop the start."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from plccoach_api import settings
from plccoach_api.settings.environment import SettingsError

SAMPLE = Path(__file__).parents[2] / ".env.sample"
ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}


def variables(**process: str) -> Mapping[str, str] | None:
    return settings.load(process, None).traces


def on(**process: str) -> Mapping[str, str]:
    loaded = variables(**ENDPOINT, **process)
    assert loaded is not None
    return loaded


def problem(**process: str) -> str:
    with pytest.raises(SettingsError) as refused:
        settings.load(ENDPOINT | process, None)
    [line] = refused.value.problems
    return line


def test_an_endpoint_switches_traces_on() -> None:
    assert variables() is None
    assert on()["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] == "http://collector:4318/v1/traces"
    own = variables(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT="https://traces.example.org/in")
    assert own is not None
    assert own["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] == "https://traces.example.org/in"


@pytest.mark.parametrize("switched_off", [{"OTEL_SDK_DISABLED": "true"}, {"OTEL_TRACES_EXPORTER": "none"}])
def test_the_standard_switches_turn_traces_off(switched_off: dict[str, str]) -> None:
    assert variables(**ENDPOINT, **switched_off) is None


def test_the_env_file_may_have_every_variable_and_the_process_wins(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(
        "OTEL_EXPORTER_OTLP_ENDPOINT='http://collector:4318/'\nOTEL_EXPORTER_OTLP_COMPRESSION=gzip\nOTEL_SERVICE_NAME=file\n"
    )
    loaded = settings.load({"OTEL_SERVICE_NAME": "process"}, dotenv)
    assert loaded.unknown_names == ()
    assert loaded.traces is not None
    assert loaded.traces["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] == "http://collector:4318/v1/traces"
    assert loaded.traces["OTEL_EXPORTER_OTLP_COMPRESSION"] == "gzip"
    assert loaded.traces["OTEL_SERVICE_NAME"] == "process"


def test_the_key_for_the_collector_may_be_in_a_file_and_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "headers").write_text("api-key=hush\n")
    loaded = on(OTEL_EXPORTER_OTLP_HEADERS_FILE=str(tmp_path / "headers"))
    assert loaded["OTEL_EXPORTER_OTLP_HEADERS"] == "api-key=hush"
    assert "hush" not in repr(loaded)


@pytest.mark.parametrize(
    "value", ["Authorization: Bearer hush", "hush", "api-key=hush%0d%0a", "api-key=hush,,", "api-key=hush;x", "k=hush☃"]
)
@pytest.mark.parametrize("name", ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"])
def test_headers_that_cannot_be_sent_are_refused_and_not_shown(name: str, value: str) -> None:
    line = problem(**{name: value})
    assert line.startswith(f"{name} is not usable (its value is not shown): pairs such as api-key=secret")
    assert "hush" not in line


@pytest.mark.parametrize("value", ["Authorization=Bearer%20hush==", "api-key = hush, x-team=a b", "a=1:2/3"])
def test_headers_are_pairs(value: str) -> None:
    assert on(OTEL_EXPORTER_OTLP_HEADERS=value)["OTEL_EXPORTER_OTLP_HEADERS"] == value


def test_the_service_has_a_name_that_may_be_changed_in_both_standard_ways() -> None:
    assert on()["OTEL_SERVICE_NAME"] == "plccoach-api"
    assert on(OTEL_SERVICE_NAME="coach")["OTEL_SERVICE_NAME"] == "coach"
    assert "OTEL_SERVICE_NAME" not in on(OTEL_RESOURCE_ATTRIBUTES="service.name=coach,team=a")


def test_the_sample_shows_the_defaults() -> None:
    text = SAMPLE.read_text("utf-8")
    shown = dict(re.findall(r"^# (OTEL_[A-Z_]+)=(.+)$", text, flags=re.MULTILINE))
    assert len(shown) > 5
    assert on(**shown) == on()


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "an address such as"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://collector", "an address such as"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "only http/protobuf is allowed"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json", "only http/protobuf is allowed"),
        ("OTEL_TRACES_EXPORTER", "zipkin", "otlp or none is allowed"),
        ("OTEL_TRACES_SAMPLER", "always", "one of always_on, always_off, traceidratio, parentbased_always_on"),
        ("OTEL_TRACES_SAMPLER_ARG", "1.5", "a number from 0 to 1 is allowed"),
        ("OTEL_TRACES_SAMPLER_ARG", "many", "a number from 0 to 1 is allowed"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "0", "a whole number from 1 to 100000 is allowed"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4096", "the queue has room for 2048 spans only"),
        ("OTEL_BSP_SCHEDULE_DELAY", "0", "a whole number from 10 to 600000 is allowed"),
    ],
)
def test_a_value_that_the_sdk_could_not_use_stops_the_start(name: str, value: str, allowed: str) -> None:
    line = problem(**{name: value})
    assert line.startswith(f"{name} is {value!r}, but {allowed}")


def test_without_traces_no_variable_is_checked() -> None:
    assert variables(OTEL_EXPORTER_OTLP_PROTOCOL="grpc", OTEL_TRACES_SAMPLER="of-another-program") is None


def test_a_small_queue_has_small_batches() -> None:
    assert on(OTEL_BSP_MAX_QUEUE_SIZE="100")["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"] == "100"


def test_traces_need_their_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http", None)
    assert problem() == ("OTEL_EXPORTER_OTLP_ENDPOINT is set, but traces need an extra: install plccoach-api[otel]")
    assert variables(**ENDPOINT, OTEL_SDK_DISABLED="true") is None
