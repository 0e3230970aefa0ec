"""The doctor tells what is well and what is not."""

import socket
from pathlib import Path

import pytest

from deploy.local.checks import Check
from deploy.local.doctor import examine
from deploy.local.layout import Layout


def named(found: list[Check], name: str) -> Check:
    return next(check for check in found if check.name == name)


async def test_a_machine_without_a_stack_is_well(tmp_path: Path) -> None:
    found = await examine(Layout(tmp_path / "data"), {})
    assert [check.name for check in found if not check.well] == []
    assert "none runs" in named(found, "stack").detail
    assert not (tmp_path / "data").exists()


async def test_servers_that_answer_are_well(tmp_path: Path, amqp_url: str, mongo_url: str) -> None:
    given = {"VODFLOW_AMQP_URL": amqp_url, "VODFLOW_MONGO_URL": mongo_url}
    found = await examine(Layout(tmp_path), given)
    assert named(found, "RabbitMQ").well
    assert named(found, "MongoDB").well
    assert "replica set" in named(found, "MongoDB").detail


@pytest.fixture
def nobody() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_what_does_not_answer_is_told_with_how_to_mend_it(tmp_path: Path, nobody: int) -> None:
    layout = Layout(tmp_path)
    layout.services.write_text(f'[{{"name": "planner-1", "health_url": "http://127.0.0.1:{nobody}/ready"}}]')
    given = {
        "VODFLOW_AMQP_URL": f"amqp://127.0.0.1:{nobody}/",
        "VODFLOW_MONGO_URL": f"mongodb://127.0.0.1:{nobody}/?serverSelectionTimeoutMS=100",
    }
    found = await examine(layout, given)
    assert [check.name for check in found if not check.well] == ["RabbitMQ", "MongoDB", "planner-1"]
    assert "vodflow up" in named(found, "RabbitMQ").mend
    assert str(layout.log("planner-1")) in named(found, "planner-1").mend
