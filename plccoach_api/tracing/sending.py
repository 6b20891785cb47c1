"""Sends spans to the collector, from a thread of the SDK. A collector that is away holds up nothing but this thread."""

import logging
import time
from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.http import trace_exporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from plccoach_api import logs, threads

_log = logs.get_logger(__name__)

_LAST_SECONDS = 1.0
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


class _ReportingExporter(SpanExporter):
    """Sends batches of spans. It logs at most once a minute that spans are lost, with the reason that the SDK gives."""

    def __init__(self) -> None:
        self._exporter = OTLPSpanExporter()
        self._reason = _Reason()
        self._lost = 0
        self._reported_at = -_REPORT_SECONDS
        self.is_failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self._reason.text = None
        result = self._exporter.export(spans)
        self.is_failing = result is not SpanExportResult.SUCCESS
        if self.is_failing:
            self._lost += len(spans)
            self._report()
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def _report(self) -> None:
        if time.monotonic() - self._reported_at >= _REPORT_SECONDS:
            _log.warning("spans lost", count=self._lost, reason=self._reason.text)
            self._lost, self._reported_at = 0, time.monotonic()


class _Reason(logging.Handler):
    """Keeps the first message of the SDK about a batch, in the place of the log: it has several for each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.text: str | None = None
        logger = logging.getLogger(trace_exporter.__name__)
        logger.handlers, logger.propagate = [self], False

    def emit(self, record: logging.LogRecord) -> None:
        self.text = self.text or record.getMessage()[:_REASON_CHARACTERS]
