"""Small files with telling names, and settings that say what they are for."""

import pytest

from shared.settings import Settings
from tests.architecture.modules import Module, modules

MOST_LINES = 250
VAGUE = {"util", "utils", "helper", "helpers", "common", "manager", "misc", "base", "core"}
every_module = pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)


@every_module
def test_files_are_short(module: Module) -> None:
    assert module.lines <= MOST_LINES


@every_module
def test_files_have_names_that_tell(module: Module) -> None:
    assert not set(module.path.stem.split("_")) & VAGUE


@every_module
def test_files_say_what_they_hold(module: Module) -> None:
    assert module.docstring.strip().endswith(tuple(".:;)`|")) or "\n" in module.docstring


@pytest.mark.parametrize("name", Settings.model_fields)
def test_settings_are_described(name: str) -> None:
    description = Settings.model_fields[name].description
    assert description
    assert description.endswith(".")


def test_settings_need_nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"VODFLOW_{name.upper()}", raising=False)
    assert Settings().roots
