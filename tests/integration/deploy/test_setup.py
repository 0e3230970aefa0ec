"""`deploy/local/setup` on machines where something is missing, played with a PATH of the test's own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from deploy.local.layout import CODE

SETUP = CODE / "deploy" / "local" / "setup"
TOOLS = (
    *(
        "awk",
        "basename",
        "bash",
        "cat",
        "chmod",
        "cut",
        "dirname",
        "env",
        "find",
        "flock",
        "grep",
        "id",
        "install",
        "ls",
        "mkdir",
    ),
    *("mktemp", "printf", "python3", "readlink", "realpath", "rm", "sh", "sha256sum", "tail", "tee", "uname"),
)
APT = """#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> "{folder}/apt.txt"
case " $* " in *" ffmpeg "*)
    for tool in ffmpeg ffprobe; do printf '' > "{folder}/$tool"; chmod +x "{folder}/$tool"; done ;;
esac
"""


@pytest.fixture
def machine() -> Iterator[Path]:
    """A folder of programs without ffmpeg, open to everybody."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for tool in TOOLS:
            if found := shutil.which(tool, path="/usr/bin:/bin"):
                (folder / tool).symlink_to(found)
        yield folder


def setup(
    machine: Path, *prefix: str, venv: Path, purpose: Sequence[str] = (), **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run it with nothing but this machine's programs."""
    environment = {"PATH": str(machine), "HOME": "/", "VODFLOW_VENV": str(venv), "VODFLOW_AMQP_URL": "amqp://x/"}
    return subprocess.run(
        [*prefix, str(machine / "bash"), str(SETUP), *purpose],
        env=environment | {"VODFLOW_MONGOD": "/no/where"} | variables,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=120,
    )


def test_without_an_administrator_it_says_what_one_must_run(machine: Path) -> None:
    prefix: tuple[str, ...] = ()
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None or subprocess.run(_as_nobody(setpriv, "test", "-r", str(SETUP)), check=False).returncode:
            pytest.skip("needs setpriv, and a repository that others may read")
        prefix = _as_nobody(setpriv)
    (machine / "apt-get").write_text("#!/bin/sh\nexit 1\n")
    (machine / "apt-get").chmod(0o755)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        ended = setup(machine, *prefix, venv=Path(folder) / "venv")
    assert ended.returncode == 3, ended.stderr
    assert "apt-get update && apt-get install -y --no-install-recommends ffmpeg" in ended.stderr
    assert ended.stdout == ""


def test_without_apt_it_says_what_is_missing(machine: Path, tmp_path: Path) -> None:
    ended = setup(machine, venv=tmp_path / "venv")
    assert ended.returncode == 3
    assert "no apt-get to install them: ffmpeg\n" in ended.stderr


@pytest.mark.parametrize(
    ("browsers", "missing"),
    [
        ((), "ffmpeg chromium chromium-driver"),
        (("chromium",), "ffmpeg chromium chromium-driver"),
        (("google-chrome", "chromedriver"), "ffmpeg"),
    ],
)
def test_only_tests_need_a_browser(machine: Path, tmp_path: Path, browsers: Sequence[str], missing: str) -> None:
    if "ID=ubuntu" in Path("/etc/os-release").read_text().splitlines():
        pytest.skip("Ubuntu has no package of a browser")
    for name in browsers:
        (machine / name).write_text("")
        (machine / name).chmod(0o755)
    ended = setup(machine, venv=tmp_path / "venv", purpose=["tests"])
    assert ended.returncode == 3
    assert f"no apt-get to install them: {missing}\n" in ended.stderr


def test_another_purpose_is_wrong_usage(machine: Path, tmp_path: Path) -> None:
    ended = setup(machine, venv=tmp_path / "venv", purpose=["test"])
    assert (ended.returncode, ended.stderr) == (2, "setup: usage: setup [tests]\n")


@pytest.mark.skipif(os.geteuid() != 0, reason="installs as root")
def test_root_installs_what_is_missing_and_a_foreign_venv_is_left_alone(machine: Path, tmp_path: Path) -> None:
    (machine / "apt-get").write_text(APT.format(folder=machine))
    (machine / "apt-get").chmod(0o755)
    policy = Path("/usr/sbin/policy-rc.d")
    before = policy.read_bytes() if policy.exists() else None
    foreign = tmp_path / "venv"
    (foreign / "bin").mkdir(parents=True)
    ended = setup(machine, venv=foreign)
    assert ended.returncode == 1
    assert f"{foreign} exists, and not made by this script" in ended.stderr
    assert (machine / "apt.txt").read_text().splitlines() == [
        "noninteractive -qq -o DPkg::Lock::Timeout=300 update",
        "noninteractive -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends ffmpeg",
    ]
    assert (policy.read_bytes() if policy.exists() else None) == before


def _as_nobody(setpriv: str, *command: str) -> tuple[str, ...]:
    return (setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", *command)
