"""Finding the stack."""

from pathlib import Path

import pytest

from contracts.cli.stack import Stack, StackNotFound, parse

LINES = """
# written by vodflow up
export VODFLOW_AMQP_URL='amqp://u:p@127.0.0.1:5672/'
VODFLOW_STORAGE_ROOT="/srv/my media"  # results
export A=1 B=2
unset C
not a line '
"""


def test_shell_lines() -> None:
    assert parse(LINES) == {
        "VODFLOW_AMQP_URL": "amqp://u:p@127.0.0.1:5672/",
        "VODFLOW_STORAGE_ROOT": "/srv/my media",
        "A": "1",
        "B": "2",
    }


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("export VODFLOW_AMQP_URL=amqp://file/\nVODFLOW_STORAGE_ROOT=/srv\n")
    assert Stack(tmp_path, "t", {}).amqp_url() == "amqp://file/"
    stack = Stack(tmp_path, "t", {"VODFLOW_AMQP_URL": "amqp://environment/"})
    assert (stack.amqp_url(), stack.setting("VODFLOW_STORAGE_ROOT")) == ("amqp://environment/", "/srv")


def test_without_either_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StackNotFound, match="vodflow up"):
        Stack(tmp_path / "none", "t", {}).amqp_url()


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    with pytest.raises(StackNotFound, match="can't read"):
        Stack(tmp_path, "t", {}).amqp_url()
