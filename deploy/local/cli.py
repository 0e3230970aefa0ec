"""The whole `vodflow` command line: the client's commands, and those of the embedded stack."""

import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.cli import app
from contracts.cli.options import DATA, Data, Json
from deploy.local.errors import StackError
from deploy.local.running import run

Count = Annotated[int, typer.Option(min=0, max=64, metavar="N", help="How many processes of this service.")]
File = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A video; by default a clip of vodflow's own.")]


@app.command("up")
def up_command(
    data: Data = DATA,
    intakes: Count = 1,
    planners: Count = 1,
    transcoders: Count = 1,
    snapshotters: Count = 1,
    mergers: Count = 1,
    notifiers: Count = 1,
    as_json: Json = False,
) -> None:
    """Start RabbitMQ, MongoDB and every service, privately, until Ctrl-C.

    VODFLOW_AMQP_URL and VODFLOW_MONGO_URL, when set, are used instead of private servers.
    """
    from deploy.local.up import up

    counts = {
        "intake": intakes,
        "planner": planners,
        "transcoder": transcoders,
        "snapshotter": snapshotters,
        "merger": mergers,
        "notifier": notifiers,
    }
    _leave(lambda: up(data, counts, as_json=as_json))


@app.command("demo")
def demo_command(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A video; default: the clip of vodflow.")
    ] = None,
    data: Data = DATA,
) -> None:
    """Start everything, make three renditions and pictures of a video, show them, stop everything."""
    from deploy.local.demo import demo

    _leave(lambda: demo(file, data))


@app.command("doctor")
def doctor_command(data: Data = DATA, as_json: Json = False) -> None:
    """Check programs, servers, services, folders and say how to mend what is wrong (exit code 1)."""
    from deploy.local.doctor import doctor

    _leave(lambda: doctor(data, as_json=as_json))


def main() -> None:
    """The console script."""
    app()


def _leave(program: Callable[[], Coroutine[Any, Any, int]]) -> None:
    try:
        code = run(program)
    except StackError as error:
        typer.secho(f"vodflow: {error}", err=True, fg=typer.colors.RED)
        code = 1
    sys.exit(code)


if __name__ == "__main__":
    main()
