"""Handles read what they wrote, and nothing else."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.pull.handles import Handle, message_key, nonce_of

HANDLES = st.builds(
    Handle,
    key=st.binary(min_size=12, max_size=12).map(bytes.hex),
    count=st.integers(1, 2**32 - 1),
    nonce=st.binary(min_size=8, max_size=8).map(bytes.hex),
)
URL_SAFE = set(string.ascii_letters + string.digits + "-_")


@given(HANDLES)
def test_read_back(handle: Handle) -> None:
    assert Handle.read(handle.text) == handle
    assert set(handle.text) <= URL_SAFE
    assert handle.text[0] == "r" and len(handle.text) == 33


@given(st.text(max_size=200) | st.text(string.ascii_letters + string.digits + "-_=", min_size=30, max_size=40))
def test_garbage_is_none_or_a_handle_of_that_very_text(text: str) -> None:
    handle = Handle.read(text)
    assert handle is None or handle.text == text


@given(HANDLES, st.integers(0, 32), st.sampled_from(sorted(URL_SAFE)))
def test_a_changed_letter_makes_another(handle: Handle, place: int, letter: str) -> None:
    changed = handle.text[:place] + letter + handle.text[place + 1 :]
    assert (Handle.read(changed) == handle) == (changed == handle.text)


@pytest.mark.parametrize("text", ["", "r", "r" * 33 + "=", " r" + "A" * 32, "rr" + "A" * 32, "r" + "A" * 31, "\ud800"])
def test_what_is_none(text: str) -> None:
    assert Handle.read(text) is None


def test_names() -> None:
    assert message_key("q", "e", "") != message_key("q", "e", "r") != message_key("qe", "", "r")
    assert message_key("q", "e", "r") == message_key("q", "e", "r")
    assert len(nonce_of("t", "s", "i")) == 16
    assert nonce_of("t", "s", "i") != nonce_of("t", "si", "")
