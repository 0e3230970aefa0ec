"""The address of the broker, with our heartbeat unless the operator named one."""

import pytest

from shared.rabbit import watched


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("amqp://u:p%40ss@host:5672/", "amqp://u:p%40ss@host:5672/?heartbeat=6"),
        ("amqps://host/%2Fvhost?x=1", "amqps://host/%2Fvhost?x=1&heartbeat=6"),
        ("amqp://host/?heartbeat=60", "amqp://host/?heartbeat=60"),
    ],
)
def test_heartbeat(url: str, expected: str) -> None:
    assert watched(url) == expected
