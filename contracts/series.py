"""Files that come in a row, each with its number in its name: pictures, sheets, segments. Pure."""

from typing import Annotated

from pydantic import Field

from .model import Asked, Model

PlaceHolder = Annotated[str, Field(pattern=r"^[0A-Za-z_-]$")]


class NumberFormat(Asked):
    """How the number of a file is written: file n (from 0) has `initial_value` + n x `increment`.

    What is shorter than `min_length` is filled up on its left with `place_holder`: 0, a letter, "_" or "-" (any other
    digit would make one number look like another).
    """

    initial_value: int = Field(default=0, ge=0, le=1_000_000_000)
    increment: int = Field(default=1, ge=1, le=1_000_000)
    min_length: int = Field(default=1, ge=1, le=20)
    place_holder: PlaceHolder = "0"

    def text(self, n: int) -> str:
        """The number of file n."""
        return str(self.initial_value + n * self.increment).rjust(self.min_length, self.place_holder)


class Series(Model):
    """The URLs of files in a row. `parts` are the pieces of a URL that the file's number goes between."""

    parts: list[str] = Field(min_length=2)
    numbers: NumberFormat = NumberFormat()

    def url(self, n: int) -> str:
        """Where file n goes; n counts from 0."""
        return self.named(self.numbers.text(n))

    def named(self, word: str) -> str:
        """Where the file with this word in place of its number goes."""
        return word.join(self.parts)
