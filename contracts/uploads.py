"""The notice that an upload is complete. Source: reference A.4 (CommitUpload with the Procedure of ApplyUpload)."""

from pydantic import Field

from .flows import FlowSubmit, Input, Notify, Output
from .model import Asked


class UploadCompleted(Asked):
    """Command `upload.completed.v1`: a file was put into storage whole; do with it what `procedure` says.

    Answered as `flow.submit.v1` is. The other members are those of `flow.submit.v1`.
    """

    url: str = Field(min_length=1, max_length=4096)
    procedure: str = Field(min_length=1, max_length=20)
    output: Output | None = None
    session_id: str = Field(default="", max_length=50)
    session_context: str = Field(default="", max_length=1000)
    priority: int = Field(default=0, ge=-10, le=10)
    notify: Notify = Notify()

    def flow(self) -> FlowSubmit:
        """The flow that it asks for."""
        others = {name: getattr(self, name) for name in type(self).model_fields if name != "url"}
        return FlowSubmit(input=Input(url=self.url), **others)
