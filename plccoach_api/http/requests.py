"""Decodes the JSON body of a request into a struct, and explains why a body is refused."""

import re
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State
from msgspec import inspect

from plccoach_api import problems
from plccoach_api.http import explanations, litestar_internals
from plccoach_api.problems import FieldError, InvalidInput

_AT = re.compile(r"^(?P<message>.*) - at `\$(?P<path>.*)`$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<field>.*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<field>.*)`$", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>\w+)|\[(?P<index>\d+)\]")
_BYTE = re.compile(r"\(byte (?P<position>\d+)\)$")
# Half of a surrogate pair at the end of a text. msgspec reports it as a body that ends too early.
_HALF_A_CHARACTER = re.compile(rb"\\u[dD][89abAB]")
_LONGEST_NAME = 100

_UNDECODABLE = (msgspec.DecodeError, UnicodeError, RecursionError)


class JSONRequest(Request[Any, Any, State]):
    """Decodes the body strictly into the struct that the handler declares.

    Litestar would decode it into a dict and convert that leniently ("7" for 7). It would also accept a body that is
    declared as text/plain, and answer 500 to invalid UTF-8.
    """

    async def json(self) -> Any:
        if self.content_type[0] != "application/json":
            raise problems.UnsupportedMediaType
        return decode(await self.body(), litestar_internals.body_type(self.route_handler))


def decode(body: bytes, expected: Any) -> Any:
    """Returns a value of the expected type. Raises InvalidInput, which names the first field that does not fit."""
    try:
        return msgspec.json.decode(body, type=expected)
    except msgspec.ValidationError as error:
        raise InvalidInput(errors=(_fault(error, inspect.type_info(expected), body),)) from error
    except _UNDECODABLE as error:
        if not body.strip():
            raise missing_body(inspect.type_info(expected)) from error
        fault = _place_of_fault(error, body)
        raise InvalidInput("The body is not valid JSON.", errors=(FieldError("body", fault),)) from error


def missing_body(kind: inspect.Type) -> InvalidInput:
    fault = f"A body is missing. It must be of the form {explanations.example(explanations.bare(kind))}."
    return InvalidInput("The request has no body.", errors=(FieldError("body", fault),))


def _fault(error: msgspec.ValidationError, kind: inspect.Type, body: bytes) -> FieldError:
    """Explains the first value that does not fit the type of the body."""
    match error.__cause__:
        case ValueError(args=(str(field), str(message))):
            return FieldError(field, message)
    at = _AT.match(str(error))
    message, path = (at["message"], at["path"]) if at else (str(error), "")
    kind, value = _follow(path, kind, body)
    prefix = f"{path.removeprefix('.')}." if path else ""
    if missing := _MISSING.match(message):
        return FieldError(prefix + missing["field"], "This field is required.")
    if unknown := _UNKNOWN.match(message):
        return FieldError(
            prefix + unknown["field"][:_LONGEST_NAME], f"This field is unknown. Known are: {_names(kind)}."
        )
    sentence = explanations.explain(kind, value)
    return FieldError(path.removeprefix("."), sentence) if path else FieldError("body", _about_body(sentence))


def _about_body(sentence: str) -> str:
    return f"The body{sentence.removeprefix('This')}"


def _names(kind: inspect.Type) -> str:
    struct = explanations.bare(kind)
    return ", ".join(field.encode_name for field in struct.fields) if isinstance(struct, inspect.StructType) else ""


def _follow(path: str, kind: inspect.Type, body: bytes) -> tuple[inspect.Type, Any]:
    """Returns the type and the value at a path such as `.book_ids[0]`."""
    try:
        value = msgspec.json.decode(body)
    except _UNDECODABLE:
        # The part after the fault is not valid JSON, or it is a number that no float can hold.
        value = 0 if path else []
    for step in _STEP.finditer(path):
        kind = _inner(kind, step["name"])
        value = _member(value, step["name"], step["index"])
    return kind, value


def _member(value: Any, name: str | None, index: str | None) -> Any:
    """Returns None when a field occurs twice in the body, and only its first value has the member."""
    match value:
        case dict():
            return value.get(name)
        case list() if index and int(index) < len(value):
            return value[int(index)]
    return None


def _inner(kind: inspect.Type, name: str | None) -> inspect.Type:
    for each in explanations.alternatives(kind):
        if isinstance(each, inspect.StructType) and name:
            return next(field.type for field in each.fields if field.encode_name == name)
        if not name and hasattr(each, "item_type"):
            item: inspect.Type = each.item_type
            return item
    return inspect.AnyType()


def _place_of_fault(error: Exception, body: bytes) -> str:
    if isinstance(error, RecursionError):
        return "The JSON is nested too deeply."
    try:
        characters = body.decode()
    except UnicodeDecodeError as undecodable:
        return f"The body must be UTF-8; byte {undecodable.start + 1:,} is not."
    if position := _BYTE.search(str(error)):
        before = body[: int(position["position"])].decode(errors="ignore")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return f"The JSON is not valid at line {line:,}, column {column:,}."
    if _HALF_A_CHARACTER.search(body):
        return "The JSON ends too early, or contains half of a surrogate pair."
    return f"The JSON ends too early, after {len(characters):,} characters."
