"""The pure part of each service, and every module that says it is pure, does no input or output."""

import pytest

from tests.architecture.modules import Module, modules, reachable

EDGES = {
    *("__init__", "__main__", "app", "handlers", "store", "changes", "probing", "relay", "rates", "shares", "fetch"),
    *("scan", "watch"),
    *("order", "outlet"),
    *("deliveries", "waits", "taking", "receiving", "pull", "pulling", "counts", "redriving", "upkeep"),
    *("callbacks", "consumer", "posting", "receiver", "tries"),
    *("pipe", "replayer", "replaying", "stream"),
}
"""Last words of the names of modules in services that deal with the outside. Every other one is pure."""
OUTSIDE = {
    "aio_pika",
    "aiohttp",
    "asyncio",
    "faststream",
    "http",
    "motor",
    "obstore",
    "os",
    "pika",
    "pymongo",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
    "uvicorn",
}
LOOKS_AT_LINKS = "shared.locations"
"""Resolves symbolic links of a path, so that none leads out of a root: the one look outside of pure code."""


def pure(module: Module) -> bool:
    inner = module.package == "services" and module.path.parent.parent.name == "services"
    return "Pure" in module.docstring or (inner and not EDGES & {module.path.stem, module.path.stem.rpartition("_")[2]})


PURE = [module for module in modules(("contracts", "shared", "services")) if pure(module)]


def test_the_decisions_are_among_them() -> None:
    names = {module.name for module in PURE}
    assert names >= {
        "services.intake.rules",
        "services.notifier.rules",
        "services.planner.plan",
        "services.planner.decide",
        "services.planner.apply",
        "services.planner.steps",
        "services.transcoder.graph",
        "services.snapshotter.render",
        "services.merger.graph",
    }


@pytest.mark.parametrize("module", PURE, ids=lambda module: module.name)
def test_pure_modules_do_no_io(module: Module) -> None:
    direct = {one.name for one in module.imports}
    assert not direct & OUTSIDE
    reached = {name.split(".")[0] for name in reachable(module)} & OUTSIDE
    assert reached <= ({"os"} if LOOKS_AT_LINKS in reachable(module) else set())
