import socket
from pathlib import Path

from deploy.local.ports import free_ports, is_free, remembered_ports


def test_free_ports_are_different_and_avoid_what_is_taken() -> None:
    taken = free_ports(3)
    more = free_ports(20, taken)
    assert len({*taken, *more}) == 23


def test_a_port_that_is_listened_on_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_free(server.getsockname()[1])


def test_ports_stay_the_same_from_one_start_to_the_next(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = remembered_ports(file, ["a", "b"])
    assert remembered_ports(file, ["a", "b"]) == first
    assert remembered_ports(file, ["a", "b", "c"]).items() >= first.items()


def test_a_port_that_somebody_took_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        file.write_text(f'{{"a": {taken}}}')
        assert remembered_ports(file, ["a"])["a"] != taken


def test_a_damaged_file_is_no_obstacle(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    for text in ("", "{", "[1]", '{"a": "x"}'):
        file.write_text(text)
        assert set(remembered_ports(file, ["a"])) == {"a"}
