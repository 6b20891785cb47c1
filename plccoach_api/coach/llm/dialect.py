"""The dialect of a service: the form of a request that it accepts, learnt from its errors.

Services with OpenAI's protocol refuse different parameters of it, often by the name of the model. A refused parameter
gets its next form, and the request is sent again at once. The process remembers the forms that were accepted.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from plccoach_api import logs
from plccoach_api.coach.llm.context import shorter_length
from plccoach_api.coach.llm.error_texts import error_texts
from plccoach_api.coach.llm.messages import Prompt

_log = logs.get_logger(__name__)

# These statuses reject the request itself. Some gateways pass the refusal of the model's server on as a failure.
REFUSAL_STATUSES = frozenset({400, 404, 422, 424, 500, 501, 502, 503})
_SERVER_ERROR = 500
_MOST_IDENTITIES = 32
_LEAST_TOKENS = 16


class Parameter(StrEnum):
    """A part of a request that some services refuse."""

    token_limit = "token_limit"  # noqa: S105 - no password
    temperature = "temperature"
    stream = "stream"
    json_response = "json_response"
    """A response that is no stream, which some services refuse."""
    stream_options = "stream_options"
    response_format = "response_format"
    reasoning_effort = "reasoning_effort"
    roles = "roles"


OMITTED = "omitted"
# The forms of a parameter, in the order in which they are tried. The last form of each is refused by no service.
FORMS: Mapping[Parameter, tuple[str, ...]] = {
    Parameter.token_limit: ("max_tokens", "max_completion_tokens", OMITTED),
    Parameter.temperature: ("temperature", OMITTED),
    Parameter.stream: ("stream", OMITTED),
    Parameter.json_response: ("whole", "streamed"),
    Parameter.stream_options: ("stream_options", OMITTED),
    Parameter.response_format: ("json_schema", "json_object", OMITTED),
    Parameter.reasoning_effort: ("reasoning_effort", OMITTED),
    Parameter.roles: ("system", "alternating"),
}
# The names by which errors call a parameter, in snake case, in camel case and in words. Only ASCII makes a word longer,
# because some scripts have no spaces.
_NAMES: Mapping[Parameter, re.Pattern[str]] = {
    parameter: re.compile(pattern, re.IGNORECASE | re.ASCII)
    for parameter, pattern in {
        Parameter.token_limit: (
            r"(?:\b|_)max(?:imum)?[_ ]?(?:completion_?|output_?|new_?)?tokens\b"
            r"|\b(?:in|for) the completion\b|\brequested output tokens\b"
        ),
        Parameter.temperature: r"(?:\b|_)temperature\b",
        Parameter.stream_options: r"\bstream_?options\b|\binclude_?usage\b",
        Parameter.stream: (
            r"['\"`\[]stream['\"`\]]|\bstream[:=]|\bsupport stream|\bfor streaming\b"
            r"|\bstream(?:ing)? (?:is|are|not|must|mode|responses?)\b"
        ),
        Parameter.json_response: (
            r"\bnon-?_?stream|\bonly supports? (?:the )?stream|\bstream mode\b|\benable (?:the )?stream|非流式"
            r"|\bstream['\"`]? ?[:=] ?['\"`]?(?:true|false)\b"
        ),
        Parameter.response_format: (
            r"\bresponse[_ ]?(?:format|schema|mime[_ ]?type)\b|\bjson[_ -]?(?:schema|object|mode)\b"
            r"|\bstructured[_ -]?outputs?\b|\bgrammar\b|\bguided[_ ]?(?:json|decoding)\b"
        ),
        Parameter.reasoning_effort: (
            r"(?:\b|_)(?<!enable[_ ])(?:reasoning(?:[_. ]?effort)?|effort|think(?:ing)?)\b|\bvalid levels\b"
        ),
        Parameter.roles: (
            r"\bsystem[_ ](?:role|message|prompt|instruction)|\brole[s]?\b[^.]{0,40}\b(?:system|alternat)"
            r"|\bdeveloper instruction|['\"`]system['\"`]|\balternate\b|\buser and assistant roles\b"
            r"|\bmessages\[0\]\.role\b"
        ),
    }.items()
}
# An error may recommend another parameter, as in: 'max_tokens' is not supported. Use 'max_completion_tokens'.
_ADVICE = re.compile(r"\b(?:use|try|instead|supported (?:values|parameters)|allowed|expected)\b", re.IGNORECASE)
_TOO_MANY = re.compile(
    r"too (?:large|high|big|many)|at most|less than or equal|maximum|exceed|must be (?:<=|less)|\brange\b|tokens > \d",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b\d{1,9}\b")


class Dialect:
    """The forms that a service refused. A process has one Dialect for its service."""

    def __init__(self) -> None:
        self.refused: dict[Parameter, frozenset[str]] = {}
        self.most_tokens: int | None = None
        """The limit of `max_tokens` that the service named."""
        self.most_prompt_tokens: int | None = None
        """The length of a prompt, by our estimate, that the service may accept: it refused longer ones."""
        self._identities: set[str] = set()

    @property
    def adapted(self) -> bool:
        return bool(self.refused or self.most_tokens)

    def form(self, parameter: Parameter) -> str:
        return _form(self.refused, parameter)

    def adaptation(self) -> "Adaptation":
        return Adaptation(self)

    def remember(self, adaptation: "Adaptation") -> None:
        """Keeps what a request learnt before the service accepted it. Other requests may learn at the same time."""
        before = self.describe()
        if adaptation.anew:
            self.refused = {}
        self.refused.update(adaptation.refused_now)
        if adaptation.anew or adaptation.refused_now:
            self.most_tokens = adaptation.most_tokens
        if (forms := self.describe()) != before:
            _log.info("adapted to the model's service", forms=forms)

    def shorten_prompts(self, refused_tokens: int) -> None:
        """Remembers that the service refused a prompt of so many tokens as too long."""
        shorter = shorter_length(refused_tokens)
        # A shorter prompt may have been refused meanwhile.
        self.most_prompt_tokens = min(shorter, self.most_prompt_tokens or shorter)

    def describe(self) -> dict[str, str]:
        """Returns the forms that differ from those tried first, and the limits."""
        forms = {parameter.value: self.form(parameter) for parameter in FORMS if self.refused.get(parameter)}
        limits = {"most_tokens": self.most_tokens, "most_prompt_tokens": self.most_prompt_tokens}
        return forms | {name: str(limit) for name, limit in limits.items() if limit}

    def note_server(self, identity: str) -> None:
        """Tries the first forms, and long prompts, again when another server or model answers than before.

        A gateway may alternate between servers, so a known identity changes nothing.
        """
        if identity in self._identities or len(self._identities) == _MOST_IDENTITIES:
            return
        if self._identities and (self.adapted or self.most_prompt_tokens):
            _log.info("another model or server answers; the first forms of a request are tried again")
            self.refused, self.most_tokens, self.most_prompt_tokens = {}, None, None
        self._identities.add(identity)


class Adaptation:
    """The forms of one request, which begin with what the dialect remembers."""

    def __init__(self, dialect: Dialect) -> None:
        self.refused = dict(dialect.refused)
        self.most_tokens = dialect.most_tokens
        self.refused_now: dict[Parameter, frozenset[str]] = {}
        self.anew = False
        """True when the remembered forms were forgotten."""
        self._may_start_anew = dialect.adapted

    def form(self, parameter: Parameter) -> str:
        return _form(self.refused, parameter)

    def apply(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the request in these forms. It is written with `max_tokens`, `stream_options` and a JSON schema."""
        adapted = dict(request)
        for parameter in (Parameter.temperature, Parameter.stream_options, Parameter.reasoning_effort):
            if self.form(parameter) == OMITTED:
                adapted.pop(parameter.value, None)
        if "stream" not in request and self.form(Parameter.json_response) == "streamed":
            adapted["stream"] = True
        if self.form(Parameter.stream) == OMITTED:
            adapted.pop("stream", None)
            adapted.pop("stream_options", None)
        limit = adapted.pop("max_tokens")
        if (name := self.form(Parameter.token_limit)) != OMITTED:
            adapted[name] = min(limit, self.most_tokens or limit)
        if "response_format" in adapted and (form := self.form(Parameter.response_format)) != "json_schema":
            schema = adapted.pop("response_format")["json_schema"]["schema"]
            adapted["messages"] = _with_schema(adapted["messages"], schema)
            if form == "json_object":
                adapted["response_format"] = {"type": form}
        if self.form(Parameter.roles) == "alternating":
            adapted["messages"] = _alternating(adapted["messages"])
        return adapted

    def adapt(self, sent: Mapping[str, Any], status: int, error: bytes) -> bool:
        """Adapts to an error. Returns False when sending the request again cannot help."""
        if status not in REFUSAL_STATUSES:
            return False
        texts = error_texts(error)
        forms = dict(self._sent_forms(sent))
        if status >= _SERVER_ERROR:
            # Such an error may mention a stream by chance.
            forms.pop(Parameter.stream, None)
        parameter = _named(texts, forms)
        if parameter is None:
            return status < _SERVER_ERROR and self._start_anew()
        form = forms[parameter]
        lower = _lower_limit(texts, sent[form]) if parameter is Parameter.token_limit else None
        if lower:
            self.most_tokens = lower
            self.refused_now.setdefault(parameter, self.refused.get(parameter, frozenset()))
        else:
            # A form that was refused long ago may be accepted today, so only this request's refusals count.
            refused = self.refused_now.get(parameter, frozenset()) | {form}
            self.refused_now[parameter] = self.refused[parameter] = refused
        return True

    def _start_anew(self) -> bool:
        """Forgets the remembered forms once, when an error names no form: the service may have changed."""
        if not self._may_start_anew:
            return False
        self.refused, self.refused_now, self.most_tokens = {}, {}, None
        self._may_start_anew, self.anew = False, True
        return True

    def _sent_forms(self, sent: Mapping[str, Any]) -> Iterator[tuple[Parameter, str]]:
        """Yields the parameters of the request that have another form."""
        for parameter, forms in FORMS.items():
            form = self.form(parameter)
            if form == forms[-1]:
                continue
            if parameter is Parameter.response_format:
                if "response_format" in sent:
                    yield parameter, form
            elif parameter is Parameter.roles:
                if any(message["role"] == "system" for message in sent["messages"]):
                    yield parameter, form
            elif parameter is Parameter.json_response:
                if "stream" not in sent:
                    yield parameter, form
            elif form in sent:
                yield parameter, form


