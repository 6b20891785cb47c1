"""The service's settings: one frozen struct, read once from the environment and `.env`."""

import os
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import msgspec

from plccoach_api.rules.client_address import Network
from plccoach_api.rules.pricing import KNOWN_PRICES, Prices
from plccoach_api.settings import database as database_settings
from plccoach_api.settings import embedding_service, providers, traces
from plccoach_api.settings.embedding_service import EmbeddingService
from plccoach_api.settings.environment import (
    Environment,
    Secret,
    SettingsError,
    dollars,
    effort,
    log_level,
    networks,
    one_of,
    origin_of,
    origins,
    seconds,
    switch,
    text,
    web_address,
    whole_number,
)
from plccoach_api.settings.prices import prices
from plccoach_api.settings.providers import CleverSettings, GoogleSettings
from plccoach_api.settings.unknown_names import UnknownName, unknown_names
from plccoach_api.version import VERSION

_DEVELOPMENT_ORIGINS = ("http://localhost:3000", "http://localhost:5173")
_OPENAI_URL = "https://api.openai.com/v1"
LONGEST_ANSWER_SECONDS = 600
_REPLICA_POOL_TIMEOUT = 0.5
_DEBUG_SWITCHES = ("DEBUG", "LITESTAR_DEBUG", "LITESTAR_PDB")
_READ_SOMETIMES = frozenset({"DB_SECRET", "DB_SECRET_FILE", "DB_SECRET_NAME", "AWS_REGION", *_DEBUG_SWITCHES})


class Mode(StrEnum):
    development = "development"
    production = "production"


class AnswererKind(StrEnum):
    """The writer of answers: sentences taken from the passages, or a model that speaks OpenAI's protocol."""

    extractive = "extractive"
    openai = "openai"


class EmbedderKind(StrEnum):
    """The source of vectors: a small model that ships with the service, or a service that speaks OpenAI's protocol."""

    local = "local"
    openai = "openai"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings. `.env.sample` documents each one under its name in upper case."""

    environment: Mode
    app_name: str
    app_version: str
    host: str
    port: int
    workers: int
    metrics_host: str
    metrics_port: int | None
    traces: Mapping[str, Secret] | None
    """The variables that OpenTelemetry's SDK reads; None when there are no traces."""
    public_url: str
    frontend_url: str
    cors_origins: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    log_level: str
    sign_in_rate_limit: int
    database: Secret | None
    """A libpq connection string, from DATABASE_URL, DB_SECRET or DB_SECRET_NAME; None means the embedded server."""
    database_direct: Secret | None
    """The connection string past a pooler; None means that `database` leads to PostgreSQL itself."""
    database_read: Secret | None
    """The connection string of a read replica; None means that the primary answers every read."""
    database_read_max_lag: float
    db_pool_size: int
    db_pool_timeout: float
    db_prepare_threshold: int
    shutdown_timeout: int
    shutdown_delay: int
    archive_retention_days: int
    data_dir: Path
    google: GoogleSettings | None
    clever: CleverSettings | None
    coach_rate_limit: int
    coach_cost_ceiling: Decimal | None
    model_prices: Prices
    answerer: AnswererKind
    extractive_pace: int
    embeddings: EmbedderKind
    openai_base_url: str
    openai_api_key: Secret | None
    openai_model: str
    embedding_service: EmbeddingService
    openai_timeout: float
    openai_context_tokens: int
    openai_max_tokens: int
    openai_reasoning_effort: str | None
    answer_timeout: float
    try_page: bool
    mcp: bool
    ingest_timeout: float
    ingest_memory_mb: int
    ingest_file_mb: int
    unknown_names: tuple[UnknownName, ...] = ()
    """Names in `.env` that are no settings."""

    @property
    def in_production(self) -> bool:
        return self.environment is Mode.production

    @property
    def has_pooler(self) -> bool:
        """True if `database` lends another session to each transaction."""
        return self.database_direct is not None

    @property
    def direct(self) -> "Settings":
        """These settings with the address past the pooler, for what needs a session of its own."""
        return msgspec.structs.replace(self, database=self.database_direct or self.database, database_direct=None)

    @property
    def replica(self) -> "Settings":
        """These settings with the address of the read replica. The primary answers when it has no connection left."""
        timeout = min(self.db_pool_timeout, _REPLICA_POOL_TIMEOUT)
        return msgspec.structs.replace(self, database=self.database_read, database_read=None, db_pool_timeout=timeout)

    @property
    def secure_cookies(self) -> bool:
        """True if cookies are sent over https only. A developer's http://localhost cannot use such cookies."""
        return self.in_production or self.public_url.startswith("https://")

    @property
    def allowed_origins(self) -> frozenset[str]:
        """The origins whose pages may send changes: those of the front ends and of this API."""
        return frozenset({*self.cors_origins, origin_of(self.frontend_url), origin_of(self.public_url)})


