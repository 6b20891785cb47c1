"""Settings: their sources, their allowed values, and the message for an invalid value."""

import json
import re
import sys
from collections.abc import Callable
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar

import msgspec
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from plccoach_api import settings
from plccoach_api.rules.pricing import KNOWN_PRICES, Price
from plccoach_api.settings import AnswererKind, EmbedderKind, Mode, Settings
from plccoach_api.settings.embedding_service import EmbeddingService
from plccoach_api.settings.environment import Environment, Secret, SettingsError
from plccoach_api.settings.providers import CleverSettings, GoogleSettings
from plccoach_api.version import VERSION

Value = TypeVar("Value")

SAMPLE = Path(__file__).parents[2] / ".env.sample"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://coach:hush@db.example.org/coach",
    "PUBLIC_URL": "https://api.example.org",
    "FRONTEND_URL": "https://coach.example.org",
}
PASSWORD = "h'u\"s h%2F@\\:/?#=ü☃"


def load(**process: str) -> Settings:
    return settings.load(process, None)


def problems(**process: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(**process)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def problem(**process: str) -> str:
    (line,) = problems(**process)
    return line


def database(**process: str) -> dict[str, str | int | None]:
    """The libpq parameters of the configured database."""
    return conninfo_to_dict(load(**process).database or "")


def secret_of(
    *, username: str = "coach", password: str = "hush", host: str = "db.example.org", dbname: str = "coach"
) -> str:
    return json.dumps({"username": username, "password": password, "host": host, "dbname": dbname})


@pytest.fixture
def dotenv(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "secret"


class Recorder(Environment):
    """Records the names of the settings that are read."""

    def __init__(self, **process: str) -> None:
        super().__init__(process, None)
        self.names: set[str] = set()

    def read(self, name: str, parse: Callable[[str], Value], default: Value) -> Value:
        self.names.add(name)
        return super().read(name, parse, default)

    def secret(self, name: str) -> Secret | None:
        self.names |= {name, f"{name}_FILE"}
        return super().secret(name)


def names_read() -> set[str]:
    # The region is read only when a secret is named, and the settings of traces only when there are traces. An invalid
    # region sends no request to AWS.
    traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}
    recorder = Recorder(DB_SECRET_NAME="name", AWS_REGION="no region", **traced)
    settings._read(recorder)
    return recorder.names


def test_development_needs_no_settings() -> None:
    assert load() == Settings(
        environment=Mode.development,
        app_name="PLC Coach API",
        app_version=VERSION,
        host="127.0.0.1",
        port=8000,
        workers=1,
        metrics_host="127.0.0.1",
        metrics_port=None,
        traces=None,
        public_url="http://localhost:8000",
        frontend_url="http://localhost:5173",
        cors_origins=("http://localhost:3000", "http://localhost:5173"),
        trusted_proxies=(),
        log_level="INFO",
        sign_in_rate_limit=20,
        database=None,
        database_direct=None,
        database_read=None,
        database_read_max_lag=10.0,
        db_pool_size=20,
        db_pool_timeout=2.0,
        db_prepare_threshold=5,
        shutdown_timeout=10,
        shutdown_delay=0,
        archive_retention_days=730,
        data_dir=Path(".data").absolute(),
        google=None,
        clever=None,
        coach_rate_limit=50,
        coach_cost_ceiling=None,
        model_prices=KNOWN_PRICES,
        answerer=AnswererKind.extractive,
        extractive_pace=0,
        embeddings=EmbedderKind.local,
        openai_base_url="https://api.openai.com/v1",
        openai_api_key=None,
        openai_model="gpt-4o",
        embedding_service=EmbeddingService(
            base_url="https://api.openai.com/v1",
            api_key=None,
            model="text-embedding-3-large",
            question_prefix=None,
            passage_prefix=None,
        ),
        openai_timeout=30.0,
        openai_context_tokens=128_000,
        openai_max_tokens=1000,
        openai_reasoning_effort=None,
        answer_timeout=40.0,
        try_page=True,
        mcp=False,
        ingest_timeout=60.0,
        ingest_memory_mb=2000,
        ingest_file_mb=500,
    )


@pytest.mark.parametrize(("value", "is_on"), [("true", True), ("false", False), ("False", False)])
def test_the_page_to_try_the_service_can_be_switched(value: str, is_on: bool) -> None:  # noqa: FBT001 - a parameter
    assert load(TRY_PAGE=value).try_page is is_on


def test_a_switch_that_is_neither_true_nor_false_is_refused() -> None:
    with pytest.raises(SettingsError, match="TRY_PAGE is 'yes', but true or false is allowed"):
        load(TRY_PAGE="yes")


def test_the_protocol_for_assistants_is_off_unless_it_is_switched_on() -> None:
    assert load().mcp is False
    assert load(MCP="true").mcp is True


def test_the_protocol_for_assistants_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    # Python finds no module under a name that leads to None, as if the extra were not installed.
    monkeypatch.setitem(sys.modules, "mcp", None)
    assert load(MCP="false").mcp is False
    assert problem(MCP="true") == "MCP is 'true', but it needs an extra: install plccoach-api[mcp]"


def test_prices_extend_the_known_prices_and_replace_those_of_the_same_model() -> None:
    loaded = load(MODEL_PRICES='{"gpt-4o": {"input": 2}, "llama": {"input": 0.1, "output": "0.30"}}')
    assert loaded.model_prices == {
        **KNOWN_PRICES,
        "gpt-4o": Price(Decimal(2), Decimal(0)),
        "llama": Price(Decimal("0.1"), Decimal("0.3")),
    }


def test_the_cost_ceiling_is_an_amount_of_dollars() -> None:
    assert load(COACH_COST_CEILING="250").coach_cost_ceiling == 250
    assert load(COACH_COST_CEILING=" 0.50 ").coach_cost_ceiling == Decimal("0.5")


@pytest.mark.parametrize("chosen", [{"ANSWERER": "openai"}, {"EMBEDDINGS": "OpenAI"}])
def test_the_official_service_needs_a_key_and_another_service_does_not(chosen: dict[str, str]) -> None:
    assert problem(**chosen).startswith("OPENAI_API_KEY is not set")
    assert load(**chosen, OPENAI_API_KEY="sk-hush").openai_api_key == "sk-hush"
    assert load(**chosen, OPENAI_BASE_URL="http://localhost:11434/v1/").openai_base_url == "http://localhost:11434/v1"


def test_the_service_of_vectors_has_an_address_and_a_key_of_its_own() -> None:
    answers, vectors = "http://localhost:8000/v1", "http://localhost:8001/v1"
    assert load(OPENAI_BASE_URL=answers).embedding_service.base_url == answers
    own = load(OPENAI_BASE_URL=answers, OPENAI_EMBEDDING_BASE_URL=vectors, OPENAI_EMBEDDING_API_KEY="sk-hush")
    assert (own.embedding_service.base_url, own.embedding_service.api_key) == (vectors, "sk-hush")
    assert "hush" not in repr(own)


def test_the_key_of_the_service_of_answers_goes_to_no_other_address() -> None:
    assert load(OPENAI_API_KEY="sk-hush").embedding_service.api_key == "sk-hush"
    elsewhere = load(OPENAI_API_KEY="sk-hush", OPENAI_EMBEDDING_BASE_URL="http://localhost:8001/v1")
    assert elsewhere.embedding_service.api_key is None


def test_the_official_service_of_vectors_needs_a_key_also_beside_another_service_of_answers() -> None:
    line = problem(
        EMBEDDINGS="openai",
        OPENAI_BASE_URL="http://localhost:8000/v1",
        OPENAI_EMBEDDING_BASE_URL="https://api.openai.com/v1",
    )
    assert line.startswith("OPENAI_EMBEDDING_API_KEY is not set")


def test_the_key_is_not_shown() -> None:
    loaded = load(OPENAI_API_KEY="sk-hush")
    assert "hush" not in repr(loaded)


def test_the_public_url_follows_the_port() -> None:
    assert load(PORT="8123").public_url == "http://localhost:8123"


def test_in_production_no_origin_is_allowed_unless_it_is_named() -> None:
    assert load(**PRODUCTION).cors_origins == ()


def test_the_sample_shows_every_default() -> None:
    assert settings.load({}, None) == settings.load({}, SAMPLE)
    text = re.sub(r"^# (?=[A-Z_]+=)", "", SAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    shown = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, flags=re.MULTILINE))
    assert shown
    assert settings.load(shown, None) == settings.load({}, None)


