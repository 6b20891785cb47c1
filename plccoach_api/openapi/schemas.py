"""Completes and simplifies the schemas that msgspec generated."""

import re
from collections.abc import Iterable
from enum import IntEnum
from inspect import cleandoc
from typing import Any, TypeAlias

import msgspec

from plccoach_api import problems
from plccoach_api.openapi import prose
from plccoach_api.problem_details import ProblemDetails
from plccoach_api.rules.messages import FeedbackScore
from plccoach_api.structs import events
from plccoach_api.structs.shares import ShareDays

Node: TypeAlias = Any

REFERENCE = "#/components/schemas/"
PROBLEM = "Problem"
ANSWER_EVENT = "AnswerEvent"
_PROBLEM_TYPE = "ProblemType"

_NAMES = {ProblemDetails.__name__: PROBLEM}
# Page_Message_, and Litestar's Page_plccoach_api.structs.messages.Message_, are both MessagePage.
_PAGE = re.compile(r"Page_(?:.*\.)?(?P<item>\w+?)(?:Summary)?_")
# Litestar writes these also when they are false, which is their default.
_SILENT_IF_FALSE = frozenset({"deprecated", "required", "allowEmptyValue", "allowReserved"})
_KINDS = {str: "string", int: "integer"}
# Client generators name the values of an enum by an extension. Without it they invent names, such as VALUE_NEGATIVE_1.
_NUMBERS: tuple[type[IntEnum], ...] = (FeedbackScore, ShareDays)


def components(types: Iterable[Any]) -> dict[str, Node]:
    """Returns the schemas of these types and of the types they contain, by their names in the document."""
    _, generated = msgspec.json.schema_components([*types, ProblemDetails], ref_template=f"{REFERENCE}{{name}}")
    named = {name_of(name): simplified(schema) for name, schema in sorted(generated.items())}
    for name, schema in named.items():
        _finish(name, schema)
    _describe_problem(named[PROBLEM])
    for numbers in _NUMBERS:
        schema = named[numbers.__name__]
        schema["x-enum-varnames"] = [numbers(value).name for value in schema["enum"]]
    alternatives = [{"$ref": f"{REFERENCE}{kind.__name__}"} for kind in events.ANSWER_EVENT]
    named[ANSWER_EVENT] = {"description": prose.ANSWER_EVENT, "oneOf": alternatives}
    types = sorted(kind.urn() for kind in problems.KINDS)
    named[_PROBLEM_TYPE] = {"description": prose.PROBLEM_TYPE, "type": "string", "enum": types}
    return dict(sorted(named.items()))


def name_of(name: str) -> str:
    """Returns the name in the document for a name of msgspec or Litestar."""
    page = _PAGE.fullmatch(name)
    return f"{page['item']}Page" if page else _NAMES.get(name, name)


def simplified(node: Node) -> Node:  # noqa: PLR0911 - one line a case
    match node:
        case {"$ref": str(reference), **others}:
            return {"$ref": _renamed(reference), **simplified(others)}
        case {"anyOf": [{"type": str(kind), **inner}, {"type": "null"}], **outer}:
            return simplified({**outer, "type": [kind, "null"], **inner})
        # A tuple of one type. Client generators do not support `items: false`.
        case {"prefixItems": [first, *rest], "items": False, **others} if all(entry == first for entry in rest):
            return simplified({**others, "items": first})
        case {"enum": [only], **others}:
            return {"type": _KINDS[type(only)], "const": only, **simplified(others)}
        case {"enum": [first, *_], **others} if "type" not in others:
            return {"type": _KINDS[type(first)], **node}
        case dict():
            return {
                key: simplified(value)
                for key, value in node.items()
                if not (key in _SILENT_IF_FALSE and value is False)
            }
        case list():
            return [simplified(entry) for entry in node]
        case float() if node.is_integer():
            return int(node)
        case _:
            return node


def _renamed(reference: str) -> str:
    return f"{REFERENCE}{name_of(reference.removeprefix(REFERENCE))}" if reference.startswith(REFERENCE) else reference


def _finish(name: str, schema: Node) -> None:
    # The title repeats the name, and client generators derive further names from it.
    schema.pop("title", None)
    # msgspec takes docstrings as they are. Their indentation would make Markdown show the later paragraphs as code.
    if "description" in schema:
        schema["description"] = cleandoc(schema["description"])
    # The bodies of requests are the structs that forbid unknown fields. The other structs are responses, which contain
    # also the fields with a default: the default is for our own code. A field that is neither required nor has a
    # default may be absent (UNSET). Problems leave out more fields.
    if "properties" in schema and "additionalProperties" not in schema and name != PROBLEM:
        required = schema.get("required", [])
        schema["required"] = [
            name for name, field in schema["properties"].items() if name in required or "default" in field
        ]
        for field in schema["properties"].values():
            field.pop("default", None)
    # A default of null says nothing new, but makes client generators require the field.
    for field in schema.get("properties", {}).values():
        if field.get("default", ...) is None:
            del field["default"]


def _describe_problem(schema: Node) -> None:
    schema["description"], fields = "Problem details (RFC 9457).", schema["properties"]
    for name, description in prose.PROBLEM.items():
        fields[name]["description"] = description
    fields["type"] = {"$ref": f"{REFERENCE}{_PROBLEM_TYPE}"}
    fields["instance"]["format"] = "uri"
    fields["errors"].pop("default")
