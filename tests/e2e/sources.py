"""Sources of the tests: the clips, and how they get into a storage root."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIPS = ROOT / "tests" / "media" / "clips"
BUNNY = ROOT / "deploy" / "local" / "media" / "big_buck_bunny_30s.webm"

VARIABLE_RATE = CLIPS / "01_vfr_awesome_movie.mov"
PORTRAIT = CLIPS / "04_iphone_portrait_rot90.MOV"
SOUND_ONLY = CLIPS / "07_encore_audioonly_aac_ac3_51.mp4"
TEN_BIT = CLIPS / "09_hevc_10bit.mp4"
TRUNCATED = CLIPS / "11_truncated_broken.mp4"
NO_FRAMES = CLIPS / "12_zero_video_frames.ts"
LATE_SOUND = CLIPS / "14_audio_starts_244ms_late_noduration.mkv"
COVER_ART = CLIPS / "17_cover_art_second_video_stream.mp4"
PLAIN = CLIPS / "19_plain_30s_270p_stereo.mp4"
SUBTITLED = CLIPS / "22_mov_text_subtitle.mp4"
TEST_CARD = CLIPS / "26_smpte_1080p25.mp4"
EDIT_LIST = CLIPS / "27_edit_list.mp4"
HOSTILE_NAME = CLIPS / "te[s]t_ video ' _ .flv"

GOOD = (
    VARIABLE_RATE,
    PORTRAIT,
    TEN_BIT,
    LATE_SOUND,
    COVER_ART,
    PLAIN,
    SUBTITLED,
    TEST_CARD,
    EDIT_LIST,
    HOSTILE_NAME,
    BUNNY,
)
SHORT = SUBTITLED
"""Two seconds, picture and sound: what tests use that are not about media."""


def place(source: Path, directory: Path, name: str | None = None) -> Path:
    """A copy of a source in a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    placed = directory / (name or source.name)
    if not placed.exists():
        shutil.copyfile(source, placed)
    return placed


def with_many_keys(source: Path, made: Path) -> Path:
    """The same with a key picture every second, so that it can be cut anywhere; its sound as it is."""
    picture = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-crf", "18"]
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", f"file:{source}", *picture, "-c:a", "copy", f"file:{made}"]
    subprocess.run(argv, check=True)
    return made
