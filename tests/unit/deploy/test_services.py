import sys
from pathlib import Path

import pytest

from deploy.local.layout import CODE, Layout
from deploy.local.leftovers import MARK
from deploy.local.services import NAMES, listed, service_command
from services.__main__ import NAMES as KNOWN


def test_every_service_is_started() -> None:
    assert set(NAMES) == set(KNOWN)


def test_how_a_service_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {"PATH": "/bin", "VODFLOW_SLOTS": "3", "VODFLOW_AMQP_URL": "amqp://other/"})
    layout = Layout(Path("/da ta"))
    command = service_command(layout, "merger-2", "merger", 4711, {"VODFLOW_AMQP_URL": "amqp://own/"})
    assert command.argv == (sys.executable, "-m", "services", "merger")
    assert (command.name, command.log, command.cwd) == ("merger-2", Path("/da ta/logs/merger-2.log"), CODE)
    assert command.env == {
        "PATH": "/bin",
        "VODFLOW_SLOTS": "3",
        "VODFLOW_GRACE_S": "3",
        "VODFLOW_WORK_DIR": "/da ta/work",
        "VODFLOW_AMQP_URL": "amqp://own/",
        "VODFLOW_HEALTH_HOST": "127.0.0.1",
        "VODFLOW_HEALTH_PORT": "4711",
        "PYTHONUNBUFFERED": "1",
        MARK: layout.mark("merger-2")[MARK],
    }


def test_a_longer_grace_is_not_cut_short() -> None:
    command = service_command(Layout(Path("/x")), "merger-1", "merger", 1, {"VODFLOW_GRACE_S": "600"})
    assert command.grace_s > 600


def test_no_list_of_services_when_none_runs(tmp_path: Path) -> None:
    assert listed(tmp_path / "services.json") == []
    (tmp_path / "services.json").write_text("{}")
    assert listed(tmp_path / "services.json") == []
