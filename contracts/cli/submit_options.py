"""The options of `vodflow submit`: what to make of a source, and how."""

from typing import Annotated, Literal

import typer

Source = Annotated[str, typer.Argument(metavar="FILE|URL", help="A file, or a file://, s3:// or web URL.")]
Transcode = Annotated[list[str] | None, typer.Option(metavar="N,N", help="Renditions, by template.")]
SnapshotAt = Annotated[
    list[str] | None,
    typer.Option(metavar="TIME,TIME", help='Pictures at times: "3.5s", "-2s" before the end, "10%".'),
]
Snapshot = Annotated[int, typer.Option(metavar="N", help="Template of --snapshot-at.")]
SampledSnapshot = Annotated[
    list[str] | None, typer.Option(metavar="N,N", help="Pictures at equal distances, by template.")
]
Sprite = Annotated[list[str] | None, typer.Option(metavar="N,N", help="Sprite sheets, by template.")]
Animated = Annotated[
    list[str] | None,
    typer.Option(
        metavar="N@START-END",
        help="Animated gif or webp, by template, of a window in seconds: 20000@3-6.5, 20000@3- to the end, 20000@3--2.",
    ),
]
Cover = Annotated[
    list[str] | None, typer.Option(metavar="N@POSITION", help='A cover, by snapshot template: "10@50%", "10@3.5s".')
]
Adaptive = Annotated[
    list[str] | None, typer.Option(metavar="N,N", help="Adaptive streaming (HLS 10, DASH 20), by template.")
]
Procedure = Annotated[str | None, typer.Option(metavar="NAME", help="A named list of tasks, instead of the above.")]
Then = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="A procedure for the result, of the one subtask that makes a single media file."),
]
Tasks = Annotated[str | None, typer.Option(metavar="JSON|@FILE", help="The `tasks` member in full, besides the above.")]
Override = Annotated[
    str | None, typer.Option(metavar="JSON|@FILE", help="What to change of the --transcode templates.")
]
Watermark = Annotated[
    list[str] | None,
    typer.Option(
        metavar="N|N=TEXT|N=@SVGFILE", help="On the --transcode renditions: a watermark by template, with its content."
    ),
]
HeadTail = Annotated[
    list[str] | None,
    typer.Option(metavar="N,N", help="Clips before and after the --transcode renditions, by head_tail template."),
]
Start = Annotated[float, typer.Option(metavar="S", help="Renditions begin here; negative: from the end.")]
End = Annotated[float, typer.Option(metavar="S", help="Renditions end here; 0: at the end.")]
Output = Annotated[
    str | None,
    typer.Option(
        metavar="DIR|URL", help="Where results go. By default VODFLOW_STORAGE_ROOT/<name>/, else beside the source."
    ),
]
OutputDir = Annotated[
    str, typer.Option(metavar="TEMPLATE", help="A directory below the output's: /films/{inputName}/.")
]
NameTemplate = Annotated[
    str | None,
    typer.Option(metavar="TEMPLATE", help="Name of the --transcode results: {inputName}_{definition}.{format}."),
]
SessionId = Annotated[str, typer.Option(help="Refuse another one like it within three days.")]
Context = Annotated[str, typer.Option(help="Comes back in every event.")]
Priority = Annotated[int, typer.Option(min=-10, max=10, help="Larger goes first.")]
Notify = Annotated[Literal["finish", "change", "none"], typer.Option(help="What subscribers hear.")]
MessageId = Annotated[str | None, typer.Option(help="The same id again gets the same answer.")]
Wait = Annotated[bool, typer.Option("--wait", help="Watch it to its end; the exit code tells how it ended.")]
