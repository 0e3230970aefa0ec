import subprocess
from pathlib import Path

from contracts.cli.stack import parse
from deploy.local import environment
from deploy.local.environment import Environment

VARIABLES = {
    "VODFLOW_AMQP_URL": "amqp://u:p@127.0.0.1:1/",
    "VODFLOW_MONGO_URL": "mongodb://u:p@127.0.0.1:2/vodflow?a=b&c=d",
    "VODFLOW_STORAGE_ROOT": "/da ta/it's",
    "VODFLOW_STORAGE_ROOTS": "/da ta/it's:/films",
    "VODFLOW_SCRATCH_URL": "file:///da%20ta/scratch",
}


def test_variables_name_each_root_once() -> None:
    addresses = Environment(
        amqp_url="amqp://u:p@127.0.0.1:1/",
        mongo_url="mongodb://u:p@127.0.0.1:2/vodflow?a=b&c=d",
        storage_root=Path("/da ta/it's"),
        more_roots=[Path("/films"), Path("/da ta/it's"), Path("/films")],
        scratch_url="file:///da%20ta/scratch",
    )
    assert addresses.variables() == VARIABLES


def test_the_file_is_read_alike_by_us_by_the_client_and_by_a_shell(tmp_path: Path) -> None:
    file = tmp_path / "env"
    environment.write(file, VARIABLES)
    shell = subprocess.run(
        ["bash", "-c", '. "$1" && printf %s "$VODFLOW_STORAGE_ROOT"', "-", str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert environment.read(file) == parse(file.read_text()) == VARIABLES
    assert shell.stdout == "/da ta/it's"


def test_the_file_holds_passwords_so_nobody_else_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "env"
    environment.write(file, VARIABLES)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["env"]


def test_no_file_no_variables(tmp_path: Path) -> None:
    assert environment.read(tmp_path / "env") == {}


def test_roots_come_from_the_environment() -> None:
    assert environment.roots_of({"VODFLOW_STORAGE_ROOTS": "/a: :/b/../c:"}) == [Path("/a"), Path("/c")]
    assert environment.roots_of({}) == []
