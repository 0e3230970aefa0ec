"""What cutting costs in quality and size: chunked results against those of one piece, at the same settings.

Load doesn't matter here, only what comes out. The plan and the workers are the product's own, without a broker; rates
make the planner cut into chunks of about ten seconds, as it would a film of 1080p.
"""

import re
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import unquote

from contracts.fitting import VideoCodec
from contracts.parameters import TranscodeParameters
from contracts.subtasks import Transcode, TranscodeOutput
from contracts.units import TranscodeWork
from deploy.local.stack import Stack
from services.transcoder.encoders import Tuning
from tests.bench.closeness import around, decibels
from tests.bench.figure import Figure
from tests.bench.sources import Sources
from tests.bench.starts import Starts
from tests.media.flows import Done, run

REACH = 12
"""Pictures on each side of a seam."""
CHUNK_S = 10
NEWER: tuple[VideoCodec, ...] = ("h265", "vp9", "av1")


@dataclass(frozen=True)
class Aim:
    """The most that chunks may cost: size in percent (None: goes by the bit rate), quality in dB."""

    size: float | None
    rate: float | None
    worst_db: float


QUALITY, RATE = Aim(2.0, None, 0.5), Aim(None, 5.0, 1.0)


@dataclass(frozen=True)
class Case:
    """A source, a codec, and two settings: constant quality (TEHD-100) and a bit rate."""

    name: str
    source: Path
    seconds: int
    fps: int
    codec: VideoCodec
    kbps: int

    def settings(self) -> dict[str, tuple[dict[str, Any], Aim]]:
        """Overrides by name."""
        return {
            "tehd": ({"tehd": {}}, QUALITY),
            f"{self.kbps} kbps": ({"video": {"bitrate_kbps": self.kbps}}, RATE),
        }

    def subtasks(self) -> list[Transcode]:
        """A rendition of the source's size and rate for each setting."""
        container = "webm" if self.codec in ("vp9", "av1") else "mp4"
        made = []
        for number, (asked, _) in enumerate(self.settings().values()):
            video = {"codec": self.codec, "fps": self.fps, **asked.get("video", {})}
            whole = {"container": container, "remove_audio": True, **asked, "video": video}
            parameters = TranscodeParameters.model_validate(whole)
            made.append(Transcode(subtask_id=f"transcode-{number}", definition=number, parameters=parameters))
        return made


async def measure(stack: Stack, sources: Sources, starts: Starts) -> list[Figure]:
    """Every codec on three sources of a minute, the newer ones at a lower bit rate."""
    film, grain, screen = sources.film(), sources.grain(), sources.screen()
    cases = [
        Case("film", film, 60, 24, "h264", 400),
        Case("grain", grain, 60, 25, "h264", 2500),
        Case("screen", screen, 60, 25, "h264", 128),
        *(Case("film", film, 60, 24, codec, 300) for codec in NEWER),
        *(Case("grain", grain, 60, 25, codec, 1500) for codec in NEWER),
        *(Case("screen", screen, 60, 25, codec, 128) for codec in NEWER),
    ]
    figures: list[Figure] = []
    for case in cases:
        async for figure in _compared(case):
            print(figure.name, figure.shown, figure.verdict, sep=" | ", file=sys.stderr, flush=True)
            figures.append(figure)
    return figures


async def _compared(case: Case) -> AsyncIterator[Figure]:
    for subtask, (name, (_, aim)) in zip(case.subtasks(), case.settings().items(), strict=True):
        work = case.source.parent / "seams" / f"{case.name}-{case.codec}-{subtask.subtask_id}"
        whole = await run(case.source, work / "whole", [subtask], chunks=1, tuning=Tuning())
        cut = await run(case.source, work / "cut", [subtask], chunks=case.seconds // CHUNK_S, tuning=Tuning())
        assert not any((whole.failed, whole.inexact, cut.failed, cut.inexact))
        seams = list(_seams(cut))
        one, many = (done.rendition(subtask.subtask_id) for done in (whole, cut))
        assert one.video is not None and one.video.frames and one.chunks == 1 and many.chunks == len(seams) + 1
        before = await decibels(case.source, _path(one), one.video.frames)
        after = await decibels(case.source, _path(many), one.video.frames)
        losses = [around(before, seam, REACH) - around(after, seam, REACH) for seam in seams]
        title = f"{case.name} {case.codec} {name}"
        kbps = [done.size_bytes * 8 / 1000 / case.seconds for done in (one, many)]
        grown = (many.size_bytes / one.size_bytes - 1) * 100
        sizes = f"{grown:+.2f} %, {kbps[0]:.0f} -> {kbps[1]:.0f} kbps"
        yield Figure(f"{title}: size against one piece", abs(grown), "%", aim.size, sizes)
        if aim.rate is not None:
            off = [(rate / case.kbps - 1) * 100 for rate in kbps]
            told = f"{off[1]:+.1f}, whole {off[0]:+.1f}"
            yield Figure(f"{title}: off the asked rate", abs(off[1]), "%", aim.rate, told)
        detail = f"mean {fmean(losses):.2f}, n={len(losses)}; all pictures {fmean(before):.2f} -> {fmean(after):.2f}"
        yield Figure(f"{title}: worst seam below one piece", max(losses), "dB", aim.worst_db, detail)


def _seams(done: Done) -> Iterator[int]:
    """The first pictures of all chunks but the first: sources and results have the same rate."""
    for unit in done.plan.units:
        if re.search(r"-chunk-\d+$", unit.unit_id) and isinstance(unit.work, TranscodeWork):
            video = unit.work.outputs[0].video
            if video is not None and video.start:
                yield video.start


def _path(output: TranscodeOutput) -> Path:
    return Path(unquote(output.url.removeprefix("file://")))
