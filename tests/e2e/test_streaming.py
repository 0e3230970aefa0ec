"""Adaptive streaming through the running services."""

from tests.e2e import sources
from tests.e2e.desk import Desk, failures, path_of, streaming
from tests.media import truth

STREAMS = [{"video": {"fps": 24, "height": height, "bitrate_kbps": 128}} for height in (128, 180)]
TASK = {"override": {"streams": STREAMS, "segment_duration_s": 2}}


async def test_hls_and_dash_from_one_set_of_files(desk: Desk) -> None:
    tasks = [{"definition": 10, **TASK}, {"definition": 20, **TASK}]
    view = await desk.done(sources.TEST_CARD, {"adaptive_dynamic_streaming": tasks})
    assert view.outcome == "success", failures(view)
    made = [streaming(view, number) for number in (1, 2)]
    for output, package, suffix in zip(made, ("hls", "dash"), (".m3u8", ".mpd"), strict=True):
        assert (output.package, path_of(output.url).suffix) == (package, suffix)
        assert [stream.type for stream in output.sub_streams] == ["video", "video", "audio"]
        counts = {len(truth.frames(path_of(stream.url or ""), "v:0", "null")) for stream in output.sub_streams[:2]}
        assert counts <= {241, 242}
    files = list(path_of(made[0].url).parent.glob("*.mp4"))
    assert len(files) == 3
