"""Notices of S3 storages: what MinIO and Ceph send, and what nobody should."""

import json
from typing import Any

import pytest

from services.intake.s3_events import Created, created, records
from shared.errors import RequestError

MINIO: dict[str, Any] = {
    "EventName": "s3:ObjectCreated:Put",
    "Key": "media/in/my film+ü.mp4",
    "Records": [
        {
            "eventVersion": "2.0",
            "eventSource": "minio:s3",
            "awsRegion": "",
            "eventTime": "2026-11-24T20:00:00.123Z",
            "eventName": "s3:ObjectCreated:Put",
            "userIdentity": {"principalId": "minioadmin"},
            "requestParameters": {"principalId": "minioadmin", "region": "", "sourceIPAddress": "127.0.0.1"},
            "responseElements": {"x-amz-request-id": "17D4", "x-minio-origin-endpoint": "http://127.0.0.1:9000"},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "Config",
                "bucket": {"name": "media", "ownerIdentity": {"principalId": "m"}, "arn": "arn:aws:s3:::media"},
                "object": {
                    "key": "in%2Fmy+film%2B%C3%BC.mp4",
                    "size": 1000,
                    "eTag": "d41d8cd9",
                    "contentType": "video/mp4",
                    "userMetadata": {"content-type": "video/mp4"},
                    "sequencer": "17D4B1",
                },
            },
            "source": {"host": "127.0.0.1", "port": "", "userAgent": "MinIO (linux; amd64)"},
        }
    ],
}
CEPH: dict[str, Any] = {
    "Records": [
        {
            "eventVersion": "2.2",
            "eventSource": "ceph:s3",
            "awsRegion": "default",
            "eventTime": "2026-11-24T20:00:00.123456Z",
            "eventName": "ObjectCreated:CompleteMultipartUpload",
            "userIdentity": {"principalId": "tester"},
            "requestParameters": {"sourceIPAddress": ""},
            "responseElements": {"x-amz-request-id": "503a", "x-amz-id-2": "14d2-zone1"},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "mynotif1",
                "bucket": {
                    "name": "media",
                    "ownerIdentity": {"principalId": "tester"},
                    "arn": "arn:aws:s3:default::media",
                    "id": "503a4c37.5332.38",
                },
                "object": {
                    "key": "in/50%25 off+ü.mp4",
                    "size": "1024",
                    "eTag": "37b51d19-2",
                    "versionId": "",
                    "sequencer": "F7E6D75DC742D108",
                    "metadata": [],
                    "tags": [],
                },
            },
            "eventId": "",
            "opaqueData": "me@example.com",
        }
    ],
}


def of(notice: Any) -> list[Created | None]:
    return [created(record, number) for number, record in enumerate(records(json.dumps(notice).encode()))]


def changed(notice: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(notice))
    *way, last = path.split(".")
    node: Any = copy["Records"][0]
    for name in way:
        node = node[name]
    node[last] = value
    return copy


def test_what_minio_and_ceph_tell() -> None:
    assert of(MINIO) == [Created("media", "in/my film+ü.mp4", "-d41d8cd9-17D4B1")]
    assert of(CEPH) == [Created("media", "in/50%25 off+ü.mp4", "-37b51d19-2-F7E6D75DC742D108")]


def test_an_object_that_is_replaced_has_another_version() -> None:
    for name in ("eTag", "versionId", "sequencer"):
        assert of(changed(MINIO, f"s3.object.{name}", "other")) != of(MINIO)
    assert of(changed(MINIO, "eventTime", "2027-01-01T00:00:00.000Z")) == of(MINIO)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("eventName", "s3:ObjectRemoved:Delete"),
        ("eventName", "ObjectRemoved:DeleteMarkerCreated"),
        ("eventName", "s3:ObjectAccessed:Get"),
        ("eventName", "s3:ObjectCreated:PutRetention"),
        ("eventName", "s3:Replication:OperationFailedReplication"),
        ("s3.object.key", "in/"),
        ("s3.object.size", 0),
        ("s3.object.size", "0"),
    ],
)
def test_what_is_no_new_file(path: str, value: Any) -> None:
    assert of(changed(MINIO, path, value)) == [None]


def test_what_is_told_of_nothing() -> None:
    assert of({"Records": []}) == []
    assert of({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "media"}) == []


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("..%2Fetc%2Fpasswd", "s3.object.key"),
        ("in%2F..%2Fout%2Fa.mp4", "s3.object.key"),
        ("in/../a.mp4", "s3.object.key"),
        ("in/%2E%2E/a.mp4", "s3.object.key"),
        ("in/./a.mp4", "s3.object.key"),
        ("/etc/passwd", "s3.object.key"),
        ("%2Fetc%2Fpasswd", "s3.object.key"),
        ("in//a.mp4", "s3.object.key"),
        ("in/a%0Ab.mp4", "s3.object.key"),
        ("in/a%00.mp4", "s3.object.key"),
        ("in/a%1B[31m.mp4", "s3.object.key"),
        ("in/%FF%FE.mp4", "s3.object.key"),
        ("in/\ud800.mp4", "s3.object.key"),
        ("in/%E2%80%AEabc.mp4", "s3.object.key"),
        ("ü" * 513, "s3.object.key"),
        ("", "s3.object.key"),
        (None, "s3.object.key"),
        (["a"], "s3.object.key"),
        ("", "s3.bucket.name"),
        ("../other", "s3.bucket.name"),
        ("a/b", "s3.bucket.name"),
        ("a\nb", "s3.bucket.name"),
        ("x" * 300, "s3.bucket.name"),
        (7, "s3.bucket.name"),
        (None, "eventName"),
        (None, "s3"),
    ],
)
@pytest.mark.parametrize("notice", [MINIO, CEPH], ids=["minio", "ceph"])
def test_what_is_hostile_is_refused_with_the_field_at_fault(notice: dict[str, Any], key: Any, path: str) -> None:
    if notice is CEPH and isinstance(key, str) and "%" in key:
        assert "%" in str(of(changed(notice, path, key)))
        return
    with pytest.raises(RequestError) as caught:
        of(changed(notice, path, key))
    field = caught.value.field or ""
    assert field == f"Records.0.{path}" or field.startswith(f"Records.0.{path}.")
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 200_000, b"[1]", b"null", b'{"Records": {}}', b'{"records": []}', b" " * 1_048_577],
    ids=["empty", "open", "binary", "deep", "list", "null", "object", "misspelt", "huge"],
)
def test_what_is_no_notice_is_refused(body: bytes) -> None:
    with pytest.raises(RequestError) as caught:
        records(body)
    assert caught.value.code == "InvalidRequest"


@pytest.mark.parametrize("record", [None, 1, "x", [], {}, {"eventName": {}}])
def test_what_is_no_record_is_refused(record: Any) -> None:
    with pytest.raises(RequestError, match=r"Records\.0\.eventName"):
        of({"Records": [record]})
