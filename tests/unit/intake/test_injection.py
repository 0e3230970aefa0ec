"""Whatever names, comments, drawings and URLs hold, a flow is the one it would be with harmless ones, or is refused."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.envelope import CloudEvent
from contracts.flows import FlowAccepted, FlowSubmit
from contracts.subtasks import Transcode
from contracts.tasks import TemplateKind
from contracts.templates import FIRST_CUSTOM_DEFINITION, TemplatePut, TemplateView
from contracts.watermarks import ImageWatermark, SvgWatermark
from services.intake.contents import Contents
from services.intake.library import Library
from services.intake.rules import accept
from services.intake.template_handlers import TemplateDesk
from services.intake.template_store import Content, Templates
from shared.bus import Bus, Received
from shared.errors import RequestError
from shared.locations import LocalFile, parse

ROOTS = [Path("/media")]
BITS = [
    *(
        "'",
        '"',
        ":",
        ",",
        ";",
        "[",
        "]",
        "{",
        "}",
        "%",
        "\\",
        "=",
        "|",
        "\n",
        "\0",
        "\x1b[2J",
        "$",
        "$where",
        "..",
        "/",
    ),
    *("-i", " -y ", "-vf", "movie=/etc/passwd", "[in]", "drawtext=textfile=/etc/passwd", "%{pts}", "${HOME}", "`id`"),
    *("file:", "file:///etc/passwd", "http://127.0.0.1/", "concat:", "subfile,,start,0,end,9,,:", "pipe:0", "data:,x"),
    *("{inputName}", "{number}", "&amp;", "<!--", "]]>", "\u202e", "水"),
]
hostile = st.lists(st.sampled_from(BITS) | st.characters(exclude_categories=["Cs"]), max_size=8).map("".join)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"/>'


class Shelf:
    """Keeps one template as Templates would."""

    async def create(self, tenant: str, kind: TemplateKind, content: Content, command_id: str) -> TemplateView:
        self.content = content
        return TemplateView(kind=kind, definition=FIRST_CUSTOM_DEFINITION, type="custom", **content)


class Mute:
    """Sends nothing anywhere."""

    def event(self, *_args: object, **_attributes: object) -> None:
        return None

    async def answer(self, *_args: object) -> None:
        return None


def put(name: str, comment: str) -> dict[str, Any]:
    """The parameters of a template that was put under a name, as a flow finds them."""
    asked = TemplatePut(kind="watermark", name=name, comment=comment, parameters={"type": "svg"})
    shelf = Shelf()
    event = CloudEvent.of("template.put.v1", asked, source="test", id="1")
    received = Received(event, asked, reply_to="", correlation_id="")
    asyncio.run(TemplateDesk(cast(Templates, shelf), cast(Bus, Mute())).put(received))
    return dict(shelf.content["parameters"])


def submitted(parameters: dict[str, Any], svg: str = SVG, **others: Any) -> tuple[FlowAccepted, Contents]:
    mark = {"definition": FIRST_CUSTOM_DEFINITION} | ({"svg_content": svg} if parameters["type"] == "svg" else {})
    tasks = {"transcode": [{"definition": 100010, "watermarks": [mark]}]}
    command = FlowSubmit.model_validate({"input": {"url": "file:///media/a.mp4"}, "tasks": tasks, **others})
    contents = Contents("file:///scratch/f")
    library = Library({("watermark", FIRST_CUSTOM_DEFINITION): parameters})
    return accept(command, "0" * 32, ROOTS, datetime(2026, 11, 21, tzinfo=UTC), library, contents), contents


HARMLESS = submitted({"type": "svg"})[0]


@given(name=hostile, comment=hostile)
@settings(max_examples=150)
def test_a_template_s_name_and_comment_reach_no_flow(name: str, comment: str) -> None:
    try:
        parameters = put(name, comment)
    except ValidationError:
        return
    assert submitted(parameters)[0] == HARMLESS


@given(context=hostile)
@settings(max_examples=50)
def test_a_session_s_context_is_only_told_again(context: str) -> None:
    flow, _ = submitted({"type": "svg"}, session_context=context)
    assert flow.session_context == context
    assert flow.model_copy(update={"session_context": ""}) == HARMLESS


@given(
    st.builds(
        "{}<svg xmlns='http://www.w3.org/2000/svg' {}>{}</svg>".format,
        st.just("") | hostile,
        st.just("") | hostile.map(lambda text: f"a='{text}'"),
        hostile | hostile.map(lambda text: f"<image href='{text}'/>") | hostile.map(lambda text: f"<![CDATA[{text}]]>"),
    )
    | hostile
)
@settings(max_examples=200)
def test_a_drawing_is_content_of_a_file_whose_name_is_ours(svg: str) -> None:
    try:
        flow, contents = submitted({"type": "svg"}, svg)
    except RequestError as error:
        assert (error.code, error.field) == (
            "InvalidParameterValue.SvgTemplate",
            "tasks.transcode.0.watermarks.0.svg_content",
        )
        return
    [subtask] = flow.subtasks
    assert isinstance(subtask, Transcode)
    [mark] = subtask.watermarks
    assert isinstance(mark, SvgWatermark) and re.fullmatch(r"file:///scratch/f/svg-[0-9a-f]{64}", mark.url)
    assert contents.files == {mark.url: svg.encode()}
    [plain] = cast(Transcode, HARMLESS.subtasks[0]).watermarks
    same = subtask.model_copy(update={"watermarks": [mark.model_copy(update={"url": cast(SvgWatermark, plain).url})]})
    assert [same] == HARMLESS.subtasks


@given(
    st.sampled_from(
        ["", "file:///media/", "file:///media", "s3://b/", "file:", "https://h/", "/media/", "FILE:///media/"]
    ),
    hostile,
)
@settings(max_examples=200)
def test_an_image_s_url_is_a_place_of_ours_or_refused(start: str, rest: str) -> None:
    parameters = {"type": "image", "image": {"url": start + rest, "width": "10%"}}
    try:
        flow, _ = submitted(parameters)
    except (RequestError, ValidationError):
        return
    [subtask] = flow.subtasks
    assert isinstance(subtask, Transcode)
    [mark] = subtask.watermarks
    assert isinstance(mark, ImageWatermark)
    place = parse(mark.url, ROOTS)
    if isinstance(place, LocalFile):
        assert Path("/media") in (place.path, *place.path.parents)
    else:
        assert place.bucket == "b"
