"""Reads raw settings from the process's environment and a `.env` file, and collects their problems."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values

from plccoach_api.rules.client_address import Network

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ADDRESS = re.compile(r"https?://(\[[0-9a-f:.]+\]|[\w.-]+)(:\d+)?(/[^\s\\?#]*)?", re.ASCII | re.IGNORECASE)
_DOLLARS = re.compile(r"\d{1,9}(?:\.\d{1,6})?", re.ASCII)
# A value is shown only if it can be no secret. It may be one if it has a part of these kinds.
_MAY_BE_SECRET = re.compile(
    r"\w@|\?"  # credentials or a query in a URL
    r"|\w:[^\W\d]"  # a name and a password
    r"|(?i:pass|secret|token|key|sk-|plc_)"
    r"|(?<![A-Za-z0-9])(?=[A-Za-z0-9]{6})(?:[A-Za-z]+[0-9]|[0-9]+[A-Za-z])"  # a word with digits
    r"|(?<![A-Za-z0-9])(?=[A-Za-z0-9]{6})[A-Za-z]*[a-z][A-Z]"
    r"|(?=\d{0,19}[A-Za-z])[A-Za-z0-9_+/=-]{20}"  # a long run of characters, as in a key
    r"|[A-Za-z]{12}|\A[A-Za-z]{8,}\Z"
    r"|[!#%&^~;\\]|\$\D"  # characters that passwords have, and numbers and names do not
)
_WEB_ADDRESS = "an address such as https://coach.example.org is allowed"
_ORIGINS = "exact origins such as https://coach.example.org, separated by commas, are allowed (never *, never a path)"
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Secret(str):
    """A string whose `repr` hides its value, so that printing the settings does not reveal it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('***')"


class InvalidValue(ValueError):
    """A value is not allowed. The message says what is allowed, but never the value, which may be a secret."""


class SettingsError(Exception):
    """The service cannot start with these settings; there is one line for each invalid setting."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Environment:
    """Reads settings one by one and collects the first problem of each, so that all are reported at once.

    An empty or blank value counts as unset. Quotes around a whole value are not a part of it: `docker run --env-file`
    hands them over. A problem names the setting, its value and what is allowed. A value that
    may be a secret is never shown: somebody may set a password or a key under the wrong name.
    """

    def __init__(self, process: Mapping[str, str], dotenv: Path | None) -> None:
        self.problems: dict[str, str] = {}
        file = self._read_file(dotenv) if dotenv and dotenv.is_file() else {}
        unquoted = {name: _without_quotes(value) for name, value in process.items()}
        from_process = {name: value for name, value in unquoted.items() if value.strip()}
        self._values = {name: value for name, value in file.items() if value and value.strip()} | from_process
        self._from_process = frozenset(from_process)
        self.names_in_file = tuple(file)
        self.names_read: set[str] = set()

    def _read_file(self, dotenv: Path) -> dict[str, str | None]:
        try:
            return dotenv_values(dotenv, interpolate=False)
        except (OSError, UnicodeError) as error:
            self._add_problem(dotenv.name, f"{dotenv.name} cannot be read: {_reason(error)}")
            return {}

    def read(self, name: str, parse: Callable[[str], Value], default: Value) -> Value:
        self.names_read.add(name)
        value = self._values.get(name)
        if value is None:
            return default
        try:
            return parse(value.strip())
        except InvalidValue as error:
            self.refuse(name, value, str(error))
            return default

    def secret(self, name: str) -> Secret | None:
        """Returns the value of NAME, or the contents of the file that NAME_FILE names, without the last newline."""
        self.names_read |= {name, f"{name}_FILE"}
        value, path = self._prefer_process(name, f"{name}_FILE")
        if value is not None and path is not None:
            self._add_problem(name, f"{name} and {name}_FILE are both set: only one of them is allowed")
            return None
        if path is not None:
            try:
                return Secret(Path(path).read_text("utf-8").removesuffix("\n")) or None
            except (OSError, ValueError) as error:
                self._refuse_file(name, path, error)
        return Secret(value) if value is not None else None

    def starting_with(self, prefix: str) -> dict[str, str]:
        """Returns all values whose names begin so, for a library that has many settings."""
        return {name: value.strip() for name, value in self._values.items() if name.startswith(prefix)}

    def refuse(self, name: str, value: str, allowed: str) -> None:
        if _MAY_BE_SECRET.search(value):
            self.refuse_secret(name, allowed)
        else:
            self._add_problem(name, f"{name} is {value!r}, but {allowed}")

    def refuse_secret(self, name: str, allowed: str) -> None:
        self._add_problem(name, f"{name} is not usable (its value is not shown): {allowed}")

    def _refuse_file(self, name: str, path: str, error: OSError | ValueError) -> None:
        # The secret itself may stand where its file belongs. A secret names no folder that exists.
        if _is_in_a_folder(path):
            self._add_problem(name, f"{name}_FILE is {path!r}, which cannot be read: {_reason(error)}")
        else:
            self._add_problem(name, f"{name}_FILE is not usable (its value is not shown): the file cannot be read")

    def _add_problem(self, name: str, line: str) -> None:
        self.problems.setdefault(name, line)

    def _prefer_process(self, name: str, file_name: str) -> tuple[str | None, str | None]:
        """Returns the values of both names. A name in the process's environment hides both names in `.env`."""
        names = {key for key in (name, file_name) if key in self._from_process} or {name, file_name}
        return (
            self._values.get(name) if name in names else None,
            self._values.get(file_name) if file_name in names else None,
        )