def test_the_sample_names_exactly_the_settings_that_are_read() -> None:
    named = re.findall(r"^# ([A-Z_]+)=", SAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    assert len(named) == len(set(named))
    assert set(named) == names_read()


def test_the_sample_explains_every_setting() -> None:
    for paragraph in re.split(r"\n\n+", SAMPLE.read_text("utf-8")):
        lines = paragraph.strip().splitlines()
        assert not re.match(r"# [A-Z_]+=", lines[0]), paragraph


def test_the_delay_of_a_stop_leaves_time_for_running_requests() -> None:
    assert load(SHUTDOWN_DELAY="8").shutdown_delay == 8
    assert problem(SHUTDOWN_DELAY="9").startswith("SHUTDOWN_DELAY is '9', but it must be at least 2 seconds shorter")
    assert load(SHUTDOWN_DELAY="9", SHUTDOWN_TIMEOUT="11").shutdown_delay == 9


def test_an_answer_fits_into_what_the_model_can_read_and_write() -> None:
    model = {"ANSWERER": "openai", "OPENAI_API_KEY": "k", "OPENAI_CONTEXT_TOKENS": "4096"}
    line = "OPENAI_MAX_TOKENS is '8000', but it must not exceed OPENAI_CONTEXT_TOKENS (4096)"
    assert problem(**model, OPENAI_MAX_TOKENS="8000") == line
    assert load(**model, OPENAI_MAX_TOKENS="4096").openai_max_tokens == 4096
    assert load(**model | {"ANSWERER": "extractive"}, OPENAI_MAX_TOKENS="8000").openai_max_tokens == 8000


def test_the_metrics_need_a_port_of_their_own() -> None:
    line = "METRICS_PORT is '9000', but it must be another port than PORT"
    assert problem(PORT="9000", METRICS_PORT="9000") == line
    assert load(PORT="9000", METRICS_PORT="9464").metrics_port == 9464


def test_a_file_called_env_is_read(dotenv: Path) -> None:
    dotenv.write_text("# a comment\nPORT=8123\nexport APP_NAME='The coach'\nHOST=\n")
    loaded = settings.load({}, dotenv)
    assert (loaded.port, loaded.app_name, loaded.host) == (8123, "The coach", "127.0.0.1")


def test_the_environment_wins_over_the_env_file(dotenv: Path) -> None:
    dotenv.write_text("PORT=8123\nWORKERS=3\n")
    loaded = settings.load({"PORT": "8124"}, dotenv)
    assert (loaded.port, loaded.workers) == (8124, 3)


def test_an_invalid_value_in_the_file_is_ignored_when_the_environment_has_a_valid_one(dotenv: Path) -> None:
    dotenv.write_text("PORT=many\n")
    assert settings.load({"PORT": "8124"}, dotenv).port == 8124


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotes_around_a_whole_value_are_no_part_of_it(quote: str) -> None:
    assert load(APP_NAME=f"{quote}District Coach{quote}").app_name == "District Coach"
    assert database(DATABASE_URL=f"{quote}postgresql://db/coach{quote}") == {"host": "db", "dbname": "coach"}
    assert load(PORT=quote * 2) == load()


@pytest.mark.parametrize("value", ["Ada's", "'Ada\"", '"', "'A' and 'B"])
def test_other_quotes_are_a_part_of_a_value(value: str) -> None:
    assert load(APP_NAME=value).app_name == value


@pytest.mark.parametrize("empty", ["", " ", "\t"])
@pytest.mark.parametrize("name", re.findall(r"^# ([A-Z_]+)=", SAMPLE.read_text("utf-8"), flags=re.MULTILINE))
def test_an_empty_value_counts_as_unset(name: str, empty: str) -> None:
    assert load(**{name: empty}) == load()


def test_an_empty_value_in_the_environment_does_not_hide_the_value_in_the_file(dotenv: Path) -> None:
    dotenv.write_text("PORT=8123\n")
    assert settings.load({"PORT": ""}, dotenv).port == 8123


def test_a_dollar_sign_in_the_file_is_taken_literally(dotenv: Path) -> None:
    dotenv.write_text("HOST=h\nDATABASE_URL='postgresql://coach:a${HOST}b$c@db/coach'\n")
    assert conninfo_to_dict(settings.load({}, dotenv).database or "")["password"] == "a${HOST}b$c"


def test_an_env_file_in_another_encoding_is_refused_in_one_line(dotenv: Path) -> None:
    dotenv.write_bytes("APP_NAME=Schülercoach".encode("latin-1"))
    with pytest.raises(SettingsError) as refused:
        settings.load({}, dotenv)
    assert refused.value.problems == [".env cannot be read: it is not UTF-8 text"]


def test_no_env_file_is_needed(dotenv: Path) -> None:
    assert settings.load({}, dotenv) == load()


@pytest.mark.parametrize(
    ("content", "secret"),
    [("hush", "hush"), ("hush\n", "hush"), ("hush\n\n", "hush\n"), (" hush \n", " hush "), ("ü☃", "ü☃")],
)
def test_a_secret_file_is_read_without_its_last_newline(file: Path, content: str, secret: str) -> None:
    file.write_text(content, "utf-8")
    assert Environment({"NAME_FILE": str(file)}, None).secret("NAME") == secret


def test_the_json_object_can_be_in_a_file_too(file: Path) -> None:
    file.write_text('{"username": "coach", "password": "hush", "host": "db", "dbname": "coach"}\n')
    assert database(DB_SECRET_FILE=str(file))["user"] == "coach"


def test_a_missing_secret_file_has_its_own_message(file: Path) -> None:
    line = problem(DATABASE_URL_FILE=str(file))
    assert line == f"DATABASE_URL_FILE is {str(file)!r}, which cannot be read: No such file or directory"


def test_a_folder_or_a_file_that_is_not_text_cannot_be_read(file: Path) -> None:
    assert problem(DATABASE_URL_FILE=str(file.parent)).endswith("cannot be read: Is a directory")
    file.write_bytes(b"hush\xff")
    line = problem(DATABASE_URL_FILE=str(file))
    assert line.endswith("cannot be read: it is not UTF-8 text")


def test_a_secret_and_its_file_may_not_both_be_set(file: Path) -> None:
    file.write_text("postgresql://db/coach")
    line = problem(DATABASE_URL="postgresql://db/other", DATABASE_URL_FILE=str(file))
    assert line == "DATABASE_URL and DATABASE_URL_FILE are both set: only one of them is allowed"


def test_a_secret_and_its_file_may_not_both_be_set_in_the_env_file(file: Path, tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"DB_SECRET={{}}\nDB_SECRET_FILE={file}\n")
    with pytest.raises(SettingsError, match="DB_SECRET and DB_SECRET_FILE are both set"):
        settings.load({}, dotenv)


def test_the_environment_wins_over_the_other_form_in_the_env_file(file: Path, tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    file.write_text("postgresql://db/from_file")
    dotenv.write_text("DATABASE_URL=postgresql://db/from_dotenv\n")
    loaded = settings.load({"DATABASE_URL_FILE": str(file)}, dotenv)
    assert conninfo_to_dict(loaded.database or "")["dbname"] == "from_file"
    dotenv.write_text(f"DATABASE_URL_FILE={file}\n")
    loaded = settings.load({"DATABASE_URL": "postgresql://db/from_process"}, dotenv)
    assert conninfo_to_dict(loaded.database or "")["dbname"] == "from_process"


def test_an_empty_file_for_a_secret_counts_as_unset(file: Path) -> None:
    file.write_text("\n")
    assert load(DATABASE_URL_FILE=str(file)).database is None


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("ENVIRONMENT", "staging", "development or production is allowed"),
        ("APP_NAME", "two\nlines", "printable text is allowed"),
        ("HOST", "h\x1b[2J", "printable text is allowed"),
        ("PORT", "0", "a whole number from 1 to 65535 is allowed"),
        ("PORT", "65536", "a whole number from 1 to 65535 is allowed"),
        ("PORT", "80.0", "a whole number from 1 to 65535 is allowed"),
        ("PORT", "٨٠", "a whole number from 1 to 65535 is allowed"),
        ("PORT", "9" * 5000, "a whole number from 1 to 65535 is allowed"),
        ("WORKERS", "0", "a whole number from 1 to 64 is allowed"),
        ("WORKERS", "auto", "a whole number from 1 to 64 is allowed"),
        ("PUBLIC_URL", "localhost:8000", "an address such as https://coach.example.org is allowed"),
        ("FRONTEND_URL", "ftp://x", "an address such as https://coach.example.org is allowed"),
        ("CORS_ORIGINS", "*", "exact origins such as https://coach.example.org, separated by commas"),
        ("TRUSTED_PROXIES", "*", "addresses or networks such as 10.0.0.0/8, separated by commas, are allowed"),
        ("TRUSTED_PROXIES", "proxy.example", "addresses or networks such as 10.0.0.0/8"),
        ("LOG_LEVEL", "LOUD", "one of DEBUG, INFO, WARNING, ERROR, CRITICAL is allowed"),
        ("DB_POOL_SIZE", "0", "a whole number from 1 to 200 is allowed"),
        ("DB_POOL_TIMEOUT", "0", "a number of seconds from 0.1 to 60 is allowed"),
        ("DB_POOL_TIMEOUT", "nan", "a number of seconds from 0.1 to 60 is allowed"),
        ("DB_POOL_TIMEOUT", "soon", "a number of seconds from 0.1 to 60 is allowed"),
        ("DB_PREPARE_THRESHOLD", "-1", "a whole number from 0 to 1000 is allowed"),
        ("SHUTDOWN_TIMEOUT", "1", "a whole number from 2 to 600 is allowed"),
        ("ARCHIVE_RETENTION_DAYS", "0", "a whole number from 1 to 36500 is allowed"),
        ("COACH_RATE_LIMIT", "0", "a whole number from 1 to 100000 is allowed"),
        ("COACH_COST_CEILING", "0", "a number of dollars from 0.01 to 1000000 is allowed"),
        ("COACH_COST_CEILING", "$5", "a number of dollars from 0.01 to 1000000 is allowed"),
        ("COACH_COST_CEILING", "1e5", "a number of dollars from 0.01 to 1000000 is allowed"),
        ("COACH_COST_CEILING", "NaN", "a number of dollars from 0.01 to 1000000 is allowed"),
        ("COACH_COST_CEILING", "٥", "a number of dollars from 0.01 to 1000000 is allowed"),
        ("MODEL_PRICES", "gpt-4o=2.5", 'a JSON object such as {"my-model": {"input": 2.5, "output": 10}} is allowed'),
        ("MODEL_PRICES", '{"m": 2.5}', "a JSON object such as"),
        ("MODEL_PRICES", '{"m": {"output": 1}}', "a JSON object such as"),
        ("MODEL_PRICES", '{"m": {"input": 1, "in": 2}}', "a JSON object such as"),
        ("MODEL_PRICES", '{"m": {"input": -1}}', "a JSON object such as"),
        ("MODEL_PRICES", '{"m": {"input": "NaN"}}', "a JSON object such as"),
        ("MODEL_PRICES", '{"m": {"input": 1e999}}', "a JSON object such as"),
        ("ANSWERER", "gpt", "extractive or openai is allowed"),
        ("EMBEDDINGS", "none", "local or openai is allowed"),
        ("OPENAI_BASE_URL", "api.openai.com", "an address such as https://coach.example.org is allowed"),
        ("OPENAI_TIMEOUT", "0", "a number of seconds from 1 to 300 is allowed"),
    ],
)
def test_the_message_for_an_invalid_value_names_the_setting_the_value_and_what_is_allowed(
    name: str, value: str, allowed: str
) -> None:
    line = problem(**{name: value})
    assert line.startswith(f"{name} is {value!r}, but {allowed}")
    assert line.isprintable()


