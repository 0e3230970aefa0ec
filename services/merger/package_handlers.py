"""A set of streams: every track joined and cut, then the manifests that lead to them."""

import asyncio
from dataclasses import replace
from pathlib import Path

from contracts.units import MadeFile, Manifest, PackageWork, StreamTrack
from shared.attempt import Attempt, Made
from shared.counting import listed
from shared.errors import InexactError
from shared.ffmpeg_run import encode
from shared.process import STALL_S
from shared.written import Written

from .addresses import relative
from .checks import check_pictures
from .codec_names import codec_name
from .hls_handlers import FORMATS
from .index_box import index_box, indexed
from .master import master_playlist
from .mpd import mpd
from .pieces_fetch import joinable
from .playlists import Part, Playlist, Segment, media_playlist, read
from .results import streaming_output
from .segmenting import LIST, ONE_FILE, Cutting, cut_command
from .tail import with_its_tail
from .tracks import CutTrack, aligned


async def package(work: PackageWork, attempt: Attempt, *, stall_s: float = STALL_S) -> Made:
    """Cut every track, check that they have their pictures and can be switched between; stage media, then manifests.

    Raises:
        InexactError: a track has not as many pictures as its chunks together, or is cut at other times than another.
        TransientError: a piece's place is unknown, or ffmpeg was killed, hung, or ran out of space.
    """
    tracks = []
    for number, track in enumerate(work.tracks):
        tracks.append(await _cut(work, track, attempt, attempt.directory / f"track-{number}", stall_s))
        attempt.progress(90 * (number + 1) / len(work.tracks))
    if not aligned(tracks):
        raise InexactError("the streams did not come out with segments of the same lengths")
    sizes_bytes = [
        await _staged(track, attempt, attempt.directory / f"track-{number}") for number, track in enumerate(tracks)
    ]
    made = []
    for manifest in work.manifests:
        texts_bytes = await _told(work, manifest, tracks, attempt)
        output = streaming_output(work, manifest, tracks, sizes_bytes, texts_bytes)
        subtask_id = manifest.subtask_id
        size_bytes = output.size_bytes
        made.append(
            MadeFile(name=subtask_id, url=manifest.url, size_bytes=size_bytes, subtask_id=subtask_id, output=output)
        )
    return Made(files=made)


async def _cut(work: PackageWork, track: StreamTrack, attempt: Attempt, directory: Path, stall_s: float) -> CutTrack:
    """Join and cut a track in a directory of its own."""
    await asyncio.to_thread(directory.mkdir)
    source = await joinable(track.pieces, track.delay_s, attempt, directory)
    one_file = track.files.url is not None
    cutting = Cutting("fmp4", work.segment_s, one_file=one_file, alone=True)
    pictured = track.type == "video"
    argv = cut_command([source["v" if pictured else "a"]], cutting, directory, picture=pictured)
    await encode(argv, attempt, None, stall_s=stall_s)
    made = await (listed(directory / ONE_FILE, stall_s=stall_s) if one_file else listed(directory / LIST, FORMATS))
    if pictured:
        check_pictures(track.pieces, made.first("vide"))
    return await asyncio.to_thread(_measured, track, made, directory)


def _measured(track: StreamTrack, made: Written, directory: Path) -> CutTrack:
    """The facts of a track. Blocking."""
    playlist = read((directory / LIST).read_text())
    if track.type == "audio":
        playlist, appended = with_its_tail(playlist)
        if appended is not None:
            with (directory / appended.to_uri).open("ab") as file:
                file.write((directory / appended.uri).read_bytes())
    assert playlist.init is not None
    begins = playlist.init
    if track.files.url is None:
        begins = _sized(begins, directory)
        playlist = Playlist([Segment(_sized(one.part, directory), one.duration_s) for one in playlist.segments], begins)
    with (directory / begins.uri).open("rb") as file:
        init = file.read(begins.size_bytes)
    found = made.tracks[0]
    return CutTrack(
        type=track.type,
        files=track.files,
        playlist=playlist,
        codec=codec_name(init),
        plain_codec=found.codec,
        start_s=found.start_s,
        width=found.width,
        height=found.height,
        frames=found.samples,
        frame_rate=track.frame_rate,
        sample_rate_hz=found.sample_rate_hz,
        channels=found.channels,
    )


def _sized(part: Part, directory: Path) -> Part:
    return Part(part.uri, None, (directory / Path(part.uri).name).stat().st_size)


async def _staged(track: CutTrack, attempt: Attempt, directory: Path) -> int:
    """Puts a track's media beside their places; their size."""
    files, playlist = track.files, track.playlist
    if files.url is not None:
        path = directory / "indexed.mp4"
        await asyncio.to_thread(_with_index, track, directory / ONE_FILE, path)
        size_bytes = (await asyncio.to_thread(path.stat)).st_size
        await attempt.stage(path, files.url)
        return size_bytes
    assert files.segments is not None and files.init_url is not None and playlist.init is not None
    await attempt.stage(directory / playlist.init.uri, files.init_url)
    for number, segment in enumerate(playlist.segments):
        await attempt.stage(directory / Path(segment.part.uri).name, files.segments.url(number))
    return sum(track.sizes_bytes) + (playlist.init.size_bytes or 0)


def _with_index(track: CutTrack, source: Path, target: Path) -> None:
    """The file with its index behind the initialisation. Blocking."""
    init = track.playlist.init
    with source.open("rb") as whole, target.open("wb") as file:
        file.write(whole.read((init.size_bytes or 0) if init else 0))
        file.write(index_box(track))
        while piece := whole.read(1 << 20):
            file.write(piece)


async def _told(work: PackageWork, manifest: Manifest, tracks: list[CutTrack], attempt: Attempt) -> int:
    """Writes a manifest with its playlists and stages them, the manifest last; their size together."""
    texts: list[tuple[str, str]] = []
    if manifest.format == "mpeg-dash":
        texts.append((manifest.url, mpd(tracks, [relative(one.files.url or "", manifest.url) for one in tracks])))
    else:
        for track, url in zip(tracks, manifest.playlist_urls, strict=True):
            texts.append((url, media_playlist(_final(track, url))))
        uris = [relative(url, manifest.url) for url in manifest.playlist_urls]
        texts.append((manifest.url, master_playlist(tracks, work.variants, uris)))
    for number, (url, text) in enumerate(texts):
        path = attempt.directory / f"{manifest.subtask_id}-{number}.txt"
        await asyncio.to_thread(path.write_text, text)
        await attempt.stage(path, url)
    return sum(len(text.encode()) for _, text in texts)


def _final(track: CutTrack, url: str) -> Playlist:
    """A track's playlist at `url`, its media in their places."""
    files = track.files
    if files.url is not None:
        return indexed(track.playlist, relative(files.url, url))
    assert files.segments is not None and files.init_url is not None
    segments = [
        replace(one, part=Part(relative(files.segments.url(number), url)))
        for number, one in enumerate(track.playlist.segments)
    ]
    return Playlist(segments, Part(relative(files.init_url, url)))
