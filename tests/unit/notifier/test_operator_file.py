"""The operator's file of subscriptions: read as a whole, or not at all, with every fault told."""

from pathlib import Path

import pytest

from services.notifier.operator_file import BadFile, declared
from shared.web_rules import WebRules

WEB = WebRules(settings="VODFLOW_CALLBACK")


def written(folder: Path, text: str) -> Path:
    path = folder / "subscriptions.toml"
    path.write_text(text)
    return path


def test_subscriptions_are_read_with_their_tenants(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """
        [[subscription]]
        name = "billing"
        types = ["flow.finished.v1"]
        tags = { tenant = ["*"], outcome = ["success"] }

        [[subscription]]
        tenant = "news"
        name = "billing"
        retention_s = 600
        [subscription.endpoint]
        kind = "http"
        url = "https://example.com/hook"
        """,
    )

    first, second = declared(file, WEB)

    assert (first.tenant, first.asked.name, first.asked.tags.tenant) == ("default", "billing", ["*"])
    assert (second.tenant, second.asked.retention_s, second.asked.endpoint.kind) == ("news", 600, "http")


def test_an_empty_file_declares_nothing(tmp_path: Path) -> None:
    assert declared(written(tmp_path, ""), WEB) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[subscription]\n", ["is no TOML"]),
        ("subscription = 3", ["write each as a table [[subscription]]"]),
        ("[[subscriptions]]\nname = 'a'", ["subscriptions: no such table; there is [[subscription]]"]),
        ("[[subscription]]\nmode = 'finish'", ["subscription 1 (without a name): name:"]),
        ("[[subscription]]\nname = 'a'\nmdoe = 'finish'", ["subscription 1 (a): mdoe:"]),
        ("[[subscription]]\nname = 'a'\ntenant = '-'", ["subscription 1 (a): tenant:"]),
        ("[[subscription]]\nname = 'a'\ntenant = 3", ["subscription 1 (a): tenant:"]),
        (
            "[[subscription]]\nname = 'a'\npoll_s = 31\nvisibility_s = 0",
            ["subscription 1 (a): visibility_s:", "subscription 1 (a): poll_s:"],
        ),
        (
            "[[subscription]]\nname = 'a'\n[[subscription]]\nname = 'b'\ntypes = ['flow.danced.v1']",
            ["subscription 2 (b): types.0:"],
        ),
        ("[[subscription]]\nname = 'a'\npatterns = ['nothing.#']", ["subscription 1 (a): patterns.0:"]),
        ("[[subscription]]\nname = 'a'\n[[subscription]]\nname = 'a'", ["subscription 2 (a): name:"]),
        (
            "[[subscription]]\nname = 'a'\nendpoint = { kind = 'http', url = 'http://10.0.0.1/' }",
            ["subscription 1 (a): endpoint.url:"],
        ),
        ("[[subscription]]\nname = 'a'\nretention_s = 60\nrewind_s = 61", ["subscription 1 (a): rewind_s"]),
    ],
)
def test_every_fault_is_told_with_its_place(tmp_path: Path, text: str, told: list[str]) -> None:
    file = written(tmp_path, text)

    with pytest.raises(BadFile) as bad:
        declared(file, WEB)

    assert len(bad.value.lines) == len(told)
    for line, part in zip(bad.value.lines, told, strict=True):
        assert line.startswith(f"{file}: ")
        assert part in line


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"nowhere\.toml: can't be read: No such file"):
        declared(tmp_path / "nowhere.toml", WEB)
