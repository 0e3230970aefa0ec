"""Has the S3 server of tests publish its events to RabbitMQ, in the words of MinIO or of Ceph.

Moto calls `send_event` for each change of an object; here it publishes what those two send, with their options (MinIO
cmd/event-notification.go, internal/event/target/amqp.go; Ceph src/rgw/driver/rados/rgw_notify.cc).
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

import pika
from moto.s3 import notifications

EXCHANGE = "vodflow.s3"
Notice = dict[str, Any]


def minio(event: str, bucket: str, key: str, size: int, etag: str) -> Notice:
    """As MinIO says it."""
    whole = {"key": quote_plus(key), "size": size, "eTag": etag, "contentType": "video/mp4"}
    record = {
        **_head("2.0", "minio:s3", event, bucket, "Config"),
        "responseElements": {"x-amz-request-id": "17D4", "x-minio-origin-endpoint": "http://127.0.0.1:9000"},
        "source": {"host": "127.0.0.1", "port": "", "userAgent": "MinIO (linux; amd64)"},
    }
    record["s3"]["object"] = {**whole, "userMetadata": {}, "sequencer": f"{time.time_ns():X}"}
    return {"EventName": event, "Key": f"{bucket}/{key}", "Records": [record]}


def ceph(event: str, bucket: str, key: str, size: int, etag: str) -> Notice:
    """As Ceph's gateway says it."""
    record = {
        **_head("2.2", "ceph:s3", event.removeprefix("s3:"), bucket, "all"),
        "responseElements": {"x-amz-request-id": "503a4c37.5330.903595", "x-amz-id-2": "14d2-zone1-zonegroup1"},
        "eventId": "",
        "opaqueData": "",
    }
    whole = {"key": key, "size": size, "eTag": etag, "versionId": "", "metadata": [], "tags": []}
    record["s3"]["object"] = {**whole, "sequencer": f"{time.time_ns():016X}"}
    return {"Records": [record]}


def _head(version: str, source: str, event: str, bucket: str, configuration: str) -> Notice:
    return {
        "eventVersion": version,
        "eventSource": source,
        "awsRegion": "",
        "eventTime": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "eventName": event,
        "userIdentity": {"principalId": "tester"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": configuration,
            "bucket": {"name": bucket, "ownerIdentity": {"principalId": "tester"}, "arn": f"arn:aws:s3:::{bucket}"},
        },
    }


FORMS = {"minio": minio, "ceph": ceph}


@contextmanager
def publishing(amqp_url: str, forms: Mapping[str, str]) -> Iterator[None]:
    """As long as it lasts, changes in these buckets are published, in the form of `minio` or `ceph`."""

    def send(account_id: str, event_name: notifications.S3NotificationEvent, bucket: Any, key: Any) -> None:
        if form := forms.get(bucket.name):
            event = str(event_name.value)
            etag = key.etag.strip('"')
            publish(amqp_url, FORMS[form](event, bucket.name, key.name, key.size, etag), declare=form == "minio")

    before = notifications.send_event
    notifications.send_event = send
    try:
        yield
    finally:
        notifications.send_event = before


def publish(amqp_url: str, notice: Notice | bytes, *, declare: bool = False, times: int = 1) -> None:
    """Publish as the storage does: MinIO declares the exchange first, as it was told it is; both want confirms."""
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    try:
        channel = connection.channel()
        channel.confirm_delivery()
        if declare:
            channel.exchange_declare(EXCHANGE, exchange_type="topic", durable=True)
        body = notice if isinstance(notice, bytes) else json.dumps(notice).encode()
        properties = pika.BasicProperties(content_type="application/json", delivery_mode=2)
        for _ in range(times):
            channel.basic_publish(EXCHANGE, "bucketlogs", body, properties, mandatory=True)
    finally:
        connection.close()
