"""Sends spans to the collector, from a thread of the SDK. A collector that is away holds up nothing but this thread."""

import logging
import time
from collections.abc import Mapping, Sequence

from opentelemetry.exporter.otlp.proto.http import trace_exporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from plccoach_api import logs, threads
from plccoach_api.tracing.variables import visible

_log = logs.get_logger(__name__)

_LAST_SECONDS = 1.0
_TRIAL_SECONDS = "5"
_REPORT_SECONDS = 60.0
_REASON_CHARACTERS = 300


class Sending:
    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._exporter = _ReportingExporter()
        with threads.without_signals():
            provider.add_span_processor(BatchSpanProcessor(self._exporter))

    def close(self) -> None:
        """Sends the spans that are queued, unless the collector is away. The SDK alone would wait for half a minute."""
        if self._exporter.is_failing:
            return
        threads.start(self._provider.shutdown, name="last spans").join(_LAST_SECONDS)


def refusal(variables: Mapping[str, str]) -> str | None:
    """Sends the collector a request without a span. Returns None, or why it failed."""
    with visible({**variables, "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": _TRIAL_SECONDS}):
        exporter = _ReportingExporter()
    try:
        return exporter.send([])
    finally:
        exporter.shutdown()


class _ReportingExporter(SpanExporter):
    """Sends batches of spans. It logs at most once a minute that spans are lost, with the reason that the SDK gives."""

    def __init__(self) -> None:
        self._exporter = OTLPSpanExporter()
        self._reason = _Reason()
        self._lost = 0
        self._reported_at = -_REPORT_SECONDS

    @property
    def is_failing(self) -> bool:
        """True as soon as a first attempt to send the last batch has failed."""
        return bool(self._reason.text)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        reason = self.send(spans)
        if reason is None:
            return SpanExportResult.SUCCESS
        self._lost += len(spans)
        self._report(reason)
        return SpanExportResult.FAILURE

    def send(self, spans: Sequence[ReadableSpan]) -> str | None:
        """Returns None, or why the spans could not be sent."""
        self._reason.text = ""
        if self._exporter.export(spans) is SpanExportResult.SUCCESS:
            return None
        return self._reason.text or "unknown"

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def _report(self, reason: str) -> None:
        if time.monotonic() - self._reported_at >= _REPORT_SECONDS:
            _log.warning("spans lost", count=self._lost, reason=reason)
            self._lost, self._reported_at = 0, time.monotonic()


class _Reason(logging.Handler):
    """Keeps the first message of the SDK about a batch, in the place of the log: it has several for each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        logger = logging.getLogger(trace_exporter.__name__)
        logger.handlers, logger.propagate = [self], False
        # Else LOG_LEVEL would apply.
        logger.setLevel(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        self.text = self.text or record.getMessage()[:_REASON_CHARACTERS]
