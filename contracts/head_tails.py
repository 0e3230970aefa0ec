"""Head and tail clips: short clips in front of and behind a rendition. Source: reference A.3, B.3, C.7."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from .model import Asked
from .rendition_parameters import FillType

ClipUrl = Annotated[str, Field(min_length=1, max_length=4096)]
"""A clip in our own storage: `file://` below a configured root or `s3://bucket/key`."""
Candidates = Annotated[list[ClipUrl], Field(max_length=5)]


class HeadTailParameters(Asked):
    """A clip to play before a rendition and one to play after it, each the fittest of up to five candidates.

    Of `heads` and of `tails` (URLs in our own storage, at least one in all) the one is used whose aspect is nearest to
    that of the source's picture, the first of equals. It gets the rendition's size, codec and sound; `fill_type` tells
    how another aspect is brought to it.
    """

    heads: Candidates = Field(default_factory=list)
    tails: Candidates = Field(default_factory=list)
    fill_type: FillType = "stretch"

    @model_validator(mode="after")
    def _adds_something(self) -> Self:
        if not self.heads and not self.tails:
            raise ValueError("give heads, tails or both")
        return self


class HeadTailTask(Asked):
    """A head, a tail or both for one rendition: by template, or with `definition` 0 as `raw` tells."""

    definition: int = Field(default=0, ge=0, le=2_147_483_647)
    raw: HeadTailParameters | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.definition == 0) != (self.raw is not None):
            raise ValueError("raw goes with definition 0, and with no other")
        return self