def test_every_invalid_value_has_its_own_line() -> None:
    lines = problems(PORT="many", LOG_LEVEL="LOUD", DATABASE_URL="mysql://db", WORKERS="-1", CORS_ORIGINS="*")
    assert sorted(line.split(" ", 1)[0] for line in lines) == [
        *("CORS_ORIGINS", "DATABASE_URL", "LOG_LEVEL", "PORT", "WORKERS"),
    ]


def test_an_invalid_value_has_one_line_even_when_production_also_refuses_the_default() -> None:
    line = problem(**PRODUCTION | {"PUBLIC_URL": "ftp://x"})
    assert line.startswith("PUBLIC_URL is 'ftp://x'")


@given(st.dictionaries(st.sampled_from([*sorted(PRODUCTION), "PORT", "CORS_ORIGINS", "HOST"]), st.text()))
def test_any_values_either_load_or_are_explained(process: dict[str, str]) -> None:
    try:
        settings.load(process, None)
    except SettingsError as error:
        assert all(line.isprintable() for line in error.problems)  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("https://coach.example.org", "https://coach.example.org"),
        ("https://coach.example.org/", "https://coach.example.org"),
        ("HTTPS://Coach.Example.org:443", "https://coach.example.org"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:443", "http://localhost:443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        (" http://coach_api:8000 ", "http://coach_api:8000"),
    ],
)
def test_an_origin_is_stored_as_a_browser_writes_it(given: str, stored: str) -> None:
    assert load(CORS_ORIGINS=given).cors_origins == (stored,)
    assert load(PUBLIC_URL=given).public_url == stored


