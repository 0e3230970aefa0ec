"""A rendition as an HLS playlist with its segments."""

import asyncio
from dataclasses import replace
from pathlib import Path

from contracts.units import HlsFiles, MergeWork
from shared.attempt import Attempt, Made
from shared.counting import listed
from shared.ffmpeg_run import encode
from shared.renditions import described

from .addresses import relative
from .checks import check_pictures
from .graph import opened
from .pieces_fetch import fetched, joinable
from .playlists import Part, Playlist, Segment, media_playlist, read
from .segmenting import LIST, Cutting, cut_command

FORMATS = "hls,mpegts,mov"
"""Demuxers for what we have cut."""


async def segmented(work: MergeWork, files: HlsFiles, attempt: Attempt, stall_s: float) -> Made:
    """Join, cut, check the number of pictures in the segments, stage: the playlist last.

    Raises as `handlers.merge` does.
    """
    directory = attempt.directory
    tracks = []
    if work.chunks:
        tracks.append((await joinable(work.chunks, work.delay_s, attempt, directory))["v"])
    if work.sound:
        tracks.append(opened(await fetched(work.sound, attempt), keep_times=True)["a"])
    cutting = Cutting(files.segment_type, files.segment_s)
    argv = cut_command(tracks, cutting, directory, picture=bool(work.chunks))
    await encode(argv, attempt, work.duration_s, stall_s=stall_s)
    made = await listed(directory / LIST, FORMATS, stall_s=stall_s)
    check_pictures(work.chunks, made.first("vide"))
    written = read(await asyncio.to_thread((directory / LIST).read_text))
    parts = [Path(segment.part.uri).name for segment in written.segments]
    size_bytes = await _staged_segments(files, written, parts, attempt)
    told = directory / "final.m3u8"
    await asyncio.to_thread(told.write_text, media_playlist(_renamed(written, files, work.url)))
    size_bytes += (await asyncio.to_thread(told.stat)).st_size
    await attempt.stage(told, work.url)
    whole = replace(made, size_bytes=size_bytes)
    return Made(output=described(work.url, "hls", whole, chunks=max(1, len(work.chunks)), notes=work.notes))


async def _staged_segments(files: HlsFiles, written: Playlist, parts: list[str], attempt: Attempt) -> int:
    """Puts the segments beside their places; their size."""
    places = [(attempt.directory / name, files.segments.url(number)) for number, name in enumerate(parts)]
    if written.init is not None and files.init_url is not None:
        places.insert(0, (attempt.directory / written.init.uri, files.init_url))
    size_bytes = 0
    for path, url in places:
        size_bytes += (await asyncio.to_thread(path.stat)).st_size
        await attempt.stage(path, url)
    return size_bytes


def _renamed(written: Playlist, files: HlsFiles, url: str) -> Playlist:
    """The playlist as it is where the segments are in their places."""
    segments = [
        Segment(Part(relative(files.segments.url(number), url)), segment.duration_s)
        for number, segment in enumerate(written.segments)
    ]
    return Playlist(segments, Part(relative(files.init_url, url)) if files.init_url else None)
