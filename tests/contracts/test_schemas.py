"""The committed schemas say what the models say, and keep what was promised."""

import json

import pytest

from contracts import schemas
from contracts.catalog import CATALOG
from contracts.schemas import COMMAND, broken_promises, data_schema, files, promised


def test_generated_files_are_not_stale() -> None:
    made = files()
    stale = [str(path) for path, text in made.items() if not path.exists() or path.read_text() != text]
    surplus = [str(path) for path in schemas.SCHEMAS.glob("*.json") if path not in made]
    assert not stale + surplus, f"run `{COMMAND}` and commit what it changes"


def test_generation_is_deterministic() -> None:
    assert files() == files()


def test_no_schema_breaks_what_was_promised() -> None:
    broken = broken_promises()
    assert not broken, "keep these and make a new major version beside it:\n" + "\n".join(broken)


def test_everything_that_is_offered_is_promised() -> None:
    current = {key: json.loads(json.dumps(data_schema(message))) for key, message in CATALOG.items()}
    assert promised() == current, f"run `{COMMAND}` and commit what it changes"


def test_an_incompatible_change_is_not_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = data_schema(CATALOG["flow.cancel.v1"])
    old["properties"]["reason"] = {"type": "string"}
    monkeypatch.setattr(schemas, "promised", lambda: {"flow.cancel.v1": old})
    monkeypatch.setattr("sys.argv", ["schemas"])
    monkeypatch.setattr(schemas, "files", lambda: pytest.fail("written all the same"))

    assert schemas.main() == 1

    assert "flow.cancel.v1: data.reason: removed or renamed" in capsys.readouterr().err
