"""The README's tables and the list of parameters, generated from models, presets, settings and message types.

python -m deploy.reference --write
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import get_args

from contracts import presets, streaming_presets
from contracts.catalog import CATALOG
from contracts.edit_parameters import EditParameters
from contracts.fitting import CMAF, CONTAINERS, Holds
from contracts.head_tails import HeadTailParameters
from contracts.kinds import KINDS
from contracts.model import Model
from contracts.parameters import AudioParameters, SampledSnapshotParameters, SpriteParameters, TranscodeParameters
from contracts.tasks import Tasks, TemplateKind
from contracts.watermark_parameters import WatermarkParameters
from shared.settings import Settings

from .parameters import parameters

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PARAMETERS = ROOT / "contracts" / "parameters.md"


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
        tracks = [*([_picture(rendition)] if not rendition.remove_video else []), _sound(rendition.audio)]
        rows.append((number, "transcode", f"{_container(rendition)}: {'; '.join(tracks)}"))
    for number, snapshot in presets.SNAPSHOT.items():
        rows.append((number, "snapshot_by_time_offset, cover_by_snapshot", f"{snapshot.format}, as source"))
    for number, series in presets.SAMPLED_SNAPSHOT.items():
        rows.append((number, "sampled_snapshot", f"{series.format}, as source, {_every(series)}"))
    for number, sprite in presets.SPRITE.items():
        tiles = f"{sprite.rows} x {sprite.columns} tiles of {sprite.width} x {sprite.height}"
        rows.append((number, "image_sprite", f"{sprite.format}, {tiles}, {_every(sprite)}"))
    for number, moving in presets.ANIMATED_GRAPHIC.items():
        rows.append((number, "animated_graphic", f"{moving.format}, as source, {moving.fps:g} fps"))
    for number, adaptive in streaming_presets.ADAPTIVE.items():
        rates = ", ".join(f"{one.video.height}p {one.video.bitrate_kbps} kbps" for one in adaptive.streams)
        rows.append((number, "adaptive_dynamic_streaming", f"{adaptive.format}: {rates}; none above the source"))
    return table(("definition", "kind", "what it makes"), rows)


def catalogue_table() -> str:
    """Every kind of subtask."""
    rows = []
    for kind, about in KINDS.items():
        (task,) = get_args(Tasks.model_fields[kind].annotation)
        rows.append((f"`{kind}`", _first_sentence(task), f"`{about.template_kind}`", _presets(about.templates)))
    return table(("kind", "what it makes", "templates", "presets"), rows)


def _presets(templates: Mapping[int, Model]) -> str:
    """Their numbers, or when there are many how many there are for each container."""
    kinds = Counter(one.container for one in templates.values() if isinstance(one, TranscodeParameters))
    return ", ".join(f"{count} {name}" for name, count in kinds.items()) or ", ".join(map(str, templates))


def parameters_page() -> str:
    """Every parameter of every kind of template, and every preset."""
    about = "What a template holds and `override` may change, and the presets at the end; generated from the models."
    parts = ["# Parameters of templates", about]
    for kind, model in _templates().items():
        rows = [(f"`{one.path}`", one.values, one.default) for one in parameters(model)]
        meaning = " ".join((model.__doc__ or "").split())
        parts += [f"## {kind}", meaning, table(("parameter", "values", "default"), rows)]
    rows = [(f"`{one.path}`", one.values, one.default) for one in parameters(EditParameters)]
    meaning = " ".join((EditParameters.__doc__ or "").split())
    parts += ["## config of edit.submit.v1", meaning, table(("parameter", "values", "default"), rows)]
    parts += ["## Presets", "Templates that are always there, and can be read only.", presets_table()]
    return "\n\n".join(parts) + "\n"


def _templates() -> dict[TemplateKind, type[Model]]:
    found: dict[TemplateKind, type[Model]] = {}
    for about in KINDS.values():
        found.setdefault(about.template_kind, about.subtask.model_fields["parameters"].annotation)
    found["watermark"] = WatermarkParameters
    found["head_tail"] = HeadTailParameters
    return found


def _first_sentence(model: type[Model]) -> str:
    return " ".join((model.__doc__ or "").split("\n\n")[0].split())


def containers_table() -> str:
    """What fits into each container."""
    held: list[tuple[str, Holds]] = [*CONTAINERS.items(), (CMAF.name, CMAF)]
    rows = [(name, ", ".join(holds.video) or "none", ", ".join(holds.audio)) for name, holds in held]
    return table(("container", "picture", "sound"), rows)


def _container(rendition: TranscodeParameters) -> str:
    fragmented = rendition.container == "hls" and rendition.segment_type == "fmp4"
    return f"{rendition.container} ({rendition.segment_type})" if fragmented else rendition.container


def _picture(rendition: TranscodeParameters) -> str:
    video = rendition.video
    if video.codec == "copy":
        return "picture as it is"
    size = f"{video.height}p" if video.height else f"{video.width} wide" if video.width else "size as source"
    rate = f"{video.bitrate_kbps} kbps" if video.bitrate_kbps else "constant quality"
    rate = f"{rendition.tehd.type}, {rate}" if rendition.tehd else rate
    gop = f", a keyframe every {video.gop} {video.gop_unit}s" if video.gop else ""
    return f"{video.codec} {size}, {f'{video.fps:g} fps' if video.fps else 'times as source'}, {rate}{gop}"


def _sound(audio: AudioParameters) -> str:
    if audio.codec == "copy":
        return "sound as it is"
    return f"{audio.codec} {f'{audio.bitrate_kbps} kbps' if audio.bitrate_kbps else 'as source'}"


def _every(sampled: SampledSnapshotParameters | SpriteParameters) -> str:
    return f"every {sampled.sample_interval:g} {'s' if sampled.sample_type == 'time' else '%'}"


PARTS: dict[str, Callable[[], str]] = {
    "catalogue": catalogue_table,
    "containers": containers_table,
    "messages": messages_table,
    "settings": settings_table,
}


def refreshed(text: str) -> str:
    """The README with its generated parts made anew."""
    for name, make in PARTS.items():
        pattern = re.compile(rf"(<!-- {name}: generated -->\n).*?(<!-- end -->)", re.DOTALL)
        text = pattern.sub(rf"\g<1>\n{_escaped(make())}\n\n\g<2>", text)
    return text


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        raise SystemExit("usage: python -m deploy.reference --write")
    README.write_text(refreshed(README.read_text()))
    PARAMETERS.write_text(parameters_page())
