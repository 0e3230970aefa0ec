"""The command tree. Other distributions add commands of their own to `app`."""

import typer

from . import (
    cancel,
    edit,
    events,
    listing,
    procedures,
    queue,
    replays,
    show,
    submit,
    subscriptions,
    templates,
    upload,
    watch,
    workflows,
)
from .exits import EXIT_CODES

app = typer.Typer(
    name="vodflow",
    help="Video tasks: submit a file, watch it, get the results.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("submit", epilog=EXIT_CODES)(submit.submit)
app.command("edit", epilog=EXIT_CODES)(edit.edit)
app.command("upload", epilog=EXIT_CODES)(upload.upload)
app.command("watch", epilog=EXIT_CODES)(watch.watch)
app.command("show", epilog=EXIT_CODES)(show.show)
app.command("list", epilog=EXIT_CODES)(listing.listing)
app.command("cancel", epilog=EXIT_CODES)(cancel.cancel)
app.command("events", epilog=EXIT_CODES)(events.events)
app.add_typer(templates.app, name="templates")
app.add_typer(procedures.app, name="procedures")
app.add_typer(workflows.app, name="workflows")
app.add_typer(subscriptions.app, name="subscriptions")
app.add_typer(queue.app, name="queue")
queue.app.command("rewind", epilog=EXIT_CODES)(replays.rewind)
queue.app.command("replay", epilog=EXIT_CODES)(replays.replay)


def main() -> None:
    """The console script."""
    app()
