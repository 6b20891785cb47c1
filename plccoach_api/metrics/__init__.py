"""The metrics of the service. docs/operating/metrics.md says what each one means to an operator.

Every place that counts has one line, such as `metrics.ANSWERS.inc(kind, answerer)`. A label has few values, and none
names a person, a conversation or a raw path. The names of requests and of model calls follow the semantic conventions
of OpenTelemetry; the others begin with `plccoach_`.
"""

from plccoach_api.metrics.instruments import Counter, Gauge, Histogram

_HTTP = ("http_request_method", "http_route", "http_response_status_code")
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_STREAM_SECONDS = (0.5, 1, 2.5, 5, 10, 15, 20, 30, 45, 60, 120)
_MODEL_SECONDS = (0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)

UNMATCHED = "unmatched"
"""The route of a request that matched none, and of one that was answered before routing, such as a preflight."""

REQUESTS = Histogram(
    "http_server_request_duration_seconds", "Duration of requests without streams", _HTTP, buckets=_REQUEST_SECONDS
)
STREAMS = Histogram("http_server_stream_duration_seconds", "Duration of streams", _HTTP, buckets=_STREAM_SECONDS)
OPEN_STREAMS = Gauge("plccoach_open_streams", "Streams that are open")

ANSWERS = Counter("plccoach_answers_total", "Complete answers", ("kind", "answerer"))
UNFINISHED_ANSWERS = Counter("plccoach_unfinished_answers_total", "Answers that ended early", ("status",))
RESCUED_ANSWERS = Counter("plccoach_rescued_answers_total", "Answers of dead processes that were ended")

MODEL_CALLS = Histogram(
    "gen_ai_client_operation_duration_seconds",
    "Duration of requests to the model",
    ("gen_ai_operation_name", "gen_ai_output_type", "gen_ai_request_model", "error_type"),
    buckets=_MODEL_SECONDS,
)
FIRST_CHUNKS = Histogram(
    "gen_ai_client_operation_time_to_first_chunk_seconds",
    "Time to the first chunk of the model",
    ("gen_ai_operation_name", "gen_ai_output_type", "gen_ai_request_model"),
    buckets=_MODEL_SECONDS,
)
MODEL_FAILURES = Counter("plccoach_model_failures_total", "Failed requests to the model", ("operation", "reason"))
OPEN_BREAKERS = Gauge("plccoach_open_circuit_breakers", "Workers that send the model no requests")
MODEL_TOKENS = Counter("plccoach_model_tokens_total", "Tokens of the model", ("type",))
MODEL_COST = Counter("plccoach_model_cost_dollars_total", "Cost of the model")

POOL_CONNECTIONS = Gauge("plccoach_pool_connections", "Database connections", ("state",))
POOL_LIMIT = Gauge("plccoach_pool_connections_max", "Most database connections")
POOL_WAITING = Gauge("plccoach_pool_waiting_requests", "Requests that wait for a database connection")
POOL_WAITS = Counter("plccoach_pool_waits_total", "Waits for a database connection")
POOL_WAIT_SECONDS = Counter("plccoach_pool_wait_seconds_total", "Seconds of waits for a database connection")
POOL_TIMEOUTS = Counter("plccoach_pool_timeouts_total", "Waits for a database connection that took too long")
POOL_CONNECTION_FAILURES = Counter("plccoach_pool_connection_failures_total", "Failed attempts to connect")
DATABASE_FAILURES = Counter("plccoach_database_failures_total", "Database errors", ("failure",))
REPLICA_READS = Counter("plccoach_replica_reads_total", "Reads that the read replica may answer", ("server",))
REPLICA_LAG = Gauge("plccoach_replica_lag_seconds", "Age of what the read replica has", mode="livemax")

EXPORTS_WAITING = Gauge("plccoach_exports_waiting", "Exports that wait for their turn")
WAITING_LOG_LINES = Gauge("plccoach_log_lines_waiting", "Log lines that wait to be written, from 100 on")
DROPPED_LOG_LINES = Counter("plccoach_log_lines_dropped_total", "Log lines that could not be written")
JOB_SUCCESS = Gauge(
    "plccoach_job_last_success_timestamp_seconds", "Unix time of the last success", ("job",), mode="livemax"
)

WORKERS = Gauge("plccoach_workers", "Worker processes that run", mode="livemax")
ENDED_WORKERS = Counter("plccoach_workers_ended_total", "Worker processes that have ended")
BUILD = Gauge("plccoach_build_info", "Always 1", ("version",), mode="livemax")

ALL = tuple(value for value in list(globals().values()) if isinstance(value, Counter | Gauge | Histogram))


def enable() -> None:
    """Switches the metrics of this process on. It keeps them in files in the folder of PROMETHEUS_MULTIPROC_DIR."""
    from prometheus_client import CollectorRegistry  # noqa: PLC0415 - only with METRICS_PORT

    registry = CollectorRegistry()
    for each in ALL:
        each.enable(registry)


def are_enabled() -> bool:
    return REQUESTS.is_enabled
