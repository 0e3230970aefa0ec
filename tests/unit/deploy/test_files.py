"""Lock, passwords, marks: small files of the data directory."""

import os
from pathlib import Path

import pytest

from deploy.local.errors import DataDirectoryBusy
from deploy.local.leftovers import mark_of
from deploy.local.lock import Lock, is_locked
from deploy.local.secret import fresh_unless_complete, kept_secret


def test_a_second_stack_is_told_who_is_there(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with (
        Lock(file),
        pytest.raises(DataDirectoryBusy, match=f"process {os.getpid()}.* choose another --data"),
        Lock(file),
    ):
        pass


def test_the_lock_is_free_again_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    assert not is_locked(file)
    with Lock(file):
        assert is_locked(file)
    assert not is_locked(file)


def test_a_doctor_makes_no_lock_where_there_is_no_folder(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "none" / "lock")


def test_a_password_is_made_once_and_is_private(tmp_path: Path) -> None:
    password = kept_secret(tmp_path / "password")
    assert len(password) == 40
    assert kept_secret(tmp_path / "password") == password
    assert (tmp_path / "password").stat().st_mode & 0o777 == 0o600


def test_half_made_databases_are_made_anew(tmp_path: Path) -> None:
    database, complete = tmp_path / "db", tmp_path / "complete"
    (database / "sub").mkdir(parents=True)
    (database / "sub" / "file").touch()
    complete.touch()
    fresh_unless_complete(database, complete)
    assert (database / "sub" / "file").exists()
    complete.unlink()
    fresh_unless_complete(database, complete)
    assert list(database.iterdir()) == []


def test_marks_of_two_folders_are_different_even_if_one_name_begins_with_the_other(tmp_path: Path) -> None:
    assert mark_of(tmp_path / "a", "planner-1").startswith(mark_of(tmp_path / "a"))
    assert not mark_of(tmp_path / "ab", "planner-1").startswith(mark_of(tmp_path / "a"))
