"""A playback of something broken is judged so: damaged sets of ffmpeg's own making."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.playback.judge import Expected, faults
from tests.playback.play import Player, play
from tests.playback.server import MediaServer

SIZES = ((96, 54), (160, 90))
MANIFESTS: dict[Player, str] = {"hls": "master.m3u8", "dash": "it.mpd"}


def _packaged(folder: Path) -> None:
    """8 s of picture in segments of 1 s: 0-*.m4s and 1-*.m4s, sound 2-*.m4s.

    The sound ends a little early: hls.js 1.7.4 never ends when a track's last segment is one frame of sound.
    """
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=8"]
    command += ["-f", "lavfi", "-i", "sine=d=7.9:r=48000", "-map", "0:v", "-map", "0:v", "-map", "1:a"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25", "-sc_threshold", "0"]
    command += ["-s:v:0", "96x54", "-b:v:0", "60k", "-b:v:1", "200k", "-c:a", "aac"]
    command += ["-f", "dash", "-hls_playlist", "1", "-seg_duration", "1", "-use_timeline", "0"]
    command += ["-adaptation_sets", "id=0,streams=v id=1,streams=a"]
    command += ["-init_seg_name", "init$RepresentationID$.mp4", "-media_seg_name", "$RepresentationID$-$Number$.m4s"]
    subprocess.run([*command, str(folder / "it.mpd")], check=True)


def _expected(folder: Path) -> Expected:
    probe = ["ffprobe", "-v", "error", "-select_streams", "a", "-show_entries", "packet=size", "-of", "json"]
    ended = subprocess.run([*probe, str(folder / "it.mpd")], check=True, capture_output=True)
    return Expected(8, SIZES, "avc1.", sum(int(packet["size"]) for packet in json.loads(ended.stdout)["packets"]))


def _no_picture(folder: Path) -> None:
    """The upper level has its first second only: which segments of it are asked for depends on when it is gone to."""
    for number in range(2, 9):
        (folder / f"1-{number}.m4s").unlink()


def _no_sound(folder: Path) -> None:
    (folder / "2-5.m4s").unlink()


def _hole(folder: Path) -> None:
    """Every level and the sound lack the fifth second, and the next one comes in its place."""
    for number in range(3):
        for file in (5, 6, 7):
            (folder / f"{number}-{file}.m4s").write_bytes((folder / f"{number}-{file + 1}.m4s").read_bytes())


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole set."""
    folder = tmp_path_factory.mktemp("packaged")
    _packaged(folder)
    return folder


@pytest.mark.parametrize(
    ("player", "damage", "told"),
    [
        ("hls", _no_picture, "/1-"),
        ("dash", _no_picture, "/1-"),
        ("hls", _no_sound, "/2-5.m4s"),
        ("dash", _hole, "it jumped to 5.0 s"),
    ],
)
def test_what_is_broken_is_noticed(
    browser: Chrome,
    server: MediaServer,
    packaged: Path,
    tmp_path: Path,
    player: Player,
    damage: Callable[[Path], None],
    told: str,
) -> None:
    shutil.copytree(packaged, tmp_path, dirs_exist_ok=True)
    damage(tmp_path)
    played = play(browser, server, MANIFESTS[player], player)
    assert told in " ".join(faults(played, _expected(packaged)))
