"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path, typer.Option("--data", envvar="VODFLOW_DATA", help="Folder of the local stack: its `env` file is read.")
]
Tenant = Annotated[str, typer.Option("--tenant", envvar="VODFLOW_TENANT", help="On whose behalf.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object per line, and nothing else.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for an answer.")]
FlowId = Annotated[str, typer.Argument(metavar="ID", help="The flow's id.")]

DATA = Path(".vodflow")
TENANT = "default"
TIMEOUT_S = 30.0