def _reason(error: OSError | ValueError) -> str:
    return str(error.strerror) if isinstance(error, OSError) else "it is not UTF-8 text"


def _without_quotes(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _is_in_a_folder(path: str) -> bool:
    folder = Path(path).parent
    try:
        return folder.name != "" and folder.is_dir()
    except (OSError, ValueError):
        return False


def text(value: str) -> str:
    if not value.isprintable():
        raise InvalidValue("printable text is allowed")
    return value


def one_of(choices: type[Choice]) -> Callable[[str], Choice]:
    """Returns a parser that accepts the values of an enumeration, in upper or lower case."""

    def parse(value: str) -> Choice:
        try:
            return choices(value.lower())
        except ValueError:
            raise InvalidValue(f"{' or '.join(choices)} is allowed") from None

    return parse


def whole_number(minimum: int, maximum: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        digits = value.isascii() and value.isdecimal() and len(value) <= len(str(maximum))
        if not digits or not minimum <= int(value) <= maximum:
            raise InvalidValue(f"a whole number from {minimum} to {maximum} is allowed")
        return int(value)

    return parse


def switch(value: str) -> bool:
    if value.lower() not in {"true", "false"}:
        raise InvalidValue("true or false is allowed")
    return value.lower() == "true"


def seconds(minimum: float, maximum: float) -> Callable[[str], float]:
    def parse(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not minimum <= number <= maximum:
            raise InvalidValue(f"a number of seconds from {minimum:g} to {maximum:g} is allowed")
        return number

    return parse


def dollars(minimum: Decimal, maximum: Decimal) -> Callable[[str], Decimal | None]:
    def parse(value: str) -> Decimal | None:
        if not _DOLLARS.fullmatch(value) or not minimum <= Decimal(value) <= maximum:
            raise InvalidValue(f"a number of dollars from {minimum} to {maximum} is allowed")
        return Decimal(value)

    return parse


def log_level(value: str) -> str:
    if value.upper() not in _LOG_LEVELS:
        raise InvalidValue(f"one of {', '.join(_LOG_LEVELS)} is allowed")
    return value.upper()


def effort(value: str) -> str:
    # Services have names of their own, so any single word is allowed.
    if not (value.isascii() and value.isalpha()):
        raise InvalidValue("one word is allowed, such as low, medium or high")
    return value.lower()


def web_address(value: str) -> str:
    """Returns the http or https address as a browser writes it; it has no credentials, query or fragment."""
    # urlsplit accepts control characters and wildcards.
    if not (value.isascii() and _ADDRESS.fullmatch(value)):
        raise InvalidValue(_WEB_ADDRESS)
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidValue(_WEB_ADDRESS) from None
    if ":" in host:
        host = f"[{host}]"
    authority = host if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{host}:{port}"
    return f"{parts.scheme}://{authority}{parts.path.rstrip('/')}"


def origin_of(address: str) -> str:
    """Returns the origin that a browser sends for a page at this address: scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def origins(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_origin(part.strip()) for part in value.split(",") if part.strip()))


def networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())
    except ValueError:
        raise InvalidValue("addresses or networks such as 10.0.0.0/8, separated by commas, are allowed") from None


def _origin(value: str) -> str:
    try:
        address = web_address(value)
    except InvalidValue:
        raise InvalidValue(_ORIGINS) from None
    if origin_of(address) != address:
        raise InvalidValue(_ORIGINS)
    return address
