"""The operator's file is applied at each start, before the first event is taken."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from contracts.subscriptions import SubscriptionModify
from tests.conftest import ROOT
from tests.integration.routing.house import House, firsts


def declare(house: House, file: Path, *tables: str) -> Path:
    file.write_text("".join(f'[[subscription]]\ntenant = "{house.tenant}"\n{table}\n' for table in tables))
    return file


async def test_it_is_there_before_the_first_event_and_comes_out_the_same_each_time(
    house: House, tmp_path: Path
) -> None:
    file = declare(house, tmp_path / "s.toml", 'name = "one"\nretention_s = 600', 'name = "two"')
    flow_id = uuid4().hex
    await house.desk.start()
    await house.tell(*house.events(flow_id, 2))

    await house.start(subscriptions_file=file)
    first = list(await house.client.list_subscriptions())
    revision = await house.subscriptions.revision()
    await house.start(subscriptions_file=file)

    assert [(one.name, one.retention_s) for one in first] == [("one", 600), ("two", 345_600)]
    assert list(await house.client.list_subscriptions()) == first
    assert await house.subscriptions.revision() == revision
    for subscription in first:
        assert firsts(await house.taken(subscription, 2)) == {flow_id: [1, 2]}


async def test_what_is_no_longer_in_it_stays_and_is_told(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = declare(house, tmp_path / "s.toml", 'name = "one"', 'name = "two"')
    await house.stop(await house.start(subscriptions_file=file))
    await house.stop(await house.start(subscriptions_file=declare(house, file, 'name = "two"')))

    assert await house.subscriptions.declared() == [(house.tenant, "one"), (house.tenant, "two")]
    await house.start()
    assert [one.name for one in await house.client.list_subscriptions()] == ["one", "two"]


async def test_what_can_t_be_changed_stays_as_it_was_and_the_rest_is_applied(house: House, tmp_path: Path) -> None:
    receives = "dead_letters = { max_receive_count = 3 }"
    file = declare(house, tmp_path / "s.toml", f'name = "one"\n{receives}')
    await house.stop(await house.start(subscriptions_file=file))
    await house.start(subscriptions_file=declare(house, file, 'name = "one"', 'name = "two"\nmode = "finish"'))

    one, two = await house.client.list_subscriptions()
    assert one.dead_letters is not None
    assert (one.dead_letters.max_receive_count, two.mode) == (3, "finish")


async def test_only_here_a_subscription_hears_of_other_tenants(house: House, tmp_path: Path) -> None:
    a, b, strange = (f"t-{uuid4().hex[:8]}" for _ in range(3))
    file = declare(
        house,
        tmp_path / "s.toml",
        f'name = "some"\ntags = {{ tenant = ["{a}", "{b}"] }}',
        'name = "all"\ntags = { tenant = ["*"] }',
        'name = "own"',
    )
    await house.start(subscriptions_file=file)
    told = [house.event(uuid4().hex, 1, tenant=tenant) for tenant in (a, strange, b, house.tenant)]

    await house.tell(*told)
    await house.emptied()

    everything, own, some = await house.client.list_subscriptions()
    assert [event.tenant for event in await house.taken(some, 2)] == [a, b]
    assert {event.tenant for event in await house.taken(everything, 4)} == {a, strange, b, house.tenant}
    assert [event.tenant for event in await house.taken(own, 1)] == [house.tenant]
    for subscription in (everything, own, some):
        assert await house.desk.waiting(subscription.queue) == 0
    changed = await house.client.modify_subscription(SubscriptionModify(name="some", visibility_s=90))
    assert (changed.visibility_s, changed.tags.tenant) == (90, [a, b])


def test_a_bad_file_ends_the_service_with_code_2_before_it_connects(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text('[[subscription]]\nname = "one"\ntypes = ["flow.danced.v1"]\n[[subscription]]\nmode = "finish"\n')
    nobody = {"VODFLOW_AMQP_URL": "amqp://127.0.0.1:9/", "VODFLOW_MONGO_URL": "mongodb://127.0.0.1:9/vodflow"}
    environment = {**os.environ, **nobody, "VODFLOW_SUBSCRIPTIONS_FILE": str(file)}

    ended = subprocess.run(
        [sys.executable, "-m", "services", "notifier"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    lines = ended.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{file}: subscription 1 (one): types.0: flow.danced.v1: there is no such event")
    assert lines[1].startswith(f"{file}: subscription 2 (without a name): name: ")
