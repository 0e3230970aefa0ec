from pathlib import Path

import pytest

from deploy.local import programs
from deploy.local.errors import ProgramMissing


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_a_chosen_program_wins(tmp_path: Path) -> None:
    chosen = executable(tmp_path / "bin" / "mongod")
    assert programs.mongod({"VODFLOW_MONGOD": str(chosen), "PATH": "/usr/bin"}) == chosen


def test_a_mongod_on_the_path_comes_before_the_wheel_s(tmp_path: Path) -> None:
    found = executable(tmp_path / "mongod")
    assert programs.mongod({"PATH": str(tmp_path)}) == found


def test_a_chosen_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing, match="set VODFLOW_MONGO_URL"):
        programs.mongod({"VODFLOW_MONGOD": str(tmp_path / "mongod")})
    with pytest.raises(ProgramMissing, match="set VODFLOW_AMQP_URL"):
        programs.rabbitmq_server({"VODFLOW_RABBITMQ_SERVER": str(tmp_path / "rabbitmq-server")})
