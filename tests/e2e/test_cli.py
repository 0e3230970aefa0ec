"""The `vodflow` command against the running stack, as a process of its own."""

import asyncio
import json
import os
import sys
import uuid
from pathlib import Path
from typing import Any

from tests.e2e import sources
from tests.e2e.blockers import HUGE
from tests.e2e.desk import ONE_PICTURE, Desk, path_of

ROOT = sources.ROOT


class Cli:
    """The command, as one tenant, told where the stack is by its data directory."""

    def __init__(self, desk: Desk) -> None:
        self._data = str(desk.stack.data)
        self.tenant = f"cli-{uuid.uuid4().hex[:8]}"

    async def __call__(self, *arguments: str, **variables: str) -> tuple[int | None, str, str]:
        """Exit code, standard output and error. A traceback is never shown."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VODFLOW_")}
        own = {"VODFLOW_DATA": self._data, "VODFLOW_TENANT": self.tenant, "NO_COLOR": "1", "COLUMNS": "200"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.local.cli", *arguments),
            env=environment | own | variables,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(120):
            out, err = await process.communicate()
        assert b"Traceback" not in out + err, err.decode()
        return process.returncode, out.decode(), err.decode()

    async def json(self, *arguments: str) -> list[dict[str, Any]]:
        """The objects that a command prints that succeeds."""
        code, out, err = await self(*arguments, "--json")
        assert (code, err) == (0, "")
        return [json.loads(line) for line in out.splitlines()]


async def test_submit_wait_show_list(desk: Desk) -> None:
    cli = Cli(desk)
    film = path_of(desk.put_in(sources.SHORT, "it's a film.mp4"))
    flags = ["--transcode", "100010", "--override", '{"video": {"height": 180}}', "--snapshot-at", "0s,50%"]
    accepted, ended = await cli.json("submit", str(film), *flags, "--session-id", "one", "--wait")
    flow_id = accepted["flow_id"]
    assert (ended["flow_id"], ended["outcome"]) == (flow_id, "success")
    made = path_of(ended["subtasks"][0]["output"]["url"])
    assert made == desk.stack.environment.storage_root / "it's a film" / "it's a film_transcode_100010.mp4"
    assert made.is_file()

    (shown,) = await cli.json("show", flow_id)
    assert shown == ended
    assert [flow["flow_id"] for flow in await cli.json("list")] == [flow_id]
    assert await cli.json("list", "--state", "aborted") == []

    code, out, _ = await cli("show", flow_id)
    assert code == 0
    assert flow_id in out and "success" in out
    code, out, _ = await cli("list")
    assert code == 0
    assert flow_id in out

    code, out, err = await cli("submit", str(film), *flags, "--session-id", "one")
    assert (code, out) == (3, "")
    assert "FailedOperation.TaskDuplicate" in err and flow_id in err


async def test_a_flow_that_fails_exits_with_1(desk: Desk) -> None:
    cli = Cli(desk)
    code, out, _ = await cli("submit", desk.put_in(sources.TRUNCATED), "--sprite", "10", "--wait")
    assert code == 1
    assert "SourceFileError.ContentMalformed" in out


async def test_cancel(desk: Desk) -> None:
    cli = Cli(desk)
    (accepted,) = await cli.json("submit", desk.put_in(sources.BUNNY), "--tasks", json.dumps(HUGE))
    flow_id = accepted["flow_id"]
    code, _, err = await cli("cancel", flow_id)
    assert (code, err) == (0, "")
    code, out, _ = await cli("watch", flow_id)
    assert (code, "aborted" in out) == (1, True)
    ended, _ = await cli.json("submit", desk.put_in(sources.SHORT), "--tasks", json.dumps(ONE_PICTURE), "--wait")
    code, _, err = await cli("cancel", ended["flow_id"])
    assert (code, "FailedOperation.TaskEnded" in err) == (3, True)
    code, _, err = await cli("cancel", uuid.uuid4().hex)
    assert (code, "ResourceNotFound.TaskNotFound" in err) == (3, True)


async def test_events_of_a_subscription(desk: Desk) -> None:
    cli = Cli(desk)
    assert await cli.json("events", "mine", "--create", "--no-follow") == []
    asked = ["submit", desk.put_in(sources.SHORT), "--tasks", json.dumps(ONE_PICTURE), "--notify", "change", "--wait"]
    accepted, _ = await cli.json(*asked)
    code, out, err = await cli("events", "mine", "--count", "2", "--json")
    assert (code, err) == (0, "")
    told = [json.loads(line) for line in out.splitlines()]
    assert [(event["flowid"], event["sequence"]) for event in told] == [(accepted["flow_id"], n) for n in (1, 2)]


async def test_subscriptions(desk: Desk, tmp_path: Path) -> None:
    cli = Cli(desk)
    (put,) = await cli.json(
        *("subscriptions", "put", "mine", "--type", "flow.finished.v1", "--tag", "outcome=failed", "--max-age", "600"),
        *("--visibility", "60", "--poll", "5", "--retention", "3600", "--rewind", "1800"),
    )
    assert (put["types"], put["tags"]["outcome"], put["dead_letters"]) == (
        ["flow.finished.v1"],
        ["failed"],
        {"max_age_s": 600},
    )
    assert (put["visibility_s"], put["poll_s"], put["retention_s"], put["rewind_s"]) == (60, 5, 3600, 1800)
    (changed,) = await cli.json("subscriptions", "modify", "mine", "--poll", "0", "--no-dead-letters")
    assert (changed["poll_s"], "dead_letters" in changed, changed["types"]) == (0, False, ["flow.finished.v1"])
    assert await cli.json("subscriptions", "describe", "mine") == [changed]

    secret = tmp_path / "secret"
    secret.write_text("x" * 32 + "\n")
    (posted,) = await cli.json(
        *("subscriptions", "put", "hook", "--url", "https://example.com/", "--secret", f"@{secret}"),
        *("--strategy", "BACKOFF_RETRY", "--format", "SIMPLIFIED"),
    )
    assert posted["endpoint"] == {
        "kind": "http",
        "url": "https://example.com/",
        "strategy": "BACKOFF_RETRY",
        "content_format": "SIMPLIFIED",
    }
    assert [one["name"] for one in await cli.json("subscriptions", "list", "--prefix", "h")] == ["hook"]
    code, out, _ = await cli("subscriptions", "list")
    assert (code, "outcome=failed" in out, "https://example.com/" in out) == (0, True, True)

    code, _, err = await cli("subscriptions", "put", "bad", "--type", "flow.danced.v1")
    assert (code, "types.0" in err, "flow.finished.v1" in err) == (3, True, True)
    code, _, err = await cli("subscriptions", "put", "bad", "--secret", "x" * 16)
    assert (code, "go with --url" in err) == (2, True)
    code, _, err = await cli("subscriptions", "put", "bad", "--tag", "colour=red")
    assert (code, "--tag colour=red" in err) == (2, True)
    for name in ("mine", "hook"):
        assert (await cli("subscriptions", "delete", name))[0] == 0


async def test_templates_and_procedures(desk: Desk, tmp_path: Path) -> None:
    cli = Cli(desk)
    wanted = tmp_path / "small.json"
    wanted.write_text('{"video": {"height": 180, "bitrate_kbps": 200}, "remove_audio": true}')
    (made,) = await cli.json("templates", "put", "transcode", f"@{wanted}", "--name", "small")
    number = str(made["definition"])
    (changed,) = await cli.json("templates", "modify", "transcode", number, '{"video": {"fps": 10}}')
    assert (changed["name"], changed["parameters"]["video"]["fps"]) == ("small", 10)
    assert await cli.json("templates", "list", "transcode", "--type", "custom") == [changed]
    code, out, _ = await cli("templates", "list", "transcode", "--definition", f"100010,{number}")
    assert (code, "preset" in out, "small" in out) == (0, True, True)
    code, out, _ = await cli("templates", "list", "transcode", "--limit", "1")
    assert (code, "go on with --offset 1" in out) == (0, True)

    tasks = json.dumps({"transcode": [{"definition": made["definition"]}]})
    (procedure,) = await cli.json("procedures", "put", "mine", tasks, "--comment", "c")
    assert await cli.json("procedures", "list", "--name", "mine") == [procedure]
    _, ended = await cli.json("submit", desk.put_in(sources.SHORT), "--procedure", "mine", "--wait")
    assert ended["subtasks"][0]["output"]["video"]["height"] == 180
    (procedure,) = await cli.json("procedures", "reset", "mine", '{"image_sprite": [{"definition": 10}]}')
    assert (procedure["comment"], procedure["tasks"]["transcode"]) == ("", [])
    code, out, _ = await cli("procedures", "list", "--type", "custom")
    assert (code, "image_sprite 10" in out) == (0, True)

    assert (await cli("procedures", "delete", "mine"))[0] == 0
    assert (await cli("templates", "delete", "transcode", number))[0] == 0
    for arguments, refusal in (
        (("procedures", "delete", "mine"), "InvalidParameter.ProcedureNameNotExist"),
        (("templates", "delete", "transcode", "100010"), "InvalidParameterValue.DeleteDefaultTemplate"),
        (("templates", "put", "image_sprite", "{}"), "parameters.sample_type"),
    ):
        code, _, err = await cli(*arguments)
        assert (code, refusal in err) == (3, True), err


async def test_wrong_usage_exits_with_2_and_a_sentence(desk: Desk) -> None:
    cli = Cli(desk)
    for arguments in (
        ["submit", "no-such-file.mp4", "--sprite", "10"],
        ["submit", str(desk.stack.data), "--sprite", "10"],
        ["submit", desk.put_in(sources.SHORT)],
        ["submit", "file:///a.mp4", "--transcode", "ten"],
        ["submit", "file:///a.mp4", "--tasks", "{"],
        ["submit", "file:///a.mp4", "--snapshot-at", "noon"],
        ["show", "not-an-id"],
        ["explode"],
    ):
        code, out, err = await cli(*arguments)
        assert (code, out) == (2, ""), arguments
        assert err, arguments


async def test_refusals_and_silence_have_codes_of_their_own(desk: Desk) -> None:
    cli = Cli(desk)
    code, _, err = await cli("submit", "file:///etc/passwd", "--sprite", "10")
    assert (code, "UnauthorizedOperation" in err, "input.url" in err) == (3, True, True)
    code, _, err = await cli("show", uuid.uuid4().hex)
    assert (code, "ResourceNotFound.TaskNotFound" in err) == (3, True)
    nobody = "amqp://guest:guest@127.0.0.1:9/"
    code, _, _ = await cli("list", "--timeout", "2", VODFLOW_AMQP_URL=nobody)
    assert code == 4
    code, _, err = await cli("list", VODFLOW_DATA="/nowhere")
    assert (code, "vodflow up" in err) == (4, True)
