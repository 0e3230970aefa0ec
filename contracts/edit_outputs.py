"""What is told of a finished edit. Source: reference E.5 (EditMediaTask)."""

from typing import Literal

from pydantic import Field

from .model import Model
from .rendition_outputs import RenditionOutput


class TakenInput(Model):
    """What an edit shows of one of its inputs, in seconds from that input's start.

    `start_s` is when its first picture that is shown comes; `end_s` None means its end. `frames` is how many of its
    pictures lie between, None where no index tells.
    """

    url: str
    start_s: float
    end_s: float | None = None
    frames: int | None = None


class EditMediaOutput(RenditionOutput):
    """A finished edit. `copied`: its pictures are the inputs' own, not encoded anew.

    `base` is the number of the input, from 0, whose size, rate and sound are the result's where the edit leaves them
    open; `inputs` tell what was taken of each.
    """

    kind: Literal["edit_media"] = "edit_media"
    copied: bool = False
    base: int = 0
    inputs: list[TakenInput] = Field(default_factory=list)
