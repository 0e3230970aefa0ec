"""`vodflow workflows put | reset | enable | disable | delete | list`."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ..client import VodflowClient
from ..workflows import (
    WorkflowDelete,
    WorkflowDisable,
    WorkflowEnable,
    WorkflowPut,
    WorkflowReset,
    WorkflowStatus,
    WorkflowView,
)
from . import library_options as library
from . import submit_options as given
from .exits import EXIT_CODES, run
from .options import DATA, TENANT, TIMEOUT_S, Data, Json, Tenant, Timeout
from .output import print_done, print_list, print_more
from .request import directory_url
from .stack import Stack

app = typer.Typer(help="Start flows when files come.", no_args_is_help=True, epilog=EXIT_CODES)

WorkflowId = Annotated[str, typer.Argument(metavar="ID", help="The workflow's id.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="At most 128 characters.")]
Watch = Annotated[
    str, typer.Option(metavar="DIR|URL", help="Where files come: a directory, file:///dir/ or s3://bucket/prefix/.")
]
Formats = Annotated[
    list[str] | None, typer.Option("--format", metavar="SUFFIX,SUFFIX", help='Which; "*": any. By default media.')
]
Output = Annotated[str, typer.Option(metavar="DIR|URL", help="Where results go; outside of --watch.")]


@app.command("put", epilog=EXIT_CODES)
def put(
    name: Name,
    watch: Watch,
    output: Output,
    formats: Formats = None,
    procedure: given.Procedure = None,
    tasks: given.Tasks = None,
    output_dir: given.OutputDir = "",
    context: given.Context = "",
    priority: given.Priority = 0,
    notify: given.Notify = "finish",
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Create a workflow, disabled: `vodflow workflows enable ID` then sets it to work."""
    members = _members(watch, formats, procedure, tasks, output, output_dir)
    more = {"session_context": context, "priority": priority, "notify": {"mode": notify}}
    command = library.asked(WorkflowPut, name=name, **members, **more)

    async def work(client: VodflowClient) -> None:
        _tell([await client.put_workflow(command, timeout_s=timeout)], as_json)

    run(Stack(data, tenant), work)


@app.command("reset", epilog=EXIT_CODES)
def reset(
    workflow_id: WorkflowId,
    name: Name,
    watch: Watch,
    output: Output,
    formats: Formats = None,
    procedure: given.Procedure = None,
    tasks: given.Tasks = None,
    output_dir: given.OutputDir = "",
    context: given.Context = "",
    priority: given.Priority = 0,
    notify: given.Notify = "finish",
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Replace the whole of a workflow that is disabled."""
    members = _members(watch, formats, procedure, tasks, output, output_dir)
    more = {"session_context": context, "priority": priority, "notify": {"mode": notify}}
    command = library.asked(WorkflowReset, workflow_id=workflow_id, name=name, **members, **more)

    async def work(client: VodflowClient) -> None:
        _tell([await client.reset_workflow(command, timeout_s=timeout)], as_json)

    run(Stack(data, tenant), work)


@app.command("enable", epilog=EXIT_CODES)
def enable(
    workflow_id: WorkflowId,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """From now on new files start flows; those that are there already don't."""
    command = library.asked(WorkflowEnable, workflow_id=workflow_id)

    async def work(client: VodflowClient) -> None:
        _tell([await client.enable_workflow(command.workflow_id, timeout_s=timeout)], as_json)

    run(Stack(data, tenant), work)


@app.command("disable", epilog=EXIT_CODES)
def disable(
    workflow_id: WorkflowId,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """New files start nothing more. Flows that were started go on."""
    command = library.asked(WorkflowDisable, workflow_id=workflow_id)

    async def work(client: VodflowClient) -> None:
        _tell([await client.disable_workflow(command.workflow_id, timeout_s=timeout)], as_json)

    run(Stack(data, tenant), work)


@app.command("delete", epilog=EXIT_CODES)
def delete(
    workflow_id: WorkflowId,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Remove a workflow that is disabled."""
    command = library.asked(WorkflowDelete, workflow_id=workflow_id)

    async def work(client: VodflowClient) -> None:
        await client.delete_workflow(command.workflow_id, timeout_s=timeout)
        print_done(command, f"deleted {workflow_id}", as_json=as_json)

    run(Stack(data, tenant), work)


@app.command("list", epilog=EXIT_CODES)
def listing(
    workflow_id: Annotated[list[str] | None, typer.Option("--id", help="This one only; several times.")] = None,
    status: Annotated[WorkflowStatus | None, typer.Option(help="These only.")] = None,
    offset: library.Offset = 0,
    limit: library.Limit = 10,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """List workflows, oldest first. With --json one a line."""

    async def work(client: VodflowClient) -> None:
        found = await client.list_workflows(
            workflow_ids=workflow_id or [], status=status, offset=offset, limit=limit, timeout_s=timeout
        )
        _tell(found.workflows, as_json)
        if not as_json:
            print_more(found.total_count, offset, len(found.workflows))

    run(Stack(data, tenant), work)


def _members(
    watch: str, formats: list[str] | None, procedure: str | None, tasks: str | None, output: str, output_dir: str
) -> dict[str, Any]:
    return {
        "trigger": {
            "storage": directory_url(watch),
            "formats": [one.strip() for text in formats or [] for one in text.split(",")],
        },
        "output": {"storage": directory_url(output), "dir": output_dir},
        "procedure": procedure,
        "tasks": None if tasks is None else library.given(tasks, "--tasks"),
    }


def _tell(workflows: Sequence[WorkflowView], as_json: bool) -> None:
    columns = ("ID", "NAME", "STATUS", "WATCHES", "FORMATS", "DOES", "RESULTS")
    print_list(workflows, columns, _row, none="no workflows", as_json=as_json)


def _row(one: WorkflowView) -> tuple[str, ...]:
    does = one.procedure or f"{one.tasks.count() if one.tasks else 0} task(s)"
    place = one.trigger.storage.rstrip("/") + one.trigger.dir
    results = one.output.storage.rstrip("/") + one.output.dir
    return one.workflow_id, one.name, one.status, place, " ".join(one.trigger.formats) or "media", does, results
