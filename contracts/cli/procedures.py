"""`vodflow procedures put | reset | delete | list`."""

from collections.abc import Sequence
from typing import Annotated

import typer

from ..client import VodflowClient
from ..procedures import ProcedureDelete, ProcedurePut, ProcedureReset, ProcedureView
from ..tasks import Tasks
from . import library_options as library
from .exits import EXIT_CODES, run
from .options import DATA, TENANT, TIMEOUT_S, Data, Json, Tenant, Timeout
from .output import print_done, print_list, print_more
from .stack import Stack

app = typer.Typer(help="Lists of tasks by name.", no_args_is_help=True, epilog=EXIT_CODES)


@app.command("put", epilog=EXIT_CODES)
def put(
    name: library.Name,
    tasks: library.Tasks,
    comment: library.Comment = "",
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Create a procedure: `vodflow submit FILE --procedure NAME` then does its tasks."""
    command = library.asked(ProcedurePut, name=name, comment=comment, tasks=library.given(tasks, "TASKS"))

    async def work(client: VodflowClient) -> None:
        _tell([await client.put_procedure(command, timeout_s=timeout)], as_json)

    run(Stack(data, tenant), work)


@app.command("reset", epilog=EXIT_CODES)
def reset(
    name: library.Name,
    tasks: library.Tasks,
    comment: library.Comment = "",
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Replace a procedure's whole content. Running flows keep what they were submitted with."""
    command = library.asked(ProcedureReset, name=name, comment=comment, tasks=library.given(tasks, "TASKS"))

    async def work(client: VodflowClient) -> None:
        _tell([await client.reset_procedure(command, timeout_s=timeout)], as_json)

    run(Stack(data, tenant), work)


@app.command("delete", epilog=EXIT_CODES)
def delete(
    name: library.Name, as_json: Json = False, tenant: Tenant = TENANT, data: Data = DATA, timeout: Timeout = TIMEOUT_S
) -> None:
    """Remove a procedure."""
    command = library.asked(ProcedureDelete, name=name)

    async def work(client: VodflowClient) -> None:
        await client.delete_procedure(command.name, timeout_s=timeout)
        print_done(command, f"deleted {name}", as_json=as_json)

    run(Stack(data, tenant), work)


@app.command("list", epilog=EXIT_CODES)
def listing(
    name: Annotated[list[str] | None, typer.Option(help="This one only; may be given several times.")] = None,
    type_: Annotated[library.Type, typer.Option("--type", help="These only.")] = None,
    offset: library.Offset = 0,
    limit: library.Limit = 10,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """List procedures, presets first, then by age. With --json one a line."""

    async def work(client: VodflowClient) -> None:
        found = await client.list_procedures(
            names=name or [], type=type_, offset=offset, limit=limit, timeout_s=timeout
        )
        _tell(found.procedures, as_json)
        if not as_json:
            print_more(found.total_count, offset, len(found.procedures))

    run(Stack(data, tenant), work)


def _tell(procedures: Sequence[ProcedureView], as_json: bool) -> None:
    print_list(procedures, ("NAME", "TYPE", "TASKS", "COMMENT"), _row, none="no procedures", as_json=as_json)


def _row(one: ProcedureView) -> tuple[str, ...]:
    return one.name, one.type, _in_short(one.tasks), one.comment


def _in_short(tasks: Tasks) -> str:
    asked = {kind: [str(task["definition"]) for task in listed] for kind, listed in tasks.model_dump().items()}
    return "; ".join(f"{kind} {', '.join(numbers)}" for kind, numbers in asked.items() if numbers)
