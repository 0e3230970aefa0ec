"""Which web URLs are taken at first sight."""

import pytest

from shared.addresses import networks
from shared.errors import RequestError
from shared.naming import input_dir, input_format, input_name
from shared.web_rules import WebRules, is_web, shown


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://example.org/a.mp4", "https://example.org/a.mp4"),
        ("HTTP://example.org:8080", "http://example.org:8080"),
        ("https://example.org/%7Ea%2Fb?sig=a%2Bb%3D&x=1#t=3", "https://example.org/%7Ea%2Fb?sig=a%2Bb%3D&x=1"),
        ("https://exämple.org/ü", "https://xn--exmple-cua.org/%C3%BC"),
        ("http://8.8.8.8/a", "http://8.8.8.8/a"),
        ("http://[2606:4700:4700::1111]:81/a", "http://[2606:4700:4700::1111]:81/a"),
    ],
)
def test_taken_to_the_letter(url: str, asked: str) -> None:
    assert is_web(url)
    assert str(WebRules().checked(url)) == asked


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://example.org/a b", "InvalidParameterValue"),
        ("https://example.org/a\r\nHost: b", "InvalidParameterValue"),
        ("https://me:secret@example.org/", "InvalidParameterValue"),
        ("https://me@example.org/", "InvalidParameterValue"),
        ("https://", "InvalidParameterValue"),
        ("https:///a", "InvalidParameterValue"),
        ("https:example.org", "InvalidParameterValue"),
        ("https://exam_ple..org/", "InvalidParameterValue"),
        ("https://a%41.org/", "InvalidParameterValue"),
        ("https://example.org:0/", "InvalidParameterValue"),
        ("https://example.org:65536/", "InvalidParameterValue"),
        ("https://example.org:x/", "InvalidParameterValue"),
        ("https://[::1/", "InvalidParameterValue"),
        ("https://good.example\\@127.0.0.1/", "InvalidParameterValue"),
        ("https://127.1/", "InvalidParameterValue"),
        ("https://0x7f000001/", "InvalidParameterValue"),
        ("https://127.0.0.1/", "UnauthorizedOperation"),
        ("https://[::1]/", "UnauthorizedOperation"),
        ("https://[::ffff:169.254.169.254]/", "UnauthorizedOperation"),
        ("ftp://example.org/", "UnsupportedProtocol"),
    ],
)
def test_refused(url: str, code: str) -> None:
    with pytest.raises(RequestError) as refused:
        WebRules().checked(url)
    assert refused.value.code == code
    assert "secret" not in refused.value.message


def test_what_an_operator_lists() -> None:
    rules = WebRules(schemes=["https"], networks=networks("127.0.0.0/8"))
    assert rules.checked("https://127.0.0.1/a").host == "127.0.0.1"
    with pytest.raises(RequestError):
        rules.checked("http://127.0.0.1/a")


def test_secrets_are_not_shown() -> None:
    assert shown("https://me:secret@example.org/a?key=secret#secret") == "https://example.org/a"
    assert shown("https://[") == "the URL"


@pytest.mark.parametrize(
    ("url", "name", "format", "directory"),
    [
        ("https://h/a/b%20c/my%20film.final.mp4?x=/y.z#/q.r", "my film.final", "mp4", "a/b c"),
        ("https://h", "input", "none", ""),
        ("https://h/", "input", "none", ""),
        ("http://h/a/?v=film.mp4", "a", "none", "a"),
        ("http://h/../%2e%2e/..%2f..%2fx%00.mp4", ".._.._x_", "mp4", "__/__"),
        ("http://h/a%2Fb/c", "c", "none", "a_b"),
    ],
)
def test_names_come_from_the_path(url: str, name: str, format: str, directory: str) -> None:
    assert (input_name(url), input_format(url), input_dir(url)) == (name, format, directory)