def _form(refused: Mapping[Parameter, frozenset[str]], parameter: Parameter) -> str:
    """Returns the first form that was not refused."""
    return next(form for form in FORMS[parameter] if form not in refused.get(parameter, frozenset()))


def _named(texts: Sequence[str], sent: Mapping[Parameter, str]) -> Parameter | None:
    """Returns the sent parameter that an error names.

    The first text with a name decides, and in it the first name. What follows the words "use … instead" is advice.
    """
    for text in texts:
        advice = _ADVICE.search(text)
        found = [
            (bool(advice and match.start() > advice.start()), match.start(), parameter)
            for parameter in sent
            if (match := _NAMES[parameter].search(text))
        ]
        if found:
            return min(found)[2]
    return None


def _lower_limit(texts: Sequence[str], limit: int) -> int | None:
    """Returns the highest limit of tokens that the error names below `limit`."""
    numbers = [int(number) for text in texts if _TOO_MANY.search(text) for number in _NUMBER.findall(text)]
    return max((number for number in numbers if _LEAST_TOKENS <= number < limit), default=None)


def _with_schema(messages: Prompt, schema: Mapping[str, Any]) -> Prompt:
    """Writes the schema into the first message, for a service that cannot enforce one."""
    first, *others = messages
    wanted = f"Reply with one JSON object of this schema and nothing else:\n{json.dumps(schema)}"
    return [{**first, "content": f"{first['content']}\n\n{wanted}"}, *others]


def _alternating(messages: Prompt) -> Prompt:
    """Returns the messages with the roles user and assistant in turns, beginning with user."""
    merged: Prompt = []
    for message in messages:
        role = "assistant" if message["role"] == "assistant" else "user"
        if merged and merged[-1]["role"] == role:
            merged[-1] = {"role": role, "content": f"{merged[-1]['content']}\n\n{message['content']}"}
        else:
            merged.append({"role": role, "content": message["content"]})
    return merged
