"""`vodflow upload`."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ..client import VodflowClient
from ..codes import PROCEDURE_NOT_EXIST
from ..errors import Refused
from ..uploads import UploadCompleted
from . import library_options as library
from . import submit_options as given
from .bars import bars
from .exits import REFUSED, USAGE, fail, run
from .following import told_and_followed
from .options import DATA, TENANT, TIMEOUT_S, Data, Json, Tenant, Timeout
from .output import console
from .request import WrongFlag, output_url
from .s3_storing import store_in_bucket
from .stack import STORAGE_ROOT, Stack, StackNotFound
from .storing import CantStore, Progress, blocks, store_locally, target_url

File = Annotated[Path, typer.Argument(metavar="FILE", help="A file of this machine.", exists=True, dir_okay=False)]
Procedure = Annotated[str, typer.Option(metavar="NAME", help="What to do with it.")]
To = Annotated[
    str | None,
    typer.Option(
        metavar="DIR|URL",
        help="The storage's directory to put it in: one that the services reach too, or s3://bucket/prefix/. "
        "By default VODFLOW_STORAGE_ROOT/uploads/.",
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what has its name there.")]


def upload(
    file: File,
    procedure: Procedure,
    to: To = None,
    overwrite: Overwrite = False,
    output: given.Output = None,
    output_dir: given.OutputDir = "",
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
    """Put a file into storage and have a procedure done with it.

    It appears in the storage whole or not at all, and only if the procedure exists. The rest is as with submit.
    """
    stack = Stack(data, tenant)
    try:
        root = stack.setting(STORAGE_ROOT)
        url = target_url(to, file, root)
    except (WrongFlag, StackNotFound) as error:
        fail(USAGE, str(error))
    results = output_url(output, url, root) or (url.rsplit("/", 1)[0] + "/" if output_dir else None)
    command = library.asked(
        UploadCompleted,
        url=url,
        procedure=procedure,
        output={"storage": results, "dir": output_dir} if results else None,
        session_id=session_id,
        session_context=context,
        priority=priority,
        notify={"mode": notify},
    )

    async def work(client: VodflowClient) -> int:
        if not (await client.list_procedures(names=[procedure], timeout_s=timeout)).procedures:
            raise Refused(PROCEDURE_NOT_EXIST, f"there is no procedure {procedure!r}", "procedure")
        await _store(file, url, stack, overwrite=overwrite, shown=not as_json)
        accepted = await client.upload_completed(command, message_id=message_id, timeout_s=timeout)
        return await told_and_followed(client, accepted, as_json=as_json, wait=wait)

    try:
        run(stack, work)
    except CantStore as error:
        fail(REFUSED, str(error))


async def _store(file: Path, url: str, stack: Stack, *, overwrite: bool, shown: bool) -> None:
    stop = threading.Event()

    def put(progress: Progress) -> None:
        content = blocks(file, progress, stop)
        if url.lower().startswith("s3:"):
            store_in_bucket(file, url, content, stack, overwrite=overwrite)
        else:
            store_locally(file, url, content, overwrite=overwrite)

    with _bar(file, shown=shown and sys.stdout.isatty()) as progress:
        try:
            await asyncio.to_thread(put, progress)
        finally:
            stop.set()
    if shown:
        console().print(f"uploaded {url}")


@contextmanager
def _bar(file: Path, *, shown: bool) -> Iterator[Progress]:
    """A bar for the upload, where there is a terminal."""
    if not shown:
        yield lambda done: None
        return
    with bars(console()) as progress:
        bar = progress.add_task(f"upload {file.name}", total=max(1, file.stat().st_size), state="")
        yield lambda done: progress.update(bar, completed=done)
