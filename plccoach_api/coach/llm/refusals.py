"""The refusal of a request by a service, and what its error means."""

import re
from http import HTTPStatus
from typing import Any

import msgspec
import openai

from plccoach_api.coach.llm.dialect import REFUSAL_STATUSES
from plccoach_api.coach.llm.error_texts import error_texts
from plccoach_api.coach.llm.errors import EXCEEDS_CONTEXT, ModelError
from plccoach_api.coach.llm.response import Event
from plccoach_api.coach.llm.sdk_errors import status_error

# Services refuse a content with these statuses too.
_FILTER_STATUSES = REFUSAL_STATUSES | {403, 451}
# These refuse a prompt by its size. 429 does so when one prompt alone has more tokens than a minute may have.
_SIZE_STATUSES = frozenset({HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.TOO_MANY_REQUESTS})
READ_STATUSES = _FILTER_STATUSES | _SIZE_STATUSES
"""The statuses whose body tells more than the status."""

_FILTERED = re.compile(
    r"content[_ ]?filter|content management policy|content[_ ]?policy|responsible_?ai_?policy|data_?inspection_?failed"
    r"|content exists risk|considered high risk|safety[_ ](?:system|check)|敏感"
    r"|(?:inappropriate|prohibited|sensitive|unsafe)[_ ]?(?:or sensitive )?(?:content|information|words)"
    r"|\b(?:content|input|prompt)\b[^.<>]{0,60}\b"
    r"(?:flagged|blocked|violat\w+ (?:[a-z']+ ){0,3}(?:usage|policy|policies|guidelines|terms))"
    r"|(?:violat|trigger|blocked)[^.<>]{0,30}\bguardrail|new_sensitive"
    # A code, which is one word.
    r"|^[\w.:-]*(?:moderat|censor|sensitiv|unsafe|harmful|risk_?control|policy_?violation)[\w.:-]*$",
    re.IGNORECASE,
)
_TOO_LONG = re.compile(
    r"context[_ ]?(?:length|size|window)|too[_ ]many[_ ](?:prompt[_ ])?tokens|token limit|max_seq_len|string too long"
    r"|\binputs\b`? must have less than|\binputs\b`? tokens \+"
    r"|\b(?:prompt|input|messages?|request)\b[^.<>]{0,40}(?:\btoo long|\bexceeds? (?:the )?(?:max|limit)|\blength)",
    re.IGNORECASE,
)
_TOO_LARGE = re.compile(r"\brequest too large\b|\btokens must be reduced\b", re.IGNORECASE)


class Refused(Exception):
    """The service refused a request, by a status or by an error as its first event."""

    def __init__(self, status: int, body: bytes, cause: openai.APIStatusError | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self._cause = cause
        self._texts = error_texts(body)

    @property
    def is_filtered(self) -> bool:
        """True when the service's content filter refused the prompt."""
        return self.status in _FILTER_STATUSES and any(map(_FILTERED.search, self._texts))

    @property
    def exceeds_context(self) -> bool:
        """True when the prompt is too long for the model, or for what the service lets one request have."""
        if self.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return True
        sign = _TOO_LARGE if self.status == HTTPStatus.TOO_MANY_REQUESTS else _TOO_LONG
        return self.status in READ_STATUSES and any(map(sign.search, self._texts))

    def to_error(self) -> Exception:
        if self.exceeds_context:
            return ModelError(EXCEEDS_CONTEXT, retryable=False, trips_breaker=False)
        if self._cause or self.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            return self._cause or ModelError("the response was an error event")
        return status_error(self.status, {})


def refusal_of(event: Event) -> Refused:
    """Returns the refusal that an error in a stream tells. Without a status the error may be temporary."""
    code: Any = event.error.get("code") if isinstance(event.error, dict) else None
    if isinstance(code, str) and code.isascii() and code.isdecimal():
        code = int(code[:4])
    known = isinstance(code, int) and HTTPStatus.BAD_REQUEST <= code <= HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED
    status = int(code) if known else HTTPStatus.INTERNAL_SERVER_ERROR
    return Refused(status, msgspec.json.encode([event.error, event.message]))
