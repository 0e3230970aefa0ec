"""Traces: one flow is one trace. The context travels in each message's `traceparent` (W3C Trace Context)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from .settings import Settings

_propagator = TraceContextTextMapPropagator()


__all__ = ["Span", "Tracer", "start", "traceparent"]


class Tracer:
    """Makes spans. Without an exporter they still carry the trace on, at little cost."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("vodflow")

    @contextmanager
    def span(
        self,
        name: str,
        attributes: Mapping[str, str | int | float] | None = None,
        *,
        parent: str | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> Iterator[Span]:
        """A span around a block; below the current span, else below `parent` (a traceparent), else a new trace."""
        context: Context | None = None
        if parent is not None and not trace.get_current_span().get_span_context().is_valid:
            context = _propagator.extract({"traceparent": parent})
        with self._tracer.start_as_current_span(
            name,
            context=context,
            kind=kind,
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR, f"{type(error).__name__}: {error}"))
                raise

    @contextmanager
    def joined(self, name: str, parent: str | None) -> Iterator[None]:
        """Within the current span when there is one, else within a new one below `parent`."""
        if trace.get_current_span().get_span_context().is_valid:
            yield
        else:
            with self.span(name, parent=parent):
                yield

    def close(self) -> None:
        """Export what is left."""
        self._provider.shutdown()


def traceparent() -> str | None:
    """The current span's context in the form that messages carry."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def _to_file(path: Path) -> SimpleSpanProcessor:
    path.parent.mkdir(parents=True, exist_ok=True)
    out = path.open("a", buffering=1)
    return SimpleSpanProcessor(ConsoleSpanExporter(out=out, formatter=lambda span: span.to_json(indent=None) + "\n"))


def start(service: str, settings: Settings) -> Tracer:
    """The tracer of a process, with the exporters that the settings name."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}), shutdown_on_exit=False)
    if settings.trace_file is not None:
        provider.add_span_processor(_to_file(settings.trace_file))
    if settings.otlp_endpoint is not None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.otlp_endpoint)))
    return Tracer(provider)