def test_origins_are_separated_by_commas_and_deduplicated() -> None:
    given = "https://a.example, https://b.example:8443,,https://A.example:443/"
    assert load(CORS_ORIGINS=given).cors_origins == ("https://a.example", "https://b.example:8443")


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.example.org",
        "https://*",
        "null",
        "coach.example.org",
        "//coach.example.org",
        "https://coach.example.org/app",
        "https://coach.example.org/?",
        "https://coach.example.org?q",
        "https://coach.example.org#top",
        "https://user@coach.example.org",
        "https://user:hush@coach.example.org",
        "https://coach.example.org:0x50",
        "https://coach.example.org:99999",
        "https://coach example.org",
        "https://coach\n.example.org",
        "https://cöach.example.org",
        "https://coach.example.org\\.evil.example",
        "https://[coach]",
        "https://",
        "file:///etc",
        "https://a.example https://b.example",
    ],
)
def test_anything_but_an_exact_origin_is_refused(origin: str) -> None:
    line = problem(CORS_ORIGINS=f"https://a.example,{origin}")
    assert line.startswith("CORS_ORIGINS is ")
    assert line.endswith("are allowed (never *, never a path)")


def test_a_front_end_may_be_served_below_a_path() -> None:
    loaded = load(FRONTEND_URL="https://example.org/coach/", PUBLIC_URL="https://example.org/api")
    assert (loaded.frontend_url, loaded.public_url) == ("https://example.org/coach", "https://example.org/api")
    assert loaded.allowed_origins >= {"https://example.org"}


