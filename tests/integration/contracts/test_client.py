"""The client's questions against a peer on a real broker."""

import asyncio
from datetime import UTC, datetime

import pytest

from contracts import FlowSubmit, Input, SampledSnapshotTask, Tasks, topology
from contracts.client import VodflowClient
from contracts.envelope import CONTENT_TYPE, CloudEvent
from contracts.errors import ClientError, NotRouted, Refused, Unreachable
from contracts.flows import FlowAccepted, FlowCancelled, FlowListed, FlowState, Output, Rejected
from contracts.procedures import (
    ProcedureDeleted,
    ProcedureDescribed,
    ProcedurePut,
    ProcedureReset,
    ProcedureStored,
    ProcedureView,
)
from contracts.subscriptions import (
    SubscriptionDeleted,
    SubscriptionListed,
    SubscriptionPut,
    SubscriptionStored,
    SubscriptionView,
)
from contracts.templates import (
    TemplateDeleted,
    TemplateDescribed,
    TemplateModify,
    TemplatePut,
    TemplateStored,
    TemplateView,
)
from tests.integration.contracts.standin import FLOW_ID, Answer, StandIn, described, flow
from tests.proxy import Proxy

SUBMIT = FlowSubmit(
    input=Input(url="file:///in/a.mp4"), tasks=Tasks(sampled_snapshot=[SampledSnapshotTask(definition=10)])
)
ACCEPTED = FlowAccepted(
    flow_id=FLOW_ID,
    input=SUBMIT.input,
    output=Output(storage="file:///out/"),
    subtasks=[],
    accepted_at=datetime(2026, 11, 21, 10, 0, tzinfo=UTC),
)
STORED = SubscriptionView(
    name="mine", queue="vodflow.subscriber.t1.mine", created_at=datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
)
TASKS = Tasks(sampled_snapshot=[SampledSnapshotTask(definition=10)])
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_submit_publishes_a_cloudevent_and_returns_the_acceptance(
    client: VodflowClient, stand_in: StandIn
) -> None:
    stand_in.rules["flow.submit.v1"] = lambda _: ("flow.accepted.v1", ACCEPTED)

    assert await client.submit(SUBMIT, message_id="mine-1", traceparent=TRACE) == ACCEPTED

    (command,), (message,) = stand_in.heard, stand_in.messages
    assert (command.id, command.type, command.source, command.tenant, command.traceparent) == (
        "mine-1",
        "vodflow.flow.submit.v1",
        "test",
        "t1",
        TRACE,
    )
    assert FlowSubmit.model_validate(command.data) == SUBMIT
    assert (message.content_type, message.delivery_mode, message.routing_key) == (CONTENT_TYPE, 2, "flow.submit.v1")


async def test_a_refusal_is_raised_with_its_code_and_field(client: VodflowClient, stand_in: StandIn) -> None:
    rejected = Rejected(code="InvalidParameterValue", message="no such template", field="tasks.transcode.0")
    stand_in.rules["flow.submit.v1"] = lambda _: ("flow.rejected.v1", rejected)

    with pytest.raises(Refused) as caught:
        await client.submit(SUBMIT)

    assert (caught.value.code, caught.value.message, caught.value.field) == (
        "InvalidParameterValue",
        "no such template",
        "tasks.transcode.0",
    )


async def test_every_question_gets_its_answer(client: VodflowClient, stand_in: StandIn) -> None:
    stand_in.rules |= {
        "flow.cancel.v1": lambda _: ("flow.cancelled.v1", FlowCancelled(flow_id=FLOW_ID)),
        "flow.describe.v1": described(flow()),
        "flow.list.v1": lambda _: ("flow.listed.v1", FlowListed(flows=[flow()], scroll_token="more")),
        "subscription.put.v1": lambda _: ("subscription.stored.v1", SubscriptionStored(subscription=STORED)),
        "subscription.list.v1": lambda _: ("subscription.listed.v1", SubscriptionListed(subscriptions=[STORED])),
        "subscription.delete.v1": lambda _: ("subscription.deleted.v1", SubscriptionDeleted(name="mine")),
    }

    assert (await client.cancel(FLOW_ID)).flow_id == FLOW_ID
    assert await client.describe(FLOW_ID) == flow()
    assert (await client.list(state=FlowState.PROCESSING, limit=5)).scroll_token == "more"
    assert await client.put_subscription(SubscriptionPut(name="mine")) == STORED
    assert list(await client.list_subscriptions()) == [STORED]
    await client.delete_subscription("mine")
    assert stand_in.heard[2].data == {"state": "processing", "limit": 5, "scroll_token": None}


