"""Intake's templates and procedures: on a real MongoDB, both drivers."""

import asyncio
from typing import Any

import pytest

from contracts import codes
from contracts.procedures import ProcedurePut, ProcedureReset
from contracts.tasks import Tasks
from contracts.templates import FIRST_CUSTOM_DEFINITION as FIRST
from services.intake.library import Number
from services.intake.procedure_store import QUOTA, Procedures
from services.intake.template_store import Templates
from shared.errors import RequestError
from shared.store import Store

SPRITE: dict[str, Any] = {"name": "n", "comment": "c", "parameters": {"rows": 3}}
TASKS = Tasks.model_validate({"image_sprite": [{"definition": 10, "override": {"sample_interval": 10**30}}]})
OTHER = Tasks.model_validate({"sampled_snapshot": [{"definition": 10}]})


@pytest.fixture
async def templates(store: Store) -> Templates:
    made = Templates(store)
    await made.prepare()
    await made.prepare()
    return made


@pytest.fixture
async def procedures(store: Store) -> Procedures:
    made = Procedures(store)
    await made.prepare()
    return made


def put(name: str) -> ProcedurePut:
    return ProcedurePut(name=name, comment="c", tasks=TASKS)


def code(result: object) -> str:
    assert isinstance(result, RequestError)
    return result.code


async def test_a_template_is_made_found_changed_and_deleted(templates: Templates) -> None:
    made = await templates.create("a", "image_sprite", SPRITE, "1")
    assert (made.definition, made.type, made.name, made.parameters) == (FIRST, "custom", "n", {"rows": 3})
    assert await templates.find("a", ("image_sprite", FIRST)) == ((await templates.of("a", "image_sprite"))[0], 1)

    changed = await templates.change("a", ("image_sprite", FIRST), {"parameters": {"rows": 4}}, "2")
    assert changed is not None
    assert (changed.name, changed.parameters, changed.created_at) == ("n", {"rows": 4}, changed.created_at)
    assert changed.updated_at is not None and made.updated_at is not None and changed.updated_at >= made.updated_at

    assert await templates.delete("a", ("image_sprite", FIRST), "3")
    assert await templates.find("a", ("image_sprite", FIRST)) is None
    assert await templates.change("a", ("image_sprite", FIRST), SPRITE, "4") is None
    assert await templates.of("a", "image_sprite") == []
    assert not await templates.delete("a", ("image_sprite", FIRST), "5")


async def test_numbers_count_by_tenant_and_kind_and_never_come_again(templates: Templates) -> None:
    first = await templates.create("a", "image_sprite", SPRITE, "1")
    assert await templates.delete("a", ("image_sprite", first.definition), "2")

    again = await templates.create("a", "image_sprite", SPRITE, "3")
    other_kind = await templates.create("a", "transcode", SPRITE, "4")
    other_tenant = await templates.create("b", "image_sprite", SPRITE, "5")

    assert [made.definition for made in (first, again, other_kind, other_tenant)] == [FIRST, FIRST + 1, FIRST, FIRST]


async def test_the_same_command_again_makes_no_second_template(templates: Templates) -> None:
    made = await asyncio.gather(*(templates.create("a", "image_sprite", SPRITE, "1") for _ in range(5)))

    assert len({one.definition for one in made}) == 1
    assert len(await templates.of("a", "image_sprite")) == 1


async def test_the_same_command_again_has_deleted_and_brings_nothing_back(templates: Templates) -> None:
    made = await templates.create("a", "image_sprite", SPRITE, "1")
    assert await templates.delete("a", ("image_sprite", made.definition), "2")

    assert await templates.delete("a", ("image_sprite", made.definition), "2")
    assert (await templates.create("a", "image_sprite", SPRITE, "1")).definition == made.definition
    assert await templates.of("a", "image_sprite") == []


async def test_a_change_that_comes_again_undoes_no_later_one(templates: Templates) -> None:
    made = await templates.create("a", "image_sprite", SPRITE, "1")
    number = (made.kind, made.definition)
    await templates.change("a", number, {"name": "first"}, "2")
    later = await templates.change("a", number, {"name": "second"}, "3", 2)

    assert await templates.change("a", number, {"name": "first"}, "2") == later
    assert await templates.change("a", number, {"name": "first"}, "2", 3) == later
    assert await templates.create("a", "image_sprite", SPRITE, "1") == later
    assert await templates.of("a", "image_sprite") == [later]