def test_pages_of_the_configured_addresses_may_send_changes() -> None:
    loaded = load(CORS_ORIGINS="https://a.example", FRONTEND_URL="https://b.example/x", PUBLIC_URL="http://c:81")
    assert loaded.allowed_origins == {"https://a.example", "https://b.example", "http://c:81"}


def test_trusted_proxies_are_addresses_or_networks() -> None:
    given = "10.0.0.0/8, 192.0.2.7,2001:db8::/32,10.1.2.3/16"
    expected = ("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32", "10.1.0.0/16")
    assert load(TRUSTED_PROXIES=given).trusted_proxies == tuple(map(ip_network, expected))


def test_choices_are_accepted_in_any_case_and_with_spaces_around_them() -> None:
    loaded = load(**PRODUCTION | {"ENVIRONMENT": " Production ", "LOG_LEVEL": "warning "})
    assert (loaded.environment, loaded.log_level) == (Mode.production, "WARNING")


def test_a_relative_data_folder_is_made_absolute() -> None:
    assert load(DATA_DIR="here").data_dir == Path.cwd() / "here"


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_both_url_schemes_are_accepted(scheme: str) -> None:
    parameters = database(DATABASE_URL=f"{scheme}://coach:h%40sh@db.example.org:6432/plc?sslmode=require")
    assert parameters == {
        "user": "coach",
        "password": "h@sh",
        "host": "db.example.org",
        "port": "6432",
        "dbname": "plc",
        "sslmode": "require",
    }


def test_a_unix_socket_is_accepted() -> None:
    parameters = database(DATABASE_URL="postgresql://postgres:@/coach?host=/run/the%20socket")
    assert parameters == {"user": "postgres", "dbname": "coach", "host": "/run/the socket"}


def test_several_hosts_are_accepted() -> None:
    parameters = database(DATABASE_URL="postgresql://a:5432,b:5433/coach?target_session_attrs=read-write")
    assert (parameters["host"], parameters["port"]) == ("a,b", "5432,5433")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://coach:hush@db/coach",
        "postgres://coach:hush@db/coach",
        "POSTGRESQL+asyncpg://coach:hush@db/coach",
        "host=db password=hush",
        "postgresql://coach:hush%zz@db/coach",
        "postgresql://coach:hush%00@db/coach",
        "postgresql://coach:hush/7@db/coach",
        "postgresql://coach:hush@db/coach?colour=blue",
        "postgresql://coach:hush@db:port/coach",
        "postgresql://coach:hush\udcff@db/coach",
        "hush",
    ],
)
def test_an_invalid_url_is_refused_without_showing_it(url: str) -> None:
    line = problem(DATABASE_URL=url)
    assert line.startswith("DATABASE_URL is not usable (its value is not shown): a URL that begins with postgresql")
    assert "hush" not in line


def test_the_json_object_of_a_secrets_manager_is_accepted() -> None:
    secret = '{"username":"coach","password":"hush","engine":"postgres","host":"db","port":"6432","dbname":"plc"}'
    assert database(DB_SECRET=secret) == {
        "user": "coach",
        "password": "hush",
        "host": "db",
        "port": "6432",
        "dbname": "plc",
    }


