"""The notice of an upload."""

import pytest

from contracts.errors import Refused
from contracts.procedures import ProcedurePut
from contracts.uploads import UploadCompleted
from tests.integration.workflows.house import TASKS, House


async def test_an_upload_is_answered_as_a_submission_is(house: House) -> None:
    await house.start()
    await house.client.put_procedure(ProcedurePut.model_validate({"name": "mine", "tasks": TASKS}))
    told = {"url": "s3://media/up/a.mp4", "procedure": "mine", "session_id": "one", "session_context": "c"}
    notice = UploadCompleted.model_validate(told)
    first = await house.client.upload_completed(notice, message_id="m-1")
    assert (first.input.url, first.procedure, first.session_context) == ("s3://media/up/a.mp4", "mine", "c")
    assert first.output.storage == "s3://media/up/"
    assert await house.client.upload_completed(notice, message_id="m-1") == first
    for members, expected in (
        ({}, ("FailedOperation.TaskDuplicate", "session_id")),
        ({"procedure": "none"}, ("InvalidParameter.ProcedureNameNotExist", "procedure")),
        ({"url": "file:///etc/passwd"}, ("UnauthorizedOperation", "url")),
    ):
        with pytest.raises(Refused) as caught:
            await house.client.upload_completed(UploadCompleted.model_validate({**told, **members}))
        assert (caught.value.code, caught.value.field) == expected
