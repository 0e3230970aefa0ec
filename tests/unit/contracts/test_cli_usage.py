"""Bad input ends with a sentence and a code, never with a traceback."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.cli import app

COMMANDS = ["submit", "watch", "show", "list", "cancel", "events", "subscriptions put"]
COMMANDS += [f"templates {verb}" for verb in ("put", "modify", "delete", "list")]
COMMANDS += [f"procedures {verb}" for verb in ("put", "reset", "delete", "list")]
COMMANDS += [f"queue {verb}" for verb in ("receive", "delete", "attributes", "redrive", "purge")]


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("VODFLOW_AMQP_URL", "VODFLOW_DATA", "VODFLOW_TENANT", "VODFLOW_STORAGE_ROOT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_tells_the_exit_codes(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Exit codes" in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        ("list", 4, "no vodflow found"),
        ("submit none.mp4 --sprite 10", 2, "no such file: none.mp4"),
        ("submit s3://b/a.mp4", 2, "say what to make"),
        ("submit s3://b/a.mp4 --sprite ten", 2, "--sprite takes template numbers"),
        ("submit s3://b/a.mp4 --snapshot-at 3.5", 2, "tasks.snapshot_by_time_offset.0.time_offsets.0: must end in s"),
        ("submit s3://b/a.mp4 --sprite 10 --priority 11", 2, "Invalid value"),
        ("list --limit 0", 2, "Invalid value"),
        ("list --state done", 2, "Invalid value"),
        ("templates put hologram {}", 2, "Invalid value"),
        ("templates put transcode {", 2, "PARAMETERS: "),
        ("templates put transcode []", 2, "PARAMETERS takes a JSON object"),
        ("templates put transcode @none.json", 2, "PARAMETERS: "),
        ("templates put transcode {} --name " + "n" * 65, 2, "name: String should have at most 64 characters"),
        ("templates modify transcode -- -1", 2, "Invalid value"),
        ("templates list transcode --definition ten", 2, "--definition takes template numbers"),
        ("templates list transcode --limit 101", 2, "Invalid value"),
        ("procedures put mine {}", 2, "tasks: ask for at least one task"),
        ("procedures put a-name-that-is-too-long {}", 2, "name: String should have at most 20 characters"),
        ('procedures put mine {"hologram":[]}', 2, "tasks.hologram: "),
        ("procedures delete " + "n" * 21, 2, "name: String should have at most 20 characters"),
        ("queue receive mine --count 17", 2, "Invalid value"),
        ("queue receive mine --wait 31", 2, "Invalid value"),
        ("queue receive 9", 2, "name: String should match pattern"),
        ("queue delete mine", 2, "Missing argument"),
        ("queue delete mine " + "h " * 17, 2, "handles: List should have at most 16 items after validation, not 17"),
        ("queue redrive mine --count 0", 2, "Invalid value"),
        ("queue purge 9", 2, "name: String should match pattern"),
        ("nonsense", 2, "No such command"),
    ],
)
def test_codes(arguments: str, code: int, complaint: str) -> None:
    result = CliRunner().invoke(app, arguments.split())
    assert (result.exit_code, result.stdout) == (code, "")
    assert complaint in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unreachable_broker_exits_with_4() -> None:
    result = CliRunner().invoke(app, ["list"], env={"VODFLOW_AMQP_URL": "amqp://127.0.0.1:1/"})
    assert (result.exit_code, result.stdout) == (4, "")
    assert "no connection to RabbitMQ at amqp://127.0.0.1:1/" in result.stderr


def test_an_amqp_url_that_is_none_exits_with_4() -> None:
    result = CliRunner().invoke(app, ["list"], env={"VODFLOW_AMQP_URL": "localhost"})
    assert result.exit_code == 4
    assert "not an AMQP URL" in result.stderr