async def test_of_many_templates_at_once_as_many_are_made_as_may_be(templates: Templates) -> None:
    asked = [templates.create("a", "image_sprite", SPRITE, f"{number}") for number in range(24)]

    results = await asyncio.gather(*asked, return_exceptions=True)

    refused = [result for result in results if isinstance(result, BaseException)]
    assert {code(result) for result in refused} == {codes.TOO_MANY_TEMPLATES}
    assert (len(refused), len(await templates.of("a", "image_sprite"))) == (8, 16)
    made = await templates.of("a", "image_sprite")
    assert len({one.definition for one in made}) == 16
    await templates.create("b", "image_sprite", SPRITE, "of another tenant")
    await templates.create("a", "sampled_snapshot", SPRITE, "of another kind")

    assert await templates.delete("a", ("image_sprite", made[3].definition), "delete")
    assert (await templates.create("a", "image_sprite", SPRITE, "one more")).definition > made[-1].definition


async def test_of_two_changes_of_one_revision_one_is_made(templates: Templates) -> None:
    made = await templates.create("a", "image_sprite", SPRITE, "1")

    changes = (templates.change("a", ("image_sprite", made.definition), {"name": name}, name, 1) for name in "xyz")
    results = await asyncio.gather(*changes)

    assert sum(result is not None for result in results) == 1


async def test_parameters_are_found_for_their_tenant_only(templates: Templates) -> None:
    await templates.create("a", "image_sprite", SPRITE, "1")
    wanted: set[Number] = {("image_sprite", FIRST), ("transcode", FIRST), ("image_sprite", FIRST + 1)}

    assert await templates.parameters("a", wanted) == {("image_sprite", FIRST): {"rows": 3}}
    assert await templates.parameters("b", wanted) == {}
    assert await templates.parameters("a", set()) == {}


async def test_a_procedure_is_made_found_replaced_and_deleted(procedures: Procedures) -> None:
    made = await procedures.create("a", put("mine"), "1")
    assert (made.name, made.type, made.comment, made.tasks) == ("mine", "custom", "c", TASKS)
    assert await procedures.tasks("a", "mine") == {"mine": TASKS}
    assert await procedures.tasks("b", "mine") == {}

    replaced = await procedures.replace("a", ProcedureReset(name="mine", tasks=OTHER), "reset")
    assert replaced is not None
    assert (replaced.comment, replaced.tasks) == ("", OTHER)
    assert await procedures.of("a") == [replaced]
    assert await procedures.replace("b", ProcedureReset(name="mine", tasks=OTHER), "reset") is None

    assert await procedures.delete("a", "mine", "2")
    assert await procedures.delete("a", "mine", "2")
    assert not await procedures.delete("a", "mine", "3")
    assert await procedures.of("a") == []
    assert await procedures.tasks("a", "mine") == {}


async def test_a_reset_that_comes_again_undoes_no_later_one(procedures: Procedures) -> None:
    await procedures.create("a", put("mine"), "1")
    await procedures.replace("a", ProcedureReset(name="mine", tasks=OTHER), "2")
    later = await procedures.replace("a", ProcedureReset(name="mine", tasks=TASKS), "3")

    assert await procedures.replace("a", ProcedureReset(name="mine", tasks=OTHER), "2") == later
    assert await procedures.create("a", put("mine"), "1") == later
    assert await procedures.made_by("1") == later
    assert await procedures.made_by("2") is None


async def test_a_name_is_taken_once_and_free_again_after_its_deletion(procedures: Procedures) -> None:
    asked = [procedures.create("a", put("mine"), f"{number}") for number in range(5)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    refused = [result for result in results if isinstance(result, BaseException)]
    assert [code(result) for result in refused] == [codes.PROCEDURE_EXISTS] * 4
    await procedures.create("b", put("mine"), "of another tenant")

    assert await procedures.delete("a", "mine", "delete")
    again = await procedures.create("a", put("mine"), "again")
    assert await procedures.delete("a", "mine", "delete")
    assert await procedures.of("a") == [again]
    assert await procedures.delete("a", "mine", "delete again")
    assert await procedures.of("a") == []


async def test_there_may_be_fifty_procedures(procedures: Procedures) -> None:
    for number in range(QUOTA.most):
        await procedures.create("a", put(f"p{number}"), f"{number}")

    with pytest.raises(RequestError) as refused:
        await procedures.create("a", put("more"), "more")
    assert (refused.value.code, refused.value.field) == (codes.TOO_MANY_TEMPLATES, "name")
    assert (await procedures.create("a", put("p7"), "7")).name == "p7"
    assert [one.name for one in await procedures.of("a")] == [f"p{number}" for number in range(50)]
