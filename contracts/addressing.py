"""Of any flow: where its source lies, where its results go, whom it is told to."""

from typing import Literal

from pydantic import Field

from .model import Asked
from .naming_options import ResultDirectory, StorageUrl


class Input(Asked):
    """The source: `file://` below a configured root, `s3://bucket/key`, or a web URL, `https://` or `http://`.

    A web URL is fetched first, a playlist (HLS) with all its segments; the flow then needs an `output`.
    """

    url: str = Field(min_length=1, max_length=4096)


class Output(Asked):
    """Where results go: `storage` is a directory URL; a subtask's files lie below it.

    `dir` is a directory below the storage, such as `/films/{inputName}/`; with nothing there the storage itself.
    """

    storage: StorageUrl
    dir: ResultDirectory = ""


class Notify(Asked):
    """Which events subscribers get of this flow: one at its end, every change, or none."""

    mode: Literal["finish", "change", "none"] = "finish"