def load(process: Mapping[str, str] = os.environ, dotenv: Path | None = Path(".env")) -> Settings:
    """Reads the settings; raises SettingsError with one line for each invalid setting."""
    environment = Environment(process, dotenv)
    settings = _read(environment)
    _require_api_key(environment, settings)
    _require_time_to_stop(environment, settings)
    _require_room_for_the_prompt(environment, settings)
    _require_own_port(environment, settings)
    _require_mcp_extra(environment, settings)
    if settings.in_production:
        _refuse_in_production(environment, settings)
    if environment.problems:
        raise SettingsError(list(environment.problems.values()))
    unknown = unknown_names(environment.names_in_file, environment.names_read | _READ_SOMETIMES)
    return msgspec.structs.replace(settings, unknown_names=tuple(unknown))


def _read(environment: Environment) -> Settings:
    mode = environment.read("ENVIRONMENT", one_of(Mode), Mode.development)
    port = environment.read("PORT", whole_number(1, 65_535), 8000)
    development = mode is Mode.development
    database = database_settings.from_environment(environment)
    database_direct = database_settings.direct_from_environment(environment, database)
    openai_base_url = environment.read("OPENAI_BASE_URL", web_address, _OPENAI_URL)
    openai_api_key = environment.secret("OPENAI_API_KEY")
    return Settings(
        environment=mode,
        app_name=environment.read("APP_NAME", text, "PLC Coach API"),
        app_version=environment.read("APP_VERSION", text, VERSION),
        host=environment.read("HOST", text, "127.0.0.1"),
        port=port,
        workers=environment.read("WORKERS", whole_number(1, 64), 1),
        metrics_host=environment.read("METRICS_HOST", text, "127.0.0.1"),
        metrics_port=environment.read("METRICS_PORT", whole_number(1, 65_535), None),
        traces=traces.from_environment(environment),
        public_url=environment.read("PUBLIC_URL", web_address, f"http://localhost:{port}"),
        frontend_url=environment.read("FRONTEND_URL", web_address, "http://localhost:5173"),
        cors_origins=environment.read("CORS_ORIGINS", origins, _DEVELOPMENT_ORIGINS if development else ()),
        trusted_proxies=environment.read("TRUSTED_PROXIES", networks, ()),
        log_level=environment.read("LOG_LEVEL", log_level, "INFO"),
        sign_in_rate_limit=environment.read("SIGN_IN_RATE_LIMIT", whole_number(1, 1_000_000), 20),
        database=database,
        database_direct=database_direct,
        database_read=database_settings.read_from_environment(environment, database),
        database_read_max_lag=environment.read("DATABASE_READ_MAX_LAG", seconds(5, 3600), 10.0),
        db_pool_size=environment.read("DB_POOL_SIZE", whole_number(1, 200), 20),
        db_pool_timeout=environment.read("DB_POOL_TIMEOUT", seconds(0.1, 60), 2.0),
        db_prepare_threshold=environment.read(
            "DB_PREPARE_THRESHOLD", whole_number(0, 1000), 0 if database_direct else 5
        ),
        shutdown_timeout=environment.read("SHUTDOWN_TIMEOUT", whole_number(2, 600), 10),
        shutdown_delay=environment.read("SHUTDOWN_DELAY", whole_number(0, 598), 0),
        archive_retention_days=environment.read("ARCHIVE_RETENTION_DAYS", whole_number(1, 36_500), 730),
        data_dir=environment.read("DATA_DIR", Path, Path(".data")).absolute(),
        google=providers.google(environment, production=not development),
        clever=providers.clever(environment, production=not development),
        coach_rate_limit=environment.read("COACH_RATE_LIMIT", whole_number(1, 100_000), 50),
        coach_cost_ceiling=environment.read("COACH_COST_CEILING", dollars(Decimal("0.01"), Decimal(1_000_000)), None),
        model_prices=environment.read("MODEL_PRICES", prices, KNOWN_PRICES),
        answerer=environment.read("ANSWERER", one_of(AnswererKind), AnswererKind.extractive),
        extractive_pace=environment.read("EXTRACTIVE_PACE", whole_number(0, 500), 0),
        embeddings=environment.read("EMBEDDINGS", one_of(EmbedderKind), EmbedderKind.local),
        openai_base_url=openai_base_url,
        openai_api_key=openai_api_key,
        openai_model=environment.read("OPENAI_MODEL", text, "gpt-4o"),
        embedding_service=embedding_service.from_environment(
            environment, base_url=openai_base_url, api_key=openai_api_key
        ),
        openai_timeout=environment.read("OPENAI_TIMEOUT", seconds(1, 300), 30.0),
        openai_context_tokens=environment.read("OPENAI_CONTEXT_TOKENS", whole_number(1000, 100_000_000), 128_000),
        openai_max_tokens=environment.read("OPENAI_MAX_TOKENS", whole_number(16, 1_000_000), 1000),
        openai_reasoning_effort=environment.read("OPENAI_REASONING_EFFORT", effort, None),
        answer_timeout=environment.read("ANSWER_TIMEOUT", seconds(1, LONGEST_ANSWER_SECONDS), 40.0),
        try_page=environment.read("TRY_PAGE", switch, development),
        mcp=environment.read("MCP", switch, False),
        ingest_timeout=environment.read("INGEST_TIMEOUT", seconds(1, 3600), 60.0),
        ingest_memory_mb=environment.read("INGEST_MEMORY_MB", whole_number(200, 1_000_000), 2000),
        ingest_file_mb=environment.read("INGEST_FILE_MB", whole_number(1, 100_000), 500),
    )


