"""Decodes the JSON body of a request into a struct, and explains why a body is refused."""

import re
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State

from plccoach_api import problems
from plccoach_api.http import litestar_internals
from plccoach_api.problems import FieldError
from plccoach_api.rules.texts import explain

_AT = re.compile(r"^(?P<message>.*) - at `\$\.?(?P<field>.*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<field>.*)`$", re.DOTALL)


class JSONRequest(Request[Any, Any, State]):
    """Decodes the body strictly into the struct that the handler declares.

    Litestar would decode it into a dict and convert that leniently ("7" for 7). It would also accept a body that is
    declared as text/plain, and answer 500 to invalid UTF-8.
    """

    async def json(self) -> Any:
        if self.content_type[0] != "application/json":
            raise problems.UnsupportedMediaType
        expected = litestar_internals.body_type(self.route_handler)
        try:
            return msgspec.json.decode(await self.body(), type=expected)
        except msgspec.ValidationError as error:
            raise problems.InvalidInput(errors=(_explain(str(error)),)) from error
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise problems.InvalidInput("The body is not valid JSON.") from error


def _explain(message: str) -> FieldError:
    """Splits msgspec's message about the first invalid value into a field and a message."""
    if at := _AT.match(message):
        return FieldError(field=at["field"] or "body", message=explain(at["message"]))
    if unknown := _UNKNOWN.match(message):
        return FieldError(field=unknown["field"], message="Unknown field")
    return FieldError(field="body", message=message)