async def test_templates_and_procedures_are_asked_for_as_they_are_named(
    client: VodflowClient, stand_in: StandIn
) -> None:
    template = TemplateView(kind="transcode", definition=1_000_001, type="custom", parameters={"video": {"fps": 5}})
    procedure = ProcedureView(name="mine", type="custom", tasks=TASKS)
    stored = ("template.stored.v1", TemplateStored(template=template))
    kept = ("procedure.stored.v1", ProcedureStored(procedure=procedure))
    stand_in.rules |= {
        "template.put.v1": lambda _: stored,
        "template.modify.v1": lambda _: stored,
        "template.delete.v1": lambda _: (
            "template.deleted.v1",
            TemplateDeleted(kind="transcode", definition=1_000_001),
        ),
        "template.describe.v1": lambda _: (
            "template.described.v1",
            TemplateDescribed(total_count=7, templates=[template]),
        ),
        "procedure.put.v1": lambda _: kept,
        "procedure.reset.v1": lambda _: kept,
        "procedure.delete.v1": lambda _: ("procedure.deleted.v1", ProcedureDeleted(name="mine")),
        "procedure.describe.v1": lambda _: (
            "procedure.described.v1",
            ProcedureDescribed(total_count=3, procedures=[procedure]),
        ),
    }
    put = TemplatePut(kind="transcode", parameters={"video": {"fps": 5}})
    modify = TemplateModify(kind="transcode", definition=1_000_001, name="n")

    assert await client.put_template(put, message_id="mine-3", traceparent=TRACE) == template
    assert await client.modify_template(modify) == template
    await client.delete_template("transcode", 1_000_001)
    assert (await client.list_templates("transcode", definitions=(1_000_001,), offset=2)).total_count == 7
    assert await client.put_procedure(ProcedurePut(name="mine", tasks=TASKS), message_id="mine-4") == procedure
    assert await client.reset_procedure(ProcedureReset(name="mine", tasks=TASKS)) == procedure
    await client.delete_procedure("mine")
    assert (await client.list_procedures(names=("mine",), type="custom", limit=3)).procedures == [procedure]

    ids = [command.id for command in stand_in.heard if command.key.endswith("put.v1")]
    assert ids == ["mine-3", "mine-4"]
    assert stand_in.heard[0].traceparent == TRACE
    asked = {command.key: command.data for command in stand_in.heard}
    assert asked["template.put.v1"] == put.model_dump(mode="json")
    assert asked["template.modify.v1"] == modify.model_dump(mode="json")
    assert asked["template.describe.v1"] == {
        "kind": "transcode",
        "definitions": [1_000_001],
        "type": None,
        "offset": 2,
        "limit": 10,
    }
    assert asked["procedure.describe.v1"] == {"names": ["mine"], "type": "custom", "offset": 0, "limit": 3}


async def test_many_questions_at_a_time_keep_their_answers_apart(client: VodflowClient, stand_in: StandIn) -> None:
    stand_in.rules["flow.cancel.v1"] = lambda command: (
        "flow.cancelled.v1",
        FlowCancelled(flow_id=command.data["flow_id"]),
    )
    ids = [f"{number:032x}" for number in range(50)]

    answers = await asyncio.gather(*(client.cancel(flow_id) for flow_id in ids))

    assert [answer.flow_id for answer in answers] == ids


async def test_silence_ends_as_unreachable_after_asking_twice_with_the_same_id(
    client: VodflowClient, stand_in: StandIn
) -> None:
    stand_in.rules["flow.submit.v1"] = lambda _: None

    with pytest.raises(Unreachable, match="nobody answered"):
        await client.submit(SUBMIT, message_id="mine-2", timeout_s=0.4)

    assert [command.id for command in stand_in.heard] == ["mine-2", "mine-2"]


async def test_a_lost_connection_is_mended_and_the_question_asked_again(
    client: VodflowClient, stand_in: StandIn, line: Proxy
) -> None:
    def cut_first(_: CloudEvent) -> Answer:
        if len(stand_in.heard) == 1:
            line.cut()
            return None
        return "flow.accepted.v1", ACCEPTED

    stand_in.rules["flow.submit.v1"] = cut_first

    assert await client.submit(SUBMIT) == ACCEPTED

    assert line.accepted == 2
    assert len({command.id for command in stand_in.heard}) == 1


async def test_a_command_that_no_queue_takes_is_not_routed(
    client: VodflowClient, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topology, "COMMANDS", stand_in.events)
    with pytest.raises(NotRouted, match=r"no service takes flow.submit.v1"):
        await client.submit(SUBMIT)


async def test_a_missing_exchange_is_not_routed_and_the_client_goes_on(
    client: VodflowClient, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(topology, "COMMANDS", "test.no-such-exchange")
        with pytest.raises(NotRouted, match="no exchange"):
            await client.submit(SUBMIT)

    stand_in.rules["flow.submit.v1"] = lambda _: ("flow.accepted.v1", ACCEPTED)
    assert await client.submit(SUBMIT) == ACCEPTED


async def test_no_broker_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="no connection to RabbitMQ"):
        async with VodflowClient("amqp://127.0.0.1:1/"):
            pass


async def test_a_wrong_password_is_told_at_once(amqp_url: str) -> None:
    host = amqp_url.split("@")[-1]
    with pytest.raises(Unreachable, match="refuses this user"):
        async with VodflowClient(f"amqp://nobody:wrong@{host}"):
            pass


@pytest.mark.parametrize("url", ["http://localhost/", "localhost:5672", "amqp://", "amqp://host:port/"])
def test_what_is_no_amqp_url_is_refused(url: str) -> None:
    with pytest.raises(Unreachable, match="not an AMQP URL"):
        VodflowClient(url)


async def test_an_unexpected_answer_is_an_error(client: VodflowClient, stand_in: StandIn) -> None:
    stand_in.rules["flow.submit.v1"] = lambda _: ("flow.cancelled.v1", FlowCancelled(flow_id=FLOW_ID))
    with pytest.raises(ClientError, match="answered with FlowCancelled"):
        await client.submit(SUBMIT)
    stand_in.rules["flow.submit.v1"] = lambda _: ("flow.accepted.v9", FlowCancelled(flow_id=FLOW_ID))
    with pytest.raises(ClientError, match="unknown type"):
        await client.submit(SUBMIT)
