"""Dependencies point one way: contracts <- shared <- services; services never meet; each driver has one home."""

import pytest

from tests.architecture.modules import PACKAGES, Module, modules

HOMES = {
    "av": {"shared.flv_writing"},
    "faststream": {"shared.bus", "shared.delivery", "shared.raw_delivery"},
    "motor": {"shared.store"},
    "pymongo": {"shared.store"},
    "obstore": {"shared.s3_objects", "contracts.cli.s3_storing"},
    "opentelemetry": {"shared.telemetry", "shared.delivery", "shared.log", "shared.raw_delivery"},
    "uvicorn": {"shared.health"},
    "structlog": {"shared.log"},
    "watchfiles": {"services.intake.directory_watch"},
}
"""Which modules of shared and services know a library."""


def ours(module: Module) -> set[str]:
    return module.own.intersection(PACKAGES)


def test_there_is_something_to_look_at() -> None:
    assert {module.package for module in modules()} == set(PACKAGES)
    assert len(modules()) > 100


@pytest.mark.parametrize("module", modules(("contracts",)), ids=lambda module: module.name)
def test_contracts_stand_alone(module: Module) -> None:
    """They are built as a distribution of their own, under another name."""
    assert all(one.level for one in module.imports if one.name.split(".")[0] in PACKAGES)
    assert ours(module) <= {"contracts"}


@pytest.mark.parametrize("module", modules(("shared",)), ids=lambda module: module.name)
def test_shared_knows_contracts_only(module: Module) -> None:
    assert ours(module) <= {"contracts", "shared"}


@pytest.mark.parametrize("module", modules(("services",)), ids=lambda module: module.name)
def test_services_do_not_know_each_other(module: Module) -> None:
    assert ours(module) <= {"contracts", "shared", "services"}
    others = {one.name.split(".")[1] for one in module.imports if one.name.startswith("services.")}
    assert not others or others == {module.service}


def test_deploy_knows_no_service() -> None:
    """It starts services as processes."""
    for module in modules(("deploy",)):
        assert ours(module) <= {"contracts", "shared", "deploy"}, module.name


@pytest.mark.parametrize(("library", "homes"), HOMES.items(), ids=HOMES)
def test_a_library_has_one_home(library: str, homes: set[str]) -> None:
    users = {module.name for module in modules(("shared", "services", "contracts")) if library in module.own}
    assert users and users <= homes
