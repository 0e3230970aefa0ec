"""`vodflow submit`."""

from pydantic import ValidationError

from ..client import VodflowClient
from ..flows import FlowSubmit
from . import submit_options as given
from .exits import USAGE, complaints, fail, run
from .following import told_and_followed
from .options import DATA, TENANT, TIMEOUT_S, Data, Json, Tenant, Timeout
from .request import Asked, WrongFlag, build
from .stack import STORAGE_ROOT, Stack, StackNotFound


def submit(
    source: given.Source,
    transcode: given.Transcode = None,
    snapshot_at: given.SnapshotAt = None,
    snapshot: given.Snapshot = 10,
    sampled_snapshot: given.SampledSnapshot = None,
    sprite: given.Sprite = None,
    animated: given.Animated = None,
    cover: given.Cover = None,
    adaptive: given.Adaptive = None,
    procedure: given.Procedure = None,
    then: given.Then = None,
    tasks: given.Tasks = None,
    override: given.Override = None,
    head_tail: given.HeadTail = None,
    watermark: given.Watermark = None,
    start: given.Start = 0.0,
    end: given.End = 0.0,
    output: given.Output = None,
    output_dir: given.OutputDir = "",
    name_template: given.NameTemplate = None,
    session_id: given.SessionId = "",
    context: given.Context = "",
    priority: given.Priority = 0,
    notify: given.Notify = "finish",
    message_id: given.MessageId = None,
    wait: given.Wait = False,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Have a video processed.

    With --json it prints the acceptance, and with --wait then the flow as it ended.
    """
    stack = Stack(data, tenant)
    asked = Asked(
        source=source,
        transcode=transcode or [],
        snapshot_at=snapshot_at or [],
        snapshot=snapshot,
        sampled_snapshot=sampled_snapshot or [],
        sprite=sprite or [],
        animated=animated or [],
        cover=cover or [],
        adaptive=adaptive or [],
        procedure=procedure,
        then=then or [],
        tasks=tasks,
        override=override,
        head_tail=head_tail or [],
        watermark=watermark or [],
        start_s=start,
        end_s=end,
        output=output,
        output_dir=output_dir,
        name_template=name_template,
        session_id=session_id,
        context=context,
        priority=priority,
        notify=notify,
    )
    command = _command(asked, stack)

    async def work(client: VodflowClient) -> int:
        accepted = await client.submit(command, message_id=message_id, timeout_s=timeout)
        return await told_and_followed(client, accepted, as_json=as_json, wait=wait)

    run(stack, work)


def _command(asked: Asked, stack: Stack) -> FlowSubmit:
    try:
        return build(asked, stack.setting(STORAGE_ROOT))
    except (WrongFlag, StackNotFound) as error:
        fail(USAGE, str(error))
    except ValidationError as error:
        fail(USAGE, *complaints(error))
