"""HLS sources: what is fetched has the pictures and the sound of what was packaged; what is not taken has a code."""

import asyncio
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from contracts import codes
from contracts.units import FetchWork
from services.intake.fetch_handlers import Fetcher
from shared.errors import MediaError, TransientError, WorkError
from shared.media import probe
from tests.integration.intake.conftest import FLOW, House
from tests.media.attempt import existing
from tests.media.canary import canary as made_canary
from tests.web.server import File, WebServer, status

PLAYLIST = "application/vnd.apple.mpegurl"


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True)


def hashes(path: Path, stream: str, *codec: str) -> list[tuple[str, str]]:
    """Time in milliseconds, from the first, and hash of each packet, decoded unless `codec` says copy."""
    argv = ["ffmpeg", "-v", "error", "-i", f"file:{path}", "-map", f"0:{stream}", *codec]
    argv += ["-f", "framehash", "-hash", "md5", "-"]
    lines = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.splitlines()
    rows = [[cell.strip() for cell in line.split(",")] for line in lines if not line.startswith("#")]
    scale = next(line.split()[-1] for line in lines if line.startswith("#tb 0"))
    numerator, denominator = map(int, scale.split("/"))
    first = int(rows[0][2])
    return [(f"{(int(row[2]) - first) * numerator / denominator:.2f}", row[5]) for row in rows]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3 s with B pictures, a key picture each second, and sound that starts 0.3 s late."""
    made = tmp_path_factory.mktemp("hls") / "film.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=3"]
    sound = ["-itsoffset", "0.3", "-f", "lavfi", "-i", "sine=440:d=2.5"]
    codec = ["-c:v", "libx264", "-g", "25", "-sc_threshold", "0", "-bf", "2", "-c:a", "aac"]
    ffmpeg(*picture, *sound, "-map", "0", "-map", "1", *codec, made)
    return made


KINDS: dict[str, Sequence[str]] = {
    "ts": (),
    "fmp4": ("-hls_segment_type", "fmp4"),
    "byte ranges": ("-hls_flags", "single_file"),
    "byte ranges of fmp4": ("-hls_flags", "single_file", "-hls_segment_type", "fmp4"),
    "encrypted": ("-hls_enc", "1", "-hls_enc_key", "0123456789abcdef", "-hls_enc_key_url", "k.key"),
}


def packaged(source: Path, directory: Path, *options: str, name: str = "index") -> None:
    directory.mkdir(exist_ok=True)
    whole = ["-f", "hls", "-hls_time", "1", "-hls_playlist_type", "vod"]
    ffmpeg("-i", source, "-c", "copy", *whole, *options, directory / f"{name}.m3u8")


def serve(web: WebServer, directory: Path) -> None:
    for path in directory.iterdir():
        kind = PLAYLIST if path.suffix == ".m3u8" else "video/mp2t"
        web.pages[f"/{path.name}"] = File(path.read_bytes(), type=kind)


async def same(house: House, source: Path, path: str = "/index.m3u8") -> None:
    """What is fetched has the source's pictures and sound, and its sound as late."""
    made = await Fetcher(house.settings())(FetchWork(url=house.web.url(path), flow_id=FLOW), house.attempt())
    kept = existing(made.files[0].url)
    assert await asyncio.to_thread(hashes, kept, "v") == await asyncio.to_thread(hashes, source, "v")
    sound = await asyncio.to_thread(hashes, kept, "a", "-c", "copy")
    assert [one for _, one in sound] == [one for _, one in await asyncio.to_thread(hashes, source, "a", "-c", "copy")]
    (was, _), (now, index) = await probe(source), await probe(kept)
    assert index is not None
    assert was.video and was.audio and now.video and now.audio
    assert now.audio.start_s is not None and now.video.start_s is not None
    assert was.audio.start_s is not None and was.video.start_s is not None
    late_s = now.audio.start_s - now.video.start_s - (was.audio.start_s - was.video.start_s)
    assert abs(late_s) < 0.002
    assert house.left == [kept]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_stream_becomes_one_file(
    kind: str, source: Path, house: House, web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # ffmpeg writes the key where it stands
    packaged(source, tmp_path / "p", *KINDS[kind])
    (tmp_path / "p" / "k.key").write_bytes(b"0123456789abcdef")
    serve(web, tmp_path / "p")
    await same(house, source)
    assert house.last.percents == sorted(house.last.percents)
    assert len(web.of("/index.m3u8")) == 1


@pytest.mark.parametrize("segments", ["mpegts", "fmp4"])
async def test_the_best_variant_with_its_sound(
    segments: str, source: Path, house: House, web: WebServer, tmp_path: Path
) -> None:
    apart = ("-map", "0:v", "-map", "0:a", "-var_stream_map", "v:0,agroup:a,name:best a:0,agroup:a,name:sound")
    packaged(source, tmp_path / "p", *apart, "-hls_segment_type", segments, name="%v")
    serve(web, tmp_path / "p")
    sound = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="{}",DEFAULT={},URI="{}.m3u8"\n'
    lines = [
        sound.format("other", "NO", "other") + sound.format("main", "YES", "sound"),
        '#EXT-X-STREAM-INF:BANDWIDTH=100,AUDIO="a"\nworse.m3u8\n',
        '#EXT-X-STREAM-INF:BANDWIDTH=300,AUDIO="a"\nbest.m3u8?x=1\n',
        '#EXT-X-STREAM-INF:BANDWIDTH=200,AUDIO="a"\nworse.m3u8\n',
    ]
    web.pages["/film"] = File(("#EXTM3U\n" + "".join(lines)).encode(), type="Application/X-mpegURL")
    await same(house, source, "/film")


async def test_bare_sound_keeps_its_time(source: Path, house: House, web: WebServer, tmp_path: Path) -> None:
    """Its clock is in a tag before each segment, which begins where the sound of a common package would."""
    directory = tmp_path / "p"
    packaged(source, directory)
    serve(web, directory)
    (muxed, _) = await probe(directory / "index0.ts")
    assert muxed.audio and muxed.audio.start_s is not None
    await asyncio.to_thread(ffmpeg, "-i", source, "-map", "0:a", "-c", "copy", "-f", "adts", directory / "sound.aac")
    frame = b"PRIV\0\0\0\x35\0\0com.apple.streaming.transportStreamTimestamp\0"
    stamp = round(muxed.audio.start_s * 90_000).to_bytes(8, "big")
    tag = b"ID3\x04\0\0" + (len(frame) + 8).to_bytes(4, "big") + frame + stamp
    web.pages["/0.aac"] = File(tag + (directory / "sound.aac").read_bytes(), type="audio/aac")
    web.pages["/sound.m3u8"] = File(f"#EXTM3U\n#EXTINF:3,\n0.aac\n{END}".encode(), type=PLAYLIST)
    lines = '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="sound.m3u8"\n'
    lines += '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"\nindex.m3u8\n'
    web.pages["/film.m3u8"] = File(lines.encode(), type=PLAYLIST)
    await same(house, source, "/film.m3u8")
    web.pages["/0.aac"] = File((directory / "sound.aac").read_bytes(), type="audio/aac")
    with pytest.raises(MediaError) as error:
        await house.fetch("/film.m3u8")
    assert error.value.code == codes.SOURCE_UNSUPPORTED


async def test_a_stream_that_breaks_off_is_gone_on_with(
    source: Path, house: House, web: WebServer, tmp_path: Path
) -> None:
    packaged(source, tmp_path / "p")
    serve(web, tmp_path / "p")
    good = web.pages["/index2.ts"]
    web.pages["/index2.ts"] = status(503)
    with pytest.raises(TransientError):
        await house.fetch("/index.m3u8")
    web.pages["/index2.ts"] = good
    await same(house, source)
    assert [len(web.of(f"/index{number}.ts")) for number in range(3)] == [1, 1, 4]


MEDIA = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n{}#EXTINF:1,\nindex0.ts\n{}#EXTINF:1,\nindex1.ts\n{}"
END = "#EXT-X-ENDLIST\n"
REFUSED = {
    "live": (MEDIA.format("", "", ""), codes.SOURCE_UNSUPPORTED),
    "breaks": (MEDIA.format("", "#EXT-X-DISCONTINUITY\n", END), codes.SOURCE_UNSUPPORTED),
    "gaps": (MEDIA.format("", "#EXT-X-GAP\n", END), codes.SOURCE_UNSUPPORTED),
    "DRM": (MEDIA.format('#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x"\n', "", END), codes.SOURCE_UNSUPPORTED),
    "a key that is none": (
        MEDIA.format('#EXT-X-KEY:METHOD=AES-128,URI="index0.ts"\n', "", END),
        codes.SOURCE_MALFORMED,
    ),
    "too many": (MEDIA.format("", "", "#EXTINF:1,\nindex1.ts\n" * 50 + END), codes.SOURCE_TOO_LARGE),
    "nothing": ("#EXTM3U\n" + END, codes.SOURCE_MALFORMED),
    "nonsense": (MEDIA.format("#EXT-X-MEDIA-SEQUENCE:x\n", "#EXT-X-BYTERANGE:-5@x\n", END), codes.SOURCE_MALFORMED),
    "no playlist": ("Once upon a time", codes.SOURCE_MALFORMED),
    "itself": ("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nindex.m3u8\n", codes.SOURCE_UNSUPPORTED),
    "not there": ("#EXTM3U\n#EXTINF:1,\nnowhere.ts\n" + END, codes.SOURCE_NOT_ACCESSIBLE),
    "no media": ("#EXTM3U\n#EXTINF:1,\nindex.m3u8\n" + END, codes.SOURCE_MALFORMED),
}


async def refused(house: House, path: str = "/index.m3u8") -> WorkError:
    with pytest.raises(MediaError) as error:
        await house.fetch(path, fetch_segments=40)
    assert house.left == []
    return error.value


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_not_taken(name: str, source: Path, house: House, web: WebServer, tmp_path: Path) -> None:
    packaged(source, tmp_path / "p")
    serve(web, tmp_path / "p")
    text, code = REFUSED[name]
    web.pages["/index.m3u8"] = File(text.encode(), type=PLAYLIST)
    error = await refused(house)
    assert (error.code, bool(error.message)) == (code, True)


@pytest.mark.parametrize(
    "lead", ["file://{path}", "{path}", "http://10.0.0.1/a.ts", "concat:{path}", "data:,x", "crypto+file:{path}"]
)
@pytest.mark.parametrize("way", ["segment", "variant", "init", "key"])
async def test_a_playlist_leads_nowhere_near_us(
    way: str, lead: str, house: House, web: WebServer, tmp_path: Path
) -> None:
    """Nor by what a segment holds: one is a script itself. A path is one of the web server's."""
    with made_canary(tmp_path / "canary.ts", b"canary") as bird:
        place = lead.format(path=bird.path)
        script = f"#EXTM3U\n#EXTINF:1,\nfile://{bird.path}\n#EXTINF:1,\nhttp://127.0.0.1:{bird.port}/\n{END}"
        web.pages["/index0.ts"] = File(script.encode(), type="video/mp2t")
        texts = {
            "segment": MEDIA.format(f"#EXTINF:1,\n{place}\n", "", END),
            "variant": f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{place}\n",
            "init": MEDIA.format(f'#EXT-X-MAP:URI="{place}"\n', "", END),
            "key": MEDIA.format(f'#EXT-X-KEY:METHOD=AES-128,URI="{place}"\n', "", END),
        }
        web.pages["/index.m3u8"] = File(texts[way].encode(), type=PLAYLIST)
        error = await refused(house)
        assert error.code == (codes.SOURCE_NOT_ACCESSIBLE if lead == "{path}" else codes.SOURCE_REFUSED)
        assert not bird.touched
