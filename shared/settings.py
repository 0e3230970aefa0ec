"""Settings, from environment variables `VODFLOW_*`. Every one has a default that works on a laptop."""

import os
import socket
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from .addresses import networks
from .web_rules import SCHEMES, WebRules


def _host() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def split(text: str) -> list[str]:
    """The parts of a comma-separated list."""
    return [part.strip() for part in text.split(",") if part.strip()]


class Settings(BaseSettings):
    """What an operator may set. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix="VODFLOW_", extra="ignore", frozen=True)

    amqp_url: str = Field(default="amqp://guest:guest@127.0.0.1:5672/", description="RabbitMQ.")
    mongo_url: str = Field(
        default="mongodb://127.0.0.1:27017/vodflow", description="MongoDB, with the database's name as path."
    )
    mongo_driver: Literal["motor", "pymongo"] = Field(
        default="motor", description="Driver: Motor, or PyMongo's asynchronous client."
    )
    storage_roots: str = Field(
        default=".vodflow/storage",
        description="Directories that `file://` sources and results may lie in, separated as in PATH.",
    )
    scratch_url: str = Field(
        default="file:.vodflow/scratch",
        description="Where intermediates lie, reachable by every worker: a `file:` directory or `s3://bucket/prefix`.",
    )
    work_dir: Path = Field(
        default=Path(tempfile.gettempdir()) / "vodflow", description="Fast local disk for running work and the cache."
    )
    cache_bytes: int = Field(default=20_000_000_000, ge=0, description="Upper bound of the local cache of sources.")
    s3_endpoint: str | None = Field(default=None, description="S3 endpoint URL; absent: AWS.")
    s3_region: str = Field(default="us-east-1", description="S3 region.")
    s3_access_key_id: str | None = Field(default=None, description="S3 key; absent: the usual AWS sources.")
    s3_secret_access_key: str | None = Field(default=None, description="S3 secret.")
    fetch_schemes: str = Field(
        default="https,http", description="Schemes of web sources, separated by commas; empty: none are fetched."
    )
    fetch_networks: str = Field(
        default="",
        description="Networks to fetch from besides public addresses, as CIDR, separated by commas: `10.1.0.0/16`.",
    )
    fetch_redirects: int = Field(default=5, ge=0, description="Most redirects of a web source.")
    fetch_bytes: int = Field(default=100_000_000_000, ge=1, description="Largest web source.")
    fetch_segments: int = Field(default=20_000, ge=1, description="Most segments of a playlist that is fetched.")
    fetch_s: float = Field(default=43_200.0, gt=0, description="Longest that a fetch may take.")
    fetch_connect_s: float = Field(default=10.0, gt=0, description="How long a connection may take to be made.")
    fetch_stall_s: float = Field(
        default=30.0, gt=0, description="A fetch that is slower than the next for this long is given up, and retried."
    )
    fetch_least_bytes_s: int = Field(default=1000, ge=1, description="Least bytes per second of a fetch.")
    fetch_slots: int = Field(default=4, ge=1, description="Fetches at a time in an intake.")
    callback_schemes: str = Field(
        default="https,http", description="Schemes of the addresses that events are posted to; empty: none are posted."
    )
    callback_networks: str = Field(
        default="",
        description="Networks to post events to besides public addresses, as CIDR, separated by commas.",
    )
    subscriptions_file: Path | None = Field(
        default=None, description="TOML file of subscriptions that the notifier puts at its start; absent: none."
    )
    slots: int = Field(default=0, ge=0, description="Units at a time in a worker; 0: one per CPU.")
    fleet_slots: int = Field(
        default=0, ge=0, description="Transcoding slots that the planner cuts for; 0: one per CPU of its own machine."
    )
    lease_s: float = Field(
        default=30.0, gt=0, description="A worker's claim on a unit lapses after this, unless renewed."
    )
    poll_s: float = Field(default=2.0, gt=0, description="How often to look for work when nothing announces any.")
    stall_s: float = Field(
        default=60.0, gt=0, description="ffmpeg without progress for this long is stopped; the unit retried."
    )
    grace_s: float = Field(
        default=20.0, ge=0, description="How long SIGTERM lets running units go on before handing them back."
    )
    unit_attempts: int = Field(default=4, ge=1, description="Tries of a unit, the first included.")
    retry_s: float = Field(default=2.0, gt=0, description="Delay before a unit's first retry; doubles each time.")
    resend_s: float = Field(
        default=30.0, gt=0, description="A requested unit without news for this long is requested again."
    )
    settle_s: float = Field(
        default=1.0, ge=0.2, description="A file in a watched directory is complete when unchanged for this long."
    )
    rescan_s: float = Field(
        default=30.0,
        gt=0,
        description="How often to read watched directories anew, for what no watcher tells (network file systems).",
    )
    tenant_weights: dict[str, float] = Field(
        default_factory=dict, description='Shares of tenants as JSON, such as {"news": 3}; 1 where not named.'
    )
    health_host: str = Field(default="127.0.0.1", description="Address of the health endpoint.")
    health_port: int = Field(default=0, ge=0, le=65535, description="Port of /live, /ready, /metrics; 0: none.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level to log.")
    otlp_endpoint: str | None = Field(default=None, description="OTLP/HTTP collector for traces; absent: none.")
    trace_file: Path | None = Field(default=None, description="File to append finished spans to, one JSON a line.")
    worker_name: str = Field(default_factory=_host, description="Name of this process in leases; must be unique.")

    @field_validator("storage_roots")
    @classmethod
    def _some_root(cls, value: str) -> str:
        if not any(part.strip() for part in value.split(os.pathsep)):
            raise ValueError("name at least one directory")
        return value

    @field_validator("fetch_networks", "callback_networks")
    @classmethod
    def _networks(cls, value: str) -> str:
        networks(value)
        return value

    @field_validator("fetch_schemes", "callback_schemes")
    @classmethod
    def _schemes(cls, value: str) -> str:
        if unknown := [name for name in split(value) if name not in SCHEMES]:
            raise ValueError(f"{', '.join(unknown)}: only https and http are known")
        return value

    @property
    def web_rules(self) -> WebRules:
        """What may be fetched from the web."""
        return WebRules(schemes=split(self.fetch_schemes), networks=networks(self.fetch_networks))

    @property
    def callback_rules(self) -> WebRules:
        """What events may be posted to."""
        return WebRules(
            schemes=split(self.callback_schemes),
            networks=networks(self.callback_networks),
            settings="VODFLOW_CALLBACK",
        )

    @property
    def roots(self) -> list[Path]:
        """The storage roots, absolute, links resolved."""
        return [Path(part).resolve() for part in self.storage_roots.split(os.pathsep) if part.strip()]

    @property
    def slot_count(self) -> int:
        """How many units to work on at a time."""
        return self.slots or os.cpu_count() or 1
