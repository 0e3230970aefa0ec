"""`python -m tests.bench [NAME ...]`: the benches by name, such as idle, latency, ladder or retained; else all."""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.local.stack import Stack
from tests.bench import edit, events, fetch, idle, ladder, latency, retained, sampling, seams, short, watching
from tests.bench.figure import Figure
from tests.bench.sources import Sources
from tests.bench.starts import Starts

Bench = Callable[[Stack, Sources, Starts], Awaitable[list[Figure]]]

BENCHES: dict[str, Bench] = {
    "idle": idle.measure,
    "latency": latency.measure,
    "short": short.measure,
    "ladder": ladder.measure,
    "sampling": sampling.measure,
    "seams": seams.measure,
    "fetch": fetch.measure,
    "edit": edit.measure,
    "watching": watching.measure,
    "events": events.measure,
    "retained": retained.measure,
}


async def run(names: list[str]) -> list[Figure]:
    """The figures of the benches named, on a stack of their own."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="vodflow-bench-") as folder:
        starts = Starts(Path(folder) / "starts")
        stack = Stack(Path(folder) / "data", settings=starts.settings())
        async with stack:
            sources = Sources(stack.environment.storage_root)
            for name in names:
                figures += await BENCHES[name](stack, sources, starts)
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("bench", nargs="*", choices=[*BENCHES, []], help="which; all when none is named")
    names = parser.parse_args().bench or list(BENCHES)
    figures = asyncio.run(run(names))
    table = Table("figure", "measured", "aim", "met")
    for figure in figures:
        table.add_row(figure.name, figure.shown, figure.aim, figure.verdict)
    Console(width=130).print(table)


main()