def test_the_port_of_a_secret_defaults_to_5432() -> None:
    secret = '{"username":"coach","password":"hush","host":"db","dbname":"plc"}'
    assert database(DB_SECRET=secret)["port"] == "5432"


@pytest.mark.parametrize(
    "secret",
    [
        "hush",
        "[]",
        "null",
        '"hush"',
        '{"password": "hush"}',
        '{"username":"","password":"hush","host":"db","dbname":"plc"}',
        '{"username":"c","password":"hush\\u0000","host":"db","dbname":"plc"}',
        '{"username":"c","password":"hush\\ud800","host":"db","dbname":"plc"}',
        '{"username":"c","password":"hush","host":"db","dbname":"plc","port":0}',
        '{"username":"c","password":"hush","host":"db","dbname":"plc","port":"hush"}',
        '{"username":"c","password":"hush","host":"db","dbname":"plc"',
        "{'username':'c','password':'hush'}",
    ],
)
def test_an_invalid_secret_is_refused_without_showing_it(secret: str) -> None:
    line = problem(DB_SECRET=secret)
    assert line.startswith("DB_SECRET is not usable (its value is not shown): a JSON object with username, pass")
    assert "hush" not in line


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_any_password_survives(password: str) -> None:
    assert conninfo_to_dict(load(DB_SECRET=secret_of(password=password)).database or "").get("password", "") == password


def test_special_characters_in_a_name_and_a_password_reach_the_server(postgres: str) -> None:
    nasty = f"erin {PASSWORD}"
    folder = str(conninfo_to_dict(postgres)["host"])
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN SUPERUSER").format(sql.Identifier(nasty)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(nasty)))
        try:
            secret = secret_of(username=nasty, password=PASSWORD, host=folder, dbname=nasty)
            with psycopg.connect(load(DB_SECRET=secret).database or "") as connection:
                assert connection.execute("SELECT current_user, current_database()").fetchone() == (nasty, nasty)
                assert connection.info.password == PASSWORD
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(nasty)))
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(nasty)))


def test_the_url_wins_over_the_object_and_the_object_over_the_name() -> None:
    # Reading the named secret would fail, because the region is invalid.
    rest = {"DB_SECRET_NAME": "coach", "AWS_REGION": "no region"}
    assert database(DB_SECRET=secret_of(dbname="object"), **rest)["dbname"] == "object"
    url = {"DATABASE_URL": "postgresql://db/url"}
    assert database(**url, DB_SECRET=secret_of(dbname="object"), **rest)["dbname"] == "url"
    assert problem(**rest).startswith("DB_SECRET_NAME is not usable")


def test_an_invalid_url_is_not_replaced_by_a_valid_object() -> None:
    assert problem(DATABASE_URL="hush", DB_SECRET=secret_of()).startswith("DATABASE_URL is not usable")


POOLER = "postgresql://coach:hush@pooler:6432/plc"


def test_an_address_past_a_pooler_is_used_for_what_needs_a_session(file: Path) -> None:
    file.write_text("postgresql://coach:direct@db/plc\n")
    loaded = load(DATABASE_URL=POOLER, DATABASE_DIRECT_URL_FILE=str(file))
    assert loaded.has_pooler
    assert conninfo_to_dict(loaded.database or "")["host"] == "pooler"
    assert conninfo_to_dict(loaded.direct.database or "")["host"] == "db"
    assert not loaded.direct.has_pooler
    assert "direct@" not in repr(loaded)
    assert "password=direct" not in repr(loaded)


def test_statements_are_not_prepared_behind_a_pooler_unless_that_is_asked_for() -> None:
    behind = {"DATABASE_URL": POOLER, "DATABASE_DIRECT_URL": "postgresql://coach:hush@db/plc"}
    assert load(**behind).db_prepare_threshold == 0
    assert load(**behind, DB_PREPARE_THRESHOLD="5").db_prepare_threshold == 5


def test_without_another_direct_address_there_is_no_pooler() -> None:
    alone = load(DATABASE_URL=POOLER)
    assert not alone.has_pooler
    assert alone.direct.database == alone.database
    same = load(DATABASE_URL=POOLER, DATABASE_DIRECT_URL=POOLER.replace("postgresql", "postgresql+psycopg"))
    assert not same.has_pooler
    assert same.db_prepare_threshold == 5


def test_a_direct_address_alone_is_refused() -> None:
    line = problem(DATABASE_DIRECT_URL="postgresql://coach:hush@db/plc")
    assert line.startswith("DATABASE_DIRECT_URL is not usable (its value is not shown): DATABASE_URL must be set too")


def test_a_direct_address_that_is_no_url_is_refused_without_its_value() -> None:
    line = problem(DATABASE_URL=POOLER, DATABASE_DIRECT_URL="mysql://coach:hush@db/plc")
    assert line.startswith("DATABASE_DIRECT_URL is not usable (its value is not shown): a URL that begins with")


def test_the_replica_has_the_settings_of_the_primary_but_for_its_address_and_a_short_wait(file: Path) -> None:
    file.write_text("postgresql://coach:other@replica/plc\n")
    loaded = load(DATABASE_URL=POOLER, DATABASE_READ_URL_FILE=str(file), DATABASE_READ_MAX_LAG="60")
    replica = loaded.replica
    assert conninfo_to_dict(replica.database or "")["host"] == "replica"
    assert replica == msgspec.structs.replace(
        loaded, database=replica.database, database_read=None, db_pool_timeout=0.5
    )
    assert loaded.database_read_max_lag == 60
    assert load(DATABASE_URL=POOLER, DB_POOL_TIMEOUT="0.1").replica.db_pool_timeout == 0.1
    assert "password=other" not in repr(loaded)


