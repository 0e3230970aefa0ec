"""From `--since` to a moment."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import typer

from contracts.cli.replays import moment_of

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90s", NOW - timedelta(seconds=90)),
        ("30m", NOW - timedelta(minutes=30)),
        ("2h", NOW - timedelta(hours=2)),
        ("15d", NOW - timedelta(days=15)),
        ("2026-11-27T11:00:00Z", datetime(2026, 11, 27, 11, tzinfo=UTC)),
        ("2026-11-27 11:00", datetime(2026, 11, 27, 11, tzinfo=UTC)),
        ("2026-11-27T11:00:00+02:00", datetime(2026, 11, 27, 11, tzinfo=timezone(timedelta(hours=2)))),
    ],
)
def test_a_moment_or_how_long_ago(text: str, moment: datetime) -> None:
    assert moment_of(text, NOW) == moment


@pytest.mark.parametrize("text", ["", "2", "2 h", "h", "-2h", "2w", "9999999d", "yesterday", "٢h"])
def test_what_is_neither_is_told(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as left:
        moment_of(text, NOW)
    assert left.value.exit_code == 2
    assert "expected such as 90s, 30m, 2h, 1d" in capsys.readouterr().err
