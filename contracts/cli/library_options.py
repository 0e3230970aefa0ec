"""Options of `vodflow templates` and `vodflow procedures`, and how a value of them that can't be used is told."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from ..tasks import TemplateKind
from .exits import USAGE, complaints, fail
from .request import WrongFlag, json_object

M = TypeVar("M", bound=BaseModel)

Kind = Annotated[TemplateKind, typer.Argument(metavar="KIND", help="Such as transcode or image_sprite.")]
Definition = Annotated[int, typer.Argument(metavar="N", min=0, help="The template's number.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The procedure's name, at most 20 characters.")]
Tasks = Annotated[str, typer.Argument(metavar="JSON|@FILE", help="The tasks, as in a submission.")]
Comment = Annotated[str, typer.Option(help="At most 256 characters.")]
Type = Literal["preset", "custom"] | None
Offset = Annotated[int, typer.Option(min=0, help="How many to leave out before the first.")]
Limit = Annotated[int, typer.Option(min=1, max=100, help="How many at most.")]


def given(text: str, flag: str) -> Mapping[str, Any]:
    """The JSON object of an argument, itself or as `@FILE`; leaves with a sentence when there is none."""
    try:
        return json_object(text, flag)
    except WrongFlag as error:
        fail(USAGE, str(error))


def asked(model: type[M], **members: Any) -> M:
    """The command; leaves with a sentence for each member that can't be."""
    try:
        return model.model_validate(members)
    except ValidationError as error:
        fail(USAGE, *complaints(error))
