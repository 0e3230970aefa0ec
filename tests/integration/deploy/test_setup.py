"""`deploy/local/setup` on machines where something is missing, played with a PATH of the test's own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
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


def setup(machine: Path, *prefix: str, venv: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run it with nothing but this machine's programs."""
    environment = {"PATH": str(machine), "HOME": "/", "VODFLOW_VENV": str(venv), "VODFLOW_AMQP_URL": "amqp://x/"}
    return subprocess.run(
        [*prefix, str(machine / "bash"), str(SETUP)],
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
    assert "no apt-get to install them: ffmpeg" in ended.stderr


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
