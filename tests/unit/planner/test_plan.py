"""Plans: which units, in which order, waiting for what."""

from fractions import Fraction
from pathlib import Path

from contracts.codes import INVALID_TIME_OFFSET, SOURCE_NO_VIDEO
from contracts.flows import FlowAccepted
from contracts.parameters import TranscodeParameters
from contracts.subtasks import Subtask, Transcode
from contracts.units import MergeWork, PicturesWork, TranscodeWork, VideoEncode
from services.planner.plan import plan
from services.planner.planned import Fleet, PlannedUnit
from shared.index import PacketIndex
from tests.media.asked import rendition, samples, sprite
from tests.media.flows import accepted
from tests.media.made_up import index, media

FLEET = Fleet(transcode_slots=2)
SOURCE, STORAGE = Path("/media/in/film.mp4"), Path("/media/out")


def _asked(*subtasks: Subtask) -> FlowAccepted:
    return accepted(SOURCE, STORAGE, subtasks)


def _work(unit: PlannedUnit) -> TranscodeWork:
    assert isinstance(unit.work, TranscodeWork)
    return unit.work


def test_a_short_source_is_one_unit_straight_to_its_files() -> None:
    made = plan(_asked(rendition(1, 25), rendition(2)), media(4), index(4), FLEET)
    assert [unit.unit_id for unit in made.units] == ["video-0"]
    work = _work(made.units[0])
    assert [output.url for output in work.outputs] == [
        "file:///media/out/film_transcode_101.mp4",
        "file:///media/out/film_transcode_102.mp4",
    ]
    first = work.outputs[0].video
    assert first is not None and work.audio is not None and work.video is not None
    assert (first.start, first.end, first.shift, first.frames_min, first.frames_max) == (0, None, 0, 99, 102)
    assert (first.threads, first.inexact, work.audio.start_s) == (0, "note", 0.0)


def test_in_one_piece_too_scenes_begin_with_key_pictures_and_have_none_just_before() -> None:
    told = [40 * key for key in (0, 500, 530, 802, 900)]
    scenes = PacketIndex(Fraction(1, 1000), [40 * n for n in range(1000)], told, 40_000)
    expected = {"vp9": ((21_180, 32_060, 35_980), 136), "h265": ((21_180, 32_060, 35_980), 0), "h264": ((), 0)}
    for codec, told_and_gop in expected.items():
        container = "webm" if codec == "vp9" else "mp4"
        asked = {"container": container, "remove_audio": True, "video": {"codec": codec}}
        parameters = TranscodeParameters.model_validate(asked)
        units = plan(_asked(Transcode(subtask_id="a", definition=1, parameters=parameters)), media(40), scenes, FLEET)
        outputs = [
            output for unit in units.units if isinstance(unit.work, TranscodeWork) for output in unit.work.outputs
        ]
        (video,) = [output.video for output in outputs if output.video and not output.video.threads]
        assert (video.scenes_ms, video.gop) == told_and_gop


def test_a_long_source_is_cut() -> None:
    wanted = [rendition(1, 25, width=1280), rendition(2, width=640)]
    made = plan(_asked(*wanted), media(60), index(60), FLEET)
    assert [unit.unit_id for unit in made.units] == [
        "video-0-chunk-0",
        "video-0-sound",
        "video-0-chunk-1",
        "video-0-chunk-3",
        "video-0-chunk-2",
        "video-0-join-transcode-1",
        "video-0-join-transcode-2",
        "video-0-whole",
    ]
    chunk, join, back = made.units[2], made.units[5], made.units[7]
    ticked, kept = (output.video for output in _work(chunk).outputs)
    assert ticked is not None and kept is not None
    assert (ticked.start, ticked.end, ticked.shift, ticked.frames_min, ticked.frames_max) == (350, 750, 350, 400, 400)
    assert (kept.start, kept.end, kept.shift, kept.frames_min) == (13_980, 29_980, 14_000, 400)
    assert (ticked.lead_in, ticked.lead_in_start, kept.lead_in, kept.lead_in_start) == (12, 338, 12, 13_500)
    video = _work(chunk).video
    assert video is not None and (video.first_pts, video.seek_s) == (0, 12.25)
    assert isinstance(join.work, MergeWork) and join.work.sound is not None
    assert [ref.duration_s for ref in join.work.chunks] == [Fraction(14), Fraction(16), Fraction(14), Fraction(16)]
    assert join.depends_on == [f"video-0-chunk-{n}" for n in range(4)] + ["video-0-sound"]
    assert back.fallback and {unit.group for unit in made.units} == {"video-0"}
    assert all(output.url is None for unit in made.units[:5] for output in _work(unit).outputs)


