"""What a server's answer means."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake.leftovers import KEPT_S, abandoned
from services.intake.pace import Allowance, Pace
from services.intake.web_answers import NotTheSame, Offer, check_same, is_playlist, offer, validator
from shared.errors import MediaError, TransientError

DATE = "Sat, 21 Nov 2026 10:00:00 GMT"
LATER = "Sat, 21 Nov 2026 10:00:01 GMT"
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_a_whole_file() -> None:
    assert offer(200, {"Content-Length": "7", "ETag": '"a"'}, 0) == Offer(0, 7, '"a"')
    assert offer(200, {"Content-Length": "seven"}, 5) == Offer(0, None, None)


def test_a_rest() -> None:
    assert offer(206, {"Content-Range": "bytes 5-6/7", "Content-Length": "2"}, 5) == Offer(5, 7, None)
    assert offer(206, {"Content-Range": "bytes 5-6/*"}, 5) == Offer(5, None, None)


@pytest.mark.parametrize("told", ["bytes 4-6/7", "bytes */7", "5-6/7", ""])
def test_another_rest_than_the_one_asked_for(told: str) -> None:
    with pytest.raises(NotTheSame):
        offer(206, {"Content-Range": told}, 5)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Range": "bytes 5-6/9"},
        {"Content-Range": "bytes 5-6/7", "Content-Length": "3"},
        {"Content-Range": "bytes 5-4/7"},
    ],
)
def test_a_rest_that_is_not_all_of_it(headers: dict[str, str]) -> None:
    with pytest.raises(TransientError):
        offer(206, headers, 5)


def test_nothing_behind_the_end() -> None:
    with pytest.raises(NotTheSame):
        offer(416, {"Content-Range": "bytes */7"}, 9)


@pytest.mark.parametrize(
    ("headers", "proof"),
    [
        ({"ETag": '"a"'}, '"a"'),
        ({"ETag": 'W/"a"'}, None),
        ({"ETag": "a"}, None),
        ({"Last-Modified": DATE, "Date": LATER}, DATE),
        ({"Last-Modified": DATE, "Date": DATE}, None),
        ({"Last-Modified": DATE}, None),
        ({"Last-Modified": "yesterday", "Date": LATER}, None),
        ({"ETag": 'W/"a"', "Last-Modified": DATE, "Date": LATER}, DATE),
    ],
)
def test_what_proves_that_a_file_is_the_same(headers: dict[str, str], proof: str | None) -> None:
    assert validator(headers) == proof


@pytest.mark.parametrize("rest", [Offer(5, 8, '"a"'), Offer(5, 7, '"b"')])
def test_a_rest_of_another_file(rest: Offer) -> None:
    check_same(Offer(5, 7, None), Offer(5, 7, '"a"'))
    with pytest.raises(NotTheSame):
        check_same(rest, Offer(5, 7, '"a"'))


def test_only_what_is_called_a_playlist_is_one() -> None:
    assert is_playlist("/a/index.M3U8", {})
    assert is_playlist("/a", {"Content-Type": "application/vnd.apple.mpegurl; charset=utf-8"})
    assert not is_playlist("/a.mp4", {"Content-Type": "video/mp4"})


def test_the_pace_is_taken_over_windows() -> None:
    pace = Pace(100, 10.0, 0.0)
    pace.heard(1000, 9.0)
    pace.heard(500, 10.0)
    with pytest.raises(TransientError):
        pace.heard(999, 20.0)


def test_files_share_an_allowance() -> None:
    allowance = Allowance(100)
    allowance.check(100)
    allowance.keep(60)
    allowance.check(40)
    with pytest.raises(MediaError):
        allowance.check(41)


def ended(error: str | None = None, ago_s: float = 0.0, **more: Any) -> dict[str, Any]:
    result = {"error": {"kind": error} if error else None}
    return {"open": False, "ended_at": NOW - timedelta(seconds=ago_s), "result": result, **more}


@pytest.mark.parametrize(
    ("units", "since_s", "gone"),
    [
        ([{"open": True}], 10**6, False),
        ([ended("transient"), {"open": True}], 0, False),
        ([ended("transient", KEPT_S - 1)], 10**6, False),
        ([ended("transient", KEPT_S + 1)], 0, True),
        ([ended("permanent")], 0, True),
        ([ended()], 0, True),
        ([ended("transient"), ended(result=None)], 0, True),
        ([], KEPT_S - 1, False),
        ([], KEPT_S + 1, True),
    ],
)
def test_when_a_copy_is_abandoned(units: list[dict[str, Any]], since_s: float, gone: bool) -> None:
    assert abandoned(units, NOW - timedelta(seconds=since_s), NOW) == gone
