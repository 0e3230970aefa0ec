"""`vodflow edit`."""

from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError

from ..client import VodflowClient
from ..edits import EditSubmit
from . import submit_options as given
from .edit_request import build
from .exits import USAGE, complaints, fail, run
from .following import told_and_followed
from .options import DATA, TENANT, TIMEOUT_S, Data, Json, Tenant, Timeout
from .request import WrongFlag, json_object
from .stack import STORAGE_ROOT, Stack, StackNotFound

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT[@START-END]...",
        help="Files or URLs, each whole or a window in seconds: film.mp4@3-6.5, film.mp4@3- to the end, film.mp4@-10-.",
    ),
]
Definition = Annotated[
    int, typer.Option(metavar="10|20", help="The base: the largest input, or that of the highest bit rate.")
]
Container = Annotated[Literal["mp4", "hls", "flv"] | None, typer.Option(help="By default mp4.")]
Fast = Annotated[bool, typer.Option("--fast", help="Copy the only input, about right, instead of encoding.")]
Config = Annotated[
    str | None, typer.Option(metavar="JSON|@FILE", help="The `config` member in full: video, audio, tehd.")
]
Procedure = Annotated[str | None, typer.Option(metavar="NAME", help="Tasks to be done on the result.")]
NameTemplate = Annotated[
    str | None, typer.Option(metavar="TEMPLATE", help="Name of the result: {inputName}-cut.{format}.")
]


def edit(
    inputs: Inputs,
    definition: Definition = 10,
    container: Container = None,
    fast: Fast = False,
    config: Config = None,
    procedure: Procedure = None,
    output: given.Output = None,
    output_dir: given.OutputDir = "",
    name_template: NameTemplate = None,
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
    """Join videos, or windows of them, into a new one.

    With --json it prints the acceptance, and with --wait then the flow as it ended.
    """
    stack = Stack(data, tenant)
    members = {
        "definition": definition,
        "dir": output_dir,
        "output_object_path": name_template,
        "session_id": session_id,
        "session_context": context,
        "priority": priority,
        "notify": {"mode": notify},
        "procedure": procedure,
    }
    more: dict[str, Any] = {"container": container} if container else {}
    command = _command(inputs, config, more | ({"type": "fast"} if fast else {}), members, output, stack)

    async def work(client: VodflowClient) -> int:
        accepted = await client.edit(command, message_id=message_id, timeout_s=timeout)
        return await told_and_followed(client, accepted, as_json=as_json, wait=wait)

    run(stack, work)


def _command(
    inputs: list[str],
    config: str | None,
    more: dict[str, Any],
    members: dict[str, Any],
    output: str | None,
    stack: Stack,
) -> EditSubmit:
    try:
        asked = {} if config is None else dict(json_object(config, "--config"))
        return build(inputs, asked | more, members, output, stack.setting(STORAGE_ROOT))
    except (WrongFlag, StackNotFound) as error:
        fail(USAGE, str(error))
    except ValidationError as error:
        fail(USAGE, *complaints(error))
