"""Adaptive streaming at submit: presets, DRM, procedures."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.drm import PRESETS
from contracts.flows import FlowAccepted, FlowSubmit
from services.intake.rules import accept
from shared.errors import RequestError


def submitted(**asked: Any) -> FlowAccepted:
    command = FlowSubmit.model_validate({"input": {"url": "file:///media/a.mp4"}, **asked})
    return accept(command, "0" * 32, [Path("/media")], datetime(2026, 11, 21, tzinfo=UTC))


def streaming(**task: Any) -> FlowAccepted:
    return submitted(tasks={"adaptive_dynamic_streaming": [task]})


@pytest.mark.parametrize("definition", PRESETS)
def test_presets_with_drm_are_known_and_refused(definition: int) -> None:
    with pytest.raises(RequestError, match=f"template {definition} .*DRM is not offered") as caught:
        streaming(definition=definition)
    assert caught.value.code == "InvalidParameterValue.DrmType"


def test_drm_is_refused_in_parameters_too() -> None:
    with pytest.raises(RequestError, match="DRM is not offered") as caught:
        streaming(definition=10, override={"drm_type": "Widevine"})
    assert caught.value.code == "InvalidParameterValue.DrmType"
    assert caught.value.field == "tasks.adaptive_dynamic_streaming.0.override.drm_type"


@pytest.mark.parametrize(
    "override",
    [
        {"streams": []},
        {"streams": [{}] * 11},
        {"segment_duration_s": 0.5},
        {"segment_duration_s": 11},
        {"segment_type": "ts-segment"},
        {"format": "smooth"},
        {"format": "mpeg-dash", "segment_type": "mp4-segment"},
        {"streams": [{"audio": {"codec": "mp3"}}]},
        {"streams": [{"video": {"hls_time": 4}}]},
        {"streams": [{"video": {"codec": "copy"}}]},
    ],
)
def test_what_does_not_fit_is_refused(override: dict[str, Any]) -> None:
    with pytest.raises(RequestError) as caught:
        streaming(definition=10, override=override)
    assert caught.value.code == "InvalidParameterValue"


@pytest.mark.parametrize("override", [{"segment_type": "fmp4"}, {"video": {"hls_time": 4}}])
def test_segments_belong_to_hls(override: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match="only container hls has segments"):
        submitted(tasks={"transcode": [{"definition": 100010, "override": override}]})
    submitted(tasks={"transcode": [{"definition": 100210, "override": override}]})


def test_long_video_preset() -> None:
    kinds = [(one.kind, one.definition) for one in submitted(procedure="LongVideoPreset").subtasks]
    assert kinds == [("image_sprite", 10), ("cover_by_snapshot", 10), ("adaptive_dynamic_streaming", 10)]
