"""The contracts build and install on their own, under their own name, without the rest of the repository."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import contracts

SOURCE = Path(contracts.__file__).parent
PROBE = """
import json, vodflow_contracts as v
from importlib.metadata import version
from importlib.resources import files
from vodflow_contracts.client import VodflowClient
root = files("vodflow_contracts")
print(json.dumps({
    "keys": len(v.CATALOG),
    "schemas": sum(path.name.endswith(".v1.json") for path in (root / "schemas").iterdir()),
    "asyncapi": json.loads((root / "asyncapi.json").read_text())["asyncapi"],
    "typed": (root / "py.typed").is_file(),
    "version": version("vodflow-contracts"),
}))
"""


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def bin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment that holds nothing but the built wheel and what it asks for."""
    place = tmp_path_factory.mktemp("packaging")
    shutil.copytree(SOURCE, place / "contracts", ignore=shutil.ignore_patterns("__pycache__"))
    run(sys.executable, "-m", "build", "--no-isolation", place / "contracts", "--outdir", place / "dist", cwd=place)
    (wheel,) = place.glob("dist/*.whl")
    uv = (sys.executable, "-m", "uv", "--quiet")
    run(*uv, "venv", "--python", sys.executable, place / "venv", cwd=place)
    run(*uv, "pip", "install", "--python", place / "venv", wheel, cwd=place)
    return place / "venv/bin"


def test_it_imports_under_its_own_name_with_everything_it_ships(bin_folder: Path) -> None:
    told = json.loads(run(bin_folder / "python", "-W", "error", "-c", PROBE, cwd=bin_folder))
    assert told == {
        "keys": len(contracts.CATALOG),
        "schemas": len(contracts.CATALOG),
        "asyncapi": "3.0.0",
        "typed": True,
        "version": "0.1.0",
    }


def test_the_command_runs(bin_folder: Path) -> None:
    told = run(bin_folder / "vodflow", "--help", cwd=bin_folder)
    for command in ("submit", "watch", "show", "list", "cancel", "events", "subscriptions"):
        assert command in told