def chunks(seconds: float, **video: object) -> list[VideoEncode]:
    """The only rendition's chunks of a source that is hard to encode, in the order of time."""
    asked = {"container": "webm", "remove_audio": True, "video": {"width": 1280, "fps": 25, **video}}
    parameters = TranscodeParameters.model_validate(asked)
    wanted = Transcode(subtask_id="a", definition=1, parameters=parameters)
    made = plan(_asked(wanted), media(seconds), index(seconds), FLEET)
    parts = [unit for unit in made.units if "-chunk-" in unit.unit_id]
    pictures = [one for unit in parts if (one := _work(unit).outputs[0].video)]
    return sorted(pictures, key=lambda one: one.start or 0)


def test_chunks_of_av1_begin_at_its_own_key_pictures() -> None:
    made = chunks(60, codec="av1")
    assert [video.start for video in made] == [0, 322, 644, 966, 1288]
    assert {video.gop for video in made} == {161}
    assert [video.start for video in chunks(60, codec="av1", gop=100)] == [0, 300, 600, 900, 1200]


def test_chunks_of_vp9_at_a_bit_rate_are_few() -> None:
    assert len(chunks(90, codec="vp9", bitrate_kbps=1000)) == 4
    assert len(chunks(90, codec="vp9", vcrf=32)) > 4
    assert chunks(39, codec="vp9", bitrate_kbps=1000) == []


def test_a_window_has_its_own_units_and_grid() -> None:
    wanted = [rendition(1, 25), rendition(2, 25, window=(10.01, 20))]
    made = plan(_asked(*wanted), media(60, start_s=3), index(60, start_s=3), FLEET)
    whole, part = (_work(unit) for unit in made.units)
    video = part.outputs[0].video
    assert whole.outputs[0].name == "transcode-1" and video is not None and part.video is not None
    assert (part.video.first_pts, part.video.seek_s) == (13_040, 12.5)
    assert (video.start, video.end, video.delay_s) == (0, 249, Fraction(30, 1000))
    assert part.audio is not None and (part.audio.start_s, part.audio.end_s) == (13.01, 23.0)


def test_without_an_index_nothing_is_cut_and_times_are_mended() -> None:
    made = plan(_asked(rendition(1, 25, width=1280, window=(1, 0)), samples()), media(600), None, FLEET)
    assert [(unit.unit_id, unit.fallback) for unit in made.units] == [
        ("video-0", False),
        ("pictures-sampled_snapshot-1", False),
    ]
    work = _work(made.units[0])
    assert work.times == "mended" and work.outputs[0].video is not None
    assert (work.outputs[0].video.start, work.outputs[0].video.shift) == (25, 25)


def test_renditions_of_an_uncut_source_are_dealt_to_idle_workers() -> None:
    wanted = [rendition(1, 25, width=1280), rendition(2, width=1280)]
    made = plan(_asked(*wanted), media(12), index(12), FLEET)
    assert [(unit.unit_id, unit.subtask_ids) for unit in made.units] == [
        ("video-0-0", ["transcode-1"]),
        ("video-0-1", ["transcode-2"]),
    ]


def test_impossible_subtasks_fail_alone() -> None:
    made = plan(_asked(rendition(1), rendition(2, window=(99, 0))), media(4), index(4), FLEET)
    assert {name: error.code for name, error in made.failed.items()} == {"transcode-2": INVALID_TIME_OFFSET}
    assert len(made.units) == 1


def test_sound_alone() -> None:
    heard = media(4).model_copy(update={"video": None, "frames": None})
    no_picture = rendition(2).model_copy(update={"parameters": TranscodeParameters(remove_video=True)})
    made = plan(_asked(rendition(1), no_picture, samples()), heard, None, FLEET)
    assert {name: error.code for name, error in made.failed.items()} == dict.fromkeys(
        ["transcode-1", "sampled_snapshot-1"], SOURCE_NO_VIDEO
    )
    assert [output.name for output in _work(made.units[0]).outputs] == ["transcode-2"]


def test_pictures() -> None:
    made = plan(_asked(samples(), sprite(0.5)), media(4), index(4), FLEET)
    taken, tiled = (unit.work for unit in made.units if not unit.fallback)
    assert isinstance(taken, PicturesWork) and isinstance(tiled, PicturesWork) and tiled.sheets is not None
    assert [round(shot.time_s, 6) for shot in taken.shots] == [round(n * 0.4, 6) for n in range(10)]
    assert (taken.shots[1].start, taken.shots[1].end) == (380, 420)
    assert taken.shots[9].url == "file:///media/out/film_sampleSnapshot_10_9.jpg"
    assert len(tiled.shots) == 8 and len(tiled.sheets.urls) == 2
    assert [unit.unit_id for unit in made.units if unit.fallback] == [
        "pictures-sampled_snapshot-1-by-clock",
        "pictures-image_sprite-1-by-clock",
    ]


def test_the_same_input_gives_the_same_plan() -> None:
    wanted = _asked(rendition(1, 25, width=1280), samples(), sprite())
    assert plan(wanted, media(60), index(60), FLEET) == plan(wanted, media(60), index(60), FLEET)
