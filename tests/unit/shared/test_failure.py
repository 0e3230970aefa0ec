"""What ffmpeg's last words amount to."""

import pytest

from contracts.codes import SOURCE_MALFORMED, SOURCE_UNSUPPORTED
from shared.errors import MediaError, TransientError
from shared.failure import explained


@pytest.mark.parametrize(
    ("code", "line", "kind", "told"),
    [
        (1, "file:/a/b c/x.mp4: Invalid data found when processing input", MediaError, SOURCE_MALFORMED),
        (1, "[mov @ 0x55] moov atom not found", MediaError, SOURCE_MALFORMED),
        (1, "[hls @ 0x5a] Format not on whitelist 'mov,flv'", MediaError, SOURCE_UNSUPPORTED),
        (1, "av_interleaved_write_frame(): No space left on device", TransientError, "InternalError"),
        (1, "Unrecognized option 'nonsense'.", TransientError, "InternalError"),
        (-9, "Invalid data found", TransientError, "InternalError"),
    ],
)
def test_kinds(code: int, line: str, kind: type[Exception], told: str) -> None:
    error = explained(code, ["noise", line, "last"])
    assert type(error) is kind
    assert error.code == told
    assert "0x5" not in error.message and "mov,flv" not in error.message
