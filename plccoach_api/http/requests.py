"""How a request's body becomes a struct: strictly, in one step, and always with a clear refusal."""

import re
from ast import literal_eval
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State

from plccoach_api import problems
from plccoach_api.problems import FieldError
from plccoach_api.structs import text

_AT = re.compile(r"^(?P<message>.*) - at `\$\.?(?P<field>.*)`$", re.DOTALL)
_PATTERN = re.compile(r"^Expected `str` matching regex (?P<pattern>'.*'|\".*\")$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<field>.*)`$", re.DOTALL)


class JSONRequest(Request[Any, Any, State]):
    """Decodes a body into the struct that the handler asks for.

    Litestar would decode it into a dict and convert that leniently ("7" for 7), take a body that
    says it is text/plain, and fail on invalid UTF-8 with a 500.
    """

    async def json(self) -> Any:
        if self.content_type[0] != "application/json":
            raise problems.UnsupportedMediaType
        expected = self.route_handler.parsed_data_field
        try:
            return msgspec.json.decode(await self.body(), type=expected.annotation if expected else Any)
        except msgspec.ValidationError as error:
            raise problems.InvalidInput(errors=(_explain(str(error)),)) from error
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise problems.InvalidInput("The body is not valid JSON.") from error


def _explain(message: str) -> FieldError:
    """Msgspec's sentence about the first thing that does not fit, taken apart into a field and a message."""
    if at := _AT.match(message):
        return FieldError(field=at["field"] or "body", message=_in_words(at["message"]))
    if unknown := _UNKNOWN.match(message):
        return FieldError(field=unknown["field"], message="Unknown field")
    return FieldError(field="body", message=message)


def _in_words(message: str) -> str:
    """A regular expression says little to a person."""
    found = _PATTERN.match(message)
    return text.EXPLAINED.get(literal_eval(found["pattern"]), message) if found else message
