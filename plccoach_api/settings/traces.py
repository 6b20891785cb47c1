"""The settings of traces. Their names and their values are those of OpenTelemetry's specification.

Its SDK reads them from the environment itself. So this module only checks the values that would stop the SDK or that
it would ignore, and hands all OTEL_* variables on: those of `.env` too.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from importlib.util import find_spec
from urllib.parse import unquote

from plccoach_api.settings.environment import Environment, InvalidValue, Secret, text, web_address, whole_number

_PREFIX = "OTEL_"
_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
_HEADERS = "OTEL_EXPORTER_OTLP_HEADERS"
_TRACES_HEADERS = "OTEL_EXPORTER_OTLP_TRACES_HEADERS"
# The characters that the SDK takes.
_PAIR = re.compile(r"[\w!#$%&'*+.^`|~-]+[ \t]*=[ \t]*[ !#-+\--:<-\[\]-~]*", re.ASCII)
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
_PROTOCOL = "http/protobuf"
_SERVICE = "plccoach-api"
_SERVICE_ATTRIBUTE = "service.name"
# They bound the memory: a span takes some two kilobytes.
_MOST_SPANS = 100_000


class Sampler(StrEnum):
    """The ways to choose the requests that have a trace."""

    always_on = "always_on"
    always_off = "always_off"
    traceidratio = "traceidratio"
    parentbased_always_on = "parentbased_always_on"
    parentbased_always_off = "parentbased_always_off"
    parentbased_traceidratio = "parentbased_traceidratio"


def from_environment(environment: Environment) -> Mapping[str, Secret] | None:
    """Returns what the SDK has to read; one of the values may hold the key for the collector.

    Returns None when traces are off. Nothing is checked then: the variables may be meant for another program.
    """
    variables = environment.starting_with(_PREFIX)
    if not _are_on(variables):
        return None
    _require_extra(environment)
    _refuse_other_protocols(environment, variables)
    checked: dict[str, object] = {
        _TRACES_ENDPOINT: _endpoint(environment),
        _HEADERS: _headers(environment, variables),
        "OTEL_TRACES_SAMPLER": environment.read("OTEL_TRACES_SAMPLER", _sampler, Sampler.parentbased_always_on),
        "OTEL_TRACES_SAMPLER_ARG": environment.read("OTEL_TRACES_SAMPLER_ARG", _ratio, 1.0),
        **_queue(environment),
    }
    service_name = environment.read("OTEL_SERVICE_NAME", text, _SERVICE)
    if f"{_SERVICE_ATTRIBUTE}=" not in variables.get("OTEL_RESOURCE_ATTRIBUTES", ""):
        checked["OTEL_SERVICE_NAME"] = service_name
    read = variables | {name: str(value) for name, value in checked.items() if value is not None}
    return {name: Secret(value) for name, value in read.items()}


def _refuse_other_protocols(environment: Environment, variables: Mapping[str, str]) -> None:
    for name in _PROTOCOLS:
        if (protocol := variables.get(name, _PROTOCOL)) != _PROTOCOL:
            environment.refuse(name, protocol, f"only {_PROTOCOL} is allowed; its port is usually 4318, not 4317")
    if (exporter := variables.get("OTEL_TRACES_EXPORTER", "otlp")) != "otlp":
        environment.refuse("OTEL_TRACES_EXPORTER", exporter, "otlp or none is allowed")


def _queue(environment: Environment) -> dict[str, int]:
    """Returns the limits of the spans that wait to be sent."""
    queue = environment.read("OTEL_BSP_MAX_QUEUE_SIZE", whole_number(1, _MOST_SPANS), 2048)
    batch = environment.read("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", whole_number(1, _MOST_SPANS), min(512, queue))
    delay = environment.read("OTEL_BSP_SCHEDULE_DELAY", whole_number(10, 600_000), 5000)
    if batch > queue:
        environment.refuse("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", str(batch), f"the queue has room for {queue} spans only")
    return {
        "OTEL_BSP_MAX_QUEUE_SIZE": queue,
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": batch,
        "OTEL_BSP_SCHEDULE_DELAY": delay,
    }


def _require_extra(environment: Environment) -> None:
    """Finds the package. That imports the packages around it, but none of their code."""
    try:
        is_installed = find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        is_installed = False
    if not is_installed:
        environment.problems.setdefault(
            _ENDPOINT, f"{_ENDPOINT} is set, but traces need an extra: install plccoach-api[otel]"
        )


def _are_on(variables: Mapping[str, str]) -> bool:
    is_addressed = _ENDPOINT in variables or _TRACES_ENDPOINT in variables
    is_disabled = variables.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return is_addressed and not is_disabled and variables.get("OTEL_TRACES_EXPORTER") != "none"


def _endpoint(environment: Environment) -> str:
    """Returns the address to which spans are sent: that of the collector with a path, or one that is used as it is."""
    collector = environment.read(_ENDPOINT, web_address, "")
    return environment.read(_TRACES_ENDPOINT, web_address, f"{collector}/v1/traces")


def _headers(environment: Environment, variables: Mapping[str, str]) -> Secret | None:
    """Refuses what the SDK could not send: it would log the value, which may be a key."""
    headers = environment.secret(_HEADERS)
    for name, value in ((_HEADERS, headers), (_TRACES_HEADERS, variables.get(_TRACES_HEADERS))):
        if value is not None and not all(map(_is_header, value.split(","))):
            environment.refuse_secret(name, "pairs such as api-key=secret, separated by commas, are allowed")
    return headers


def _is_header(pair: str) -> bool:
    decoded = unquote(pair)
    return bool(_PAIR.fullmatch(pair.strip())) and decoded.isascii() and decoded.isprintable()


def _sampler(value: str) -> Sampler:
    try:
        return Sampler(value.lower())
    except ValueError:
        raise InvalidValue(f"one of {', '.join(Sampler)} is allowed") from None


def _ratio(value: str) -> float:
    try:
        ratio = float(value)
    except ValueError:
        ratio = float("nan")
    if not 0 <= ratio <= 1:
        raise InvalidValue("a number from 0 to 1 is allowed")
    return ratio
