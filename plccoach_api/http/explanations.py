"""Explains in plain words, to the person who fills in a form, why a value does not fit its type.

msgspec finds the fault. Its own messages are written for programmers, and do not name the values that are allowed.
"""

from collections.abc import Iterable
from uuid import UUID

from msgspec import inspect

from plccoach_api.rules import texts

_EXAMPLE_ID = UUID("01a20a15-47a0-70a0-9271-8c542d6182ea")
_KINDS = (
    # A bool is an int in Python.
    (bool, "true or false"),
    (str, "text"),
    ((int, float), "a number"),
    (list, "a list"),
    (dict, "fields in braces"),
)
_LISTS = (inspect.ListType, inspect.VarTupleType, inspect.SetType, inspect.FrozenSetType)


def explain(kind: inspect.Type, value: object) -> str:
    """Returns a sentence about a value of JSON that does not fit the type."""
    match bare(kind), value:
        case inspect.StrType() as limits, str():
            return texts.explain(value, limits.pattern, limits.min_length, limits.max_length)
        case (inspect.ListType() | inspect.VarTupleType()) as limits, list():
            return _explain_length(len(value), limits.min_length, limits.max_length)
        case ((inspect.EnumType() | inspect.LiteralType() | inspect.UUIDType()), str()):
            return f"This must be {rule(kind)}."
        case ((inspect.EnumType() | inspect.LiteralType() | inspect.IntType()), int()) if not isinstance(value, bool):
            return f"This must be {rule(kind)}."
    return f"This must be {rule(kind)}, not {_name(value)}."


def rule(kind: inspect.Type) -> str:
    """Returns the values that the type allows, as the end of a sentence that begins with "This must be"."""
    described = " or ".join(_described(each) for each in alternatives(kind))
    return f"{described} or null" if _is_nullable(kind) else described


def bare(kind: inspect.Type) -> inspect.Type:
    """Returns the type without its metadata, and without null: the first of several."""
    return alternatives(kind)[0]


def alternatives(kind: inspect.Type) -> list[inspect.Type]:
    """Returns the types of a value that may be one of several, without their metadata, and without null."""
    if isinstance(kind, inspect.Metadata):
        return alternatives(kind.type)
    if isinstance(kind, inspect.UnionType):
        return [bare(each) for each in kind.types if not isinstance(each, inspect.NoneType)]
    return [kind]


def example(kind: inspect.Type) -> str:
    """Returns the form of a body: its required fields, or its first field."""
    fields = kind.fields if isinstance(kind, inspect.StructType) else ()
    names = [field.encode_name for field in fields if field.required] or [field.encode_name for field in fields[:1]]
    return "{" + ", ".join(f'"{name}": …' for name in names) + "}"


def _described(kind: inspect.Type) -> str:
    match kind:
        case inspect.EnumType():
            return _one_of(member.value for member in kind.cls)
        case inspect.LiteralType():
            return _one_of(kind.values)
        case inspect.IntType(ge=int(least), le=int(most)):
            return f"a whole number from {least} to {most}"
        case inspect.StructType():
            return f"of the form {example(kind)}"
        case _:
            return _NAMES.get(type(kind), "of another kind")


_NAMES: dict[type[inspect.Type], str] = {
    inspect.StrType: "text",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.BoolType: "true or false",
    inspect.UUIDType: f"an id (a UUID, such as {_EXAMPLE_ID})",
    inspect.DateTimeType: "a time, such as 2026-09-01T08:30:00Z",
    **dict.fromkeys(_LISTS, "a list"),
}


def _one_of(values: Iterable[object]) -> str:
    return f"one of: {', '.join(map(str, values))}"


def _explain_length(length: int, least: int | None, most: int | None) -> str:
    if most is not None and length > most:
        return f"This list has {length:,} entries; at most {most:,} are allowed."
    return f"This list has too few entries: at least {least or 1:,} needed."


def _is_nullable(kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.Metadata):
        return _is_nullable(kind.type)
    return isinstance(kind, inspect.UnionType) and any(isinstance(each, inspect.NoneType) for each in kind.types)


def _name(value: object) -> str:
    return next((name for kinds, name in _KINDS if isinstance(value, kinds)), "null")