def _require_api_key(environment: Environment, settings: Settings) -> None:
    """Refuses to start without the key. Otherwise only the first question would show that it is missing."""
    services = []
    if settings.answerer is AnswererKind.openai:
        services.append(("OPENAI", settings.openai_base_url, settings.openai_api_key))
    if settings.embeddings is EmbedderKind.openai:
        vectors = settings.embedding_service
        prefix = "OPENAI" if vectors.base_url == settings.openai_base_url else "OPENAI_EMBEDDING"
        services.append((prefix, vectors.base_url, vectors.api_key))
    for prefix, base_url, key in services:
        name = f"{prefix}_API_KEY"
        if base_url == _OPENAI_URL and key is None:
            environment.problems.setdefault(
                name, f"{name} is not set, but the service at {prefix}_BASE_URL requires a key"
            )


def _require_time_to_stop(environment: Environment, settings: Settings) -> None:
    """Leaves running requests at least one second after the delay, and the supervisor another one."""
    if settings.shutdown_delay > settings.shutdown_timeout - 2:
        environment.refuse(
            "SHUTDOWN_DELAY",
            str(settings.shutdown_delay),
            f"it must be at least 2 seconds shorter than SHUTDOWN_TIMEOUT ({settings.shutdown_timeout})",
        )


def _require_room_for_the_prompt(environment: Environment, settings: Settings) -> None:
    allowed = settings.openai_context_tokens
    if settings.answerer is AnswererKind.openai and settings.openai_max_tokens > allowed:
        environment.refuse(
            "OPENAI_MAX_TOKENS",
            str(settings.openai_max_tokens),
            f"it must not exceed OPENAI_CONTEXT_TOKENS ({allowed})",
        )


def _require_own_port(environment: Environment, settings: Settings) -> None:
    if settings.metrics_port == settings.port:
        environment.refuse("METRICS_PORT", str(settings.port), "it must be another port than PORT")


def _require_mcp_extra(environment: Environment, settings: Settings) -> None:
    """Finds the package without importing it."""
    if settings.mcp and find_spec("mcp") is None:
        environment.refuse("MCP", "true", "it needs an extra: install plccoach-api[mcp]")


def _refuse_in_production(environment: Environment, settings: Settings) -> None:
    for name, url in (("PUBLIC_URL", settings.public_url), ("FRONTEND_URL", settings.frontend_url)):
        if not url.startswith("https://"):
            environment.refuse(name, url, "in production only an https address is allowed")
    if settings.log_level == "DEBUG":
        environment.refuse(
            "LOG_LEVEL", "DEBUG", "in production INFO is the lowest level: libraries log bodies at DEBUG"
        )
    for name in _DEBUG_SWITCHES:
        if (value := environment.read(name, text, "")).lower() not in {"", "0", "false", "no", "off"}:
            environment.refuse(name, value, "in production it must be off")
    if settings.database is None and environment.problems.keys().isdisjoint(database_settings.SOURCES):
        environment.problems["DATABASE_URL"] = (
            "DATABASE_URL is not set, but production requires a postgresql:// URL (or DB_SECRET, or DB_SECRET_NAME)"
        )
