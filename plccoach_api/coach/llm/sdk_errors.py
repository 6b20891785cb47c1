"""Turns the errors of the SDK, and of a response that cannot be decoded, into ModelErrors."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx2
import msgspec
import openai

from plccoach_api.coach.llm.errors import CONNECTION_FAILED, TIMED_OUT, ModelError

# A retry may succeed after one of these, and after every 5xx.
_RETRYABLE_STATUSES = frozenset({408, 409, 429})
# These reject one request and do not mean that the service fails.
_INVALID_REQUEST_STATUSES = frozenset({400, 413, 422})


@contextmanager
def as_model_errors() -> Iterator[None]:
    """Raises a ModelError for every failure. The original error is dropped, because the service wrote its text."""
    try:
        yield
    except openai.APIStatusError as error:
        raise status_error(error.status_code, error.response.headers) from None
    except (openai.APITimeoutError, httpx2.TimeoutException) as error:
        raise ModelError(TIMED_OUT if _timed_out(error) else CONNECTION_FAILED) from None
    except (openai.APIConnectionError, httpx2.HTTPError, httpx2.StreamError):
        raise ModelError(CONNECTION_FAILED) from None
    except openai.OpenAIError:
        raise ModelError("the request could not be sent", retryable=False) from None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise ModelError("the response could not be decoded") from None


def _timed_out(error: BaseException) -> bool:
    """Returns False for a connection that was refused or closed, which the SDK takes for a timeout too."""
    while error.__cause__:
        error = error.__cause__
    return isinstance(error, TimeoutError | openai.APITimeoutError | httpx2.TimeoutException)


def status_error(status: int, headers: Mapping[str, str]) -> ModelError:
    """Returns the error of a status that no other form of the request would change."""
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return ModelError(f"the service redirects (status {status}), and redirects are not followed", retryable=False)
    return ModelError(
        f"status {status}",
        retryable=status in _RETRYABLE_STATUSES or status >= HTTPStatus.INTERNAL_SERVER_ERROR,
        trips_breaker=status not in _INVALID_REQUEST_STATUSES,
        retry_after=_retry_after(headers),
    )


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Reads the header, which holds seconds or a date."""
    value = headers.get("retry-after", "")
    try:
        if value.isascii() and value.isdecimal():
            return float(value)
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