def test_the_address_of_the_primary_is_no_replica() -> None:
    assert load(DATABASE_URL=POOLER, DATABASE_READ_URL=POOLER).database_read is None


def test_a_replica_without_a_primary_is_refused() -> None:
    line = problem(DATABASE_READ_URL="postgresql://coach:hush@db/plc")
    assert line.startswith("DATABASE_READ_URL is not usable (its value is not shown): DATABASE_URL must be set too")


@pytest.mark.parametrize("process", [{"DATABASE_URL": "postgresql://coach:hush@db/plc"}, {"DB_SECRET": secret_of()}])
def test_printed_settings_do_not_show_secrets(process: dict[str, str]) -> None:
    loaded = load(**process)
    assert "hush" in (loaded.database or "")
    assert "hush" not in repr(loaded)
    assert "hush" not in f"{loaded} {loaded!s} {[loaded.database]}"


def test_no_message_shows_a_secret_of_another_setting() -> None:
    lines = problems(DATABASE_URL="postgresql://coach:hush@db/plc", PORT="many", CORS_ORIGINS="*")
    assert "hush" not in "".join(lines)


def test_production_loads_with_its_required_settings() -> None:
    assert load(**PRODUCTION).in_production


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PUBLIC_URL", "http://api.example.org", "in production only an https address is allowed"),
        ("FRONTEND_URL", "http://coach.example.org", "in production only an https address is allowed"),
        ("CORS_ORIGINS", "*", "exact origins"),
        ("LOG_LEVEL", "debug", "in production INFO is the lowest level"),
        ("DEBUG", "1", "in production it must be off"),
        ("LITESTAR_DEBUG", "true", "in production it must be off"),
        ("LITESTAR_PDB", "yes", "in production it must be off"),
    ],
)
def test_production_refuses_values_that_are_only_for_development(name: str, value: str, message: str) -> None:
    line = problem(**PRODUCTION | {name: value})
    assert line.startswith(f"{name} is ")
    assert message in line


@pytest.mark.parametrize("off", ["0", "false", "No", "OFF", ""])
def test_production_accepts_a_debug_switch_that_is_off(off: str) -> None:
    assert load(**PRODUCTION, DEBUG=off).in_production


def test_production_requires_its_addresses() -> None:
    lines = problems(ENVIRONMENT="production", DATABASE_URL=PRODUCTION["DATABASE_URL"])
    assert [line.split()[0] for line in lines] == ["PUBLIC_URL", "FRONTEND_URL"]


def test_production_requires_a_database() -> None:
    line = problem(**PRODUCTION | {"DATABASE_URL": ""})
    assert line.startswith("DATABASE_URL is not set, but production requires a postgresql:// URL")


@pytest.mark.parametrize("name", ["DATABASE_URL_FILE", "DB_SECRET_FILE"])
def test_in_production_an_empty_file_names_no_database(name: str, tmp_path: Path) -> None:
    file = tmp_path / "empty"
    file.touch()
    line = problem(**PRODUCTION | {"DATABASE_URL": "", name: str(file)})
    assert line.startswith("DATABASE_URL is not set")


def test_an_invalid_database_url_has_one_line_in_production() -> None:
    line = problem(**PRODUCTION | {"DATABASE_URL": "mysql://db"})
    assert line.startswith("DATABASE_URL is not usable")


GOOGLE = {"GOOGLE_CLIENT_ID": "an id", "GOOGLE_CLIENT_SECRET": "hush"}
CLEVER = {"CLEVER_CLIENT_ID": "an id", "CLEVER_CLIENT_SECRET": "hush"}


def test_a_provider_is_offered_when_its_id_and_secret_are_set() -> None:
    loaded = load(**GOOGLE, **CLEVER)
    assert loaded.google == GoogleSettings(
        client_id="an id", client_secret=Secret("hush"), issuer="https://accounts.google.com", allowed_domains=()
    )
    assert loaded.clever == CleverSettings(
        client_id="an id",
        client_secret=Secret("hush"),
        issuer="https://clever.com",
        api_url="https://api.clever.com",
    )
    assert "hush" not in repr(loaded)
    assert (load(**GOOGLE).clever, load(**CLEVER).google) == (None, None)


@pytest.mark.parametrize("provider", ["GOOGLE", "CLEVER"])
def test_an_id_without_a_secret_or_a_secret_without_an_id_is_refused(provider: str, file: Path) -> None:
    id_name, secret_name = f"{provider}_CLIENT_ID", f"{provider}_CLIENT_SECRET"
    file.write_text("hush\n")
    assert problem(**{id_name: "an id"}) == f"{secret_name} is not set, but it is required because {id_name} is set"
    assert problem(**{secret_name: "hush"}) == f"{id_name} is not set, but it is required because {secret_name} is set"
    assert problem(**{f"{secret_name}_FILE": str(file)}).startswith(f"{id_name} is not set")
    (line,) = problems(**{id_name: "an id", secret_name: "hush", f"{secret_name}_FILE": str(file)})
    assert line == f"{secret_name} and {secret_name}_FILE are both set: only one of them is allowed"
    assert problem(**{id_name: "an id", f"{secret_name}_FILE": "/nowhere"}).startswith(f"{secret_name}_FILE is")


