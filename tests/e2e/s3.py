"""An S3 server for tests: moto on the loopback interface."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

KEY, SECRET, REGION = "test", "test-secret", "us-east-1"


@dataclass(frozen=True)
class S3:
    """A running server."""

    endpoint: str

    @property
    def settings(self) -> dict[str, str]:
        """What services must know of it."""
        return {
            "VODFLOW_S3_ENDPOINT": self.endpoint,
            "VODFLOW_S3_REGION": REGION,
            "VODFLOW_S3_ACCESS_KEY_ID": KEY,
            "VODFLOW_S3_SECRET_ACCESS_KEY": SECRET,
        }

    @property
    def client(self) -> Any:
        """Access by boto3: none of our code."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )

    def bucket(self, name: str) -> str:
        """A new bucket; its name."""
        self.client.create_bucket(Bucket=name)
        return name

    def upload(self, path: Path, bucket: str, key: str) -> str:
        """A file as an object; its URL."""
        self.client.upload_file(str(path), bucket, key)
        return f"s3://{bucket}/{key}"

    def keys(self, bucket: str) -> set[str]:
        """Every object of a bucket."""
        listed = self.client.list_objects_v2(Bucket=bucket)
        return {entry["Key"] for entry in listed.get("Contents", [])}

    def download(self, bucket: str, key: str, target: Path) -> Path:
        """An object as a local file."""
        self.client.download_file(bucket, key, str(target))
        return target


@contextmanager
def s3_server() -> Iterator[S3]:
    """A server of its own on a free port."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield S3(f"http://{host}:{port}")
    finally:
        server.stop()
