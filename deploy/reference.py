"""The README's tables, generated from the settings, presets and message types: `python -m deploy.reference --write`."""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from contracts import presets
from contracts.catalog import CATALOG
from shared.settings import Settings

README = Path(__file__).parent.parent / "README.md"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("|" + "---|" * (lines[0].count("|") - 1))
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def settings_table() -> str:
    """Every environment variable of the services."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = (
            "this host and process" if field.default_factory is not None and name == "worker_name" else field.default
        )
        if name == "tenant_weights":
            default = "{}"
        if name == "work_dir":
            default = "vodflow in the temporary directory"
        shown = "" if default is None else f"`{default}`" if " in " not in str(default) else default
        rows.append((f"`VODFLOW_{name.upper()}`", shown, field.description))
    return table(("variable", "default", "meaning"), rows)


def messages_table() -> str:
    """Every public message type."""
    rows = [
        (
            f"`{message.key}`",
            message.role,
            f"`{message.exchange}`" if message.exchange else "the `reply_to` queue",
            message.summary,
        )
        for message in CATALOG.values()
        if message.role != "work"
    ]
    return table(("routing key", "kind", "goes to", "meaning"), rows)


def presets_table() -> str:
    """Every preset template."""
    rows: list[tuple[object, ...]] = []
    for number, rendition in presets.TRANSCODE.items():
        video, audio = rendition.video, rendition.audio
        what = f"{rendition.container}: {video.codec} {video.height}p, {video.fps:g} fps, {video.bitrate_kbps} kbps; {audio.codec} {audio.bitrate_kbps} kbps"
        rows.append((number, "transcode", what))
    rows += [
        (number, "snapshot_by_time_offset", f"{one.format}, as source") for number, one in presets.SNAPSHOT.items()
    ]
    rows += [
        (number, "sampled_snapshot", f"{one.format}, as source, every {one.sample_interval:g} {_unit(one.sample_type)}")
        for number, one in presets.SAMPLED_SNAPSHOT.items()
    ]
    rows += [
        (
            number,
            "image_sprite",
            f"{one.format}, {one.rows} x {one.columns} tiles of {one.width} x {one.height}, every {one.sample_interval:g} {_unit(one.sample_type)}",
        )
        for number, one in presets.SPRITE.items()
    ]
    return table(("definition", "kind", "what it makes"), rows)


def _unit(sample_type: str) -> str:
    return "s" if sample_type == "time" else "%"


PARTS: dict[str, Callable[[], str]] = {
    "messages": messages_table,
    "presets": presets_table,
    "settings": settings_table,
}


def refreshed(text: str) -> str:
    """The README with its generated parts made anew."""
    for name, make in PARTS.items():
        pattern = re.compile(rf"(<!-- {name}: generated -->\n).*?(<!-- end -->)", re.DOTALL)
        text = pattern.sub(lambda found, made=make(): f"{found[1]}\n{made}\n\n{found[2]}", text)
    return text


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        raise SystemExit("usage: python -m deploy.reference --write")
    README.write_text(refreshed(README.read_text()))