def test_a_providers_secret_may_come_from_a_file(file: Path) -> None:
    file.write_text("hush\n")
    google = load(GOOGLE_CLIENT_ID="an id", GOOGLE_CLIENT_SECRET_FILE=str(file)).google
    assert google is not None
    assert google.client_secret == "hush"


def test_allowed_domains_are_normalised_and_deduplicated() -> None:
    google = load(**GOOGLE, GOOGLE_ALLOWED_DOMAINS=" Example.org,, schools.example.net,example.org").google
    assert google is not None
    assert google.allowed_domains == ("example.org", "schools.example.net")


@pytest.mark.parametrize(
    "value", ["*", "*.example.org", "example", "@example.org", "https://example.org", "a b.org", ",", "-a.org", "é.org"]
)
def test_an_invalid_domain_is_refused(value: str) -> None:
    assert problem(GOOGLE_ALLOWED_DOMAINS=value) == (
        f"GOOGLE_ALLOWED_DOMAINS is {value!r}, but domains such as example.org, separated by commas, are allowed"
    )


@pytest.mark.parametrize("name", ["GOOGLE_ISSUER", "CLEVER_ISSUER", "CLEVER_API_URL"])
def test_a_provider_may_be_on_loopback_in_development_only(name: str) -> None:
    address = "http://127.0.0.1:9400"
    registered = GOOGLE | CLEVER
    loaded = load(**registered, **{name: f"{address}/"})
    assert address in {loaded.google and loaded.google.issuer, *_addresses(loaded)}
    assert problem(**PRODUCTION, **registered, **{name: address}) == (
        f"{name} is {address!r}, but in production only an https address is allowed"
    )
    assert load(**PRODUCTION, **registered, **{name: "https://id.example.org"}).in_production
    assert problem(**registered, **{name: "id.example.org"}).startswith(f"{name} is 'id.example.org', but an address")


def _addresses(loaded: Settings) -> set[str]:
    return {loaded.clever.issuer, loaded.clever.api_url} if loaded.clever else set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_BASE_URL", "https://user:hunter2@model.example.org:bad"),
        ("OPENAI_BASE_URL", "https://model.example.org/v1?api=hunter2"),
        ("PORT", "sk-proj-hunter2hunter2hunter2"),
        ("CORS_ORIGINS", "https://erin:hunter2@coach.example.org"),
        ("LOG_LEVEL", "password=hunter2"),
        ("PORT", "hunter2"),
        ("WORKERS", "2hunter2"),
        ("LOG_LEVEL", "erin:hunter2"),
        ("PUBLIC_URL", "erin:hunter2"),
        ("FRONTEND_URL", "coach.example.org/#hunter2"),
        ("MODEL_PRICES", '{"OPENAI": "hunter2"}'),
        ("TRUSTED_PROXIES", "10.0.0.0/8,hunter2"),
        ("DATABASE_URL_FILE", "hunter2"),
        ("DATABASE_URL_FILE", "/hunter2"),
        ("DB_SECRET_FILE", "postgresql://coach:hunter2@db/coach"),
        ("OPENAI_API_KEY_FILE", "sk-hunter2" * 500),
        ("GOOGLE_CLIENT_SECRET_FILE", "hunter2\0"),
    ],
)
def test_a_bad_value_is_not_shown_when_it_may_hold_a_secret(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings.load({name: value}, None)
    assert name in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("value", ["Swordfish", "correcthorsebattery", "horseBattery", "Tr0ub4dor&3", "a$b", "sk-x"])
@pytest.mark.parametrize("name", ["PORT", "LOG_LEVEL", "DB_POOL_TIMEOUT", "COACH_COST_CEILING", "ANSWERER"])
def test_a_password_under_the_name_of_another_setting_is_not_shown(name: str, value: str) -> None:
    line = problem(**{name: value})
    assert line.startswith(f"{name} is not usable (its value is not shown): ")
    assert value not in line


def test_a_misspelt_name_in_the_env_file_is_told_with_the_nearest_setting(dotenv: Path) -> None:
    dotenv.write_text("DATABSE_URL=postgresql://coach:hush@db/coach\nport=9000\nFAVOURITE_COLOUR=blue\n")
    unknown = settings.load({}, dotenv).unknown_names
    assert [str(each) for each in unknown] == [
        "DATABSE_URL in .env is no setting; did you mean DATABASE_URL?",
        "port in .env is no setting; did you mean PORT?",
        "FAVOURITE_COLOUR in .env is no setting",
    ]


def test_a_name_of_another_program_and_every_name_of_the_sample_are_known(dotenv: Path) -> None:
    named = re.findall(r"^# ([A-Z_]+)=", SAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    others = ["COMPOSE_PROJECT_NAME", "OTEL_EXPORTER_OTLP_ENDPOINT", "DEBUG"]
    dotenv.write_text("".join(f"{name}=\n" for name in [*named, *others]))
    assert settings.load({}, dotenv).unknown_names == ()


def test_a_secret_in_the_place_of_a_name_is_not_shown(dotenv: Path) -> None:
    dotenv.write_text("sk-proj-a8Jk2lQ0zXw=\nMIIEvQIBADANBgkqhkiG9w0BAQ==\n")
    unknown = settings.load({}, dotenv).unknown_names
    assert [str(each) for each in unknown] == ["a name that may be a secret in .env is no setting"] * 2
