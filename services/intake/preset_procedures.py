"""The procedures that are always there. Names and steps: reference D.5, those that need no DRM. Pure.

Where a cover is taken the reference leaves open: at 10 %, since films begin in black.
"""

from collections.abc import Mapping
from typing import Any

from contracts.kinds import KINDS
from contracts.tasks import Tasks

_STEPS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "LongVideoPreset": {
        "adaptive_dynamic_streaming": [{"definition": 10}],
        "image_sprite": [{"definition": 10}],
        "cover_by_snapshot": [{"definition": 10, "position_type": "percent", "position_value": 10}],
    },
}

KEPT_NAMES = frozenset(
    {
        "LongVideoPreset",
        "SimpleAesEncryptPreset",
        "WidevineFairPlayPreset",
        "SDMC-WidevineFairPlayPreset",
        "MultiDRMPreset",
    }
)
"""Names that no tenant may give to a procedure of its own: presets, those to come included."""


def complete(steps: Mapping[str, Mapping[str, list[dict[str, Any]]]]) -> dict[str, Tasks]:
    """The procedures whose every step has its kind and its preset template here; the others wait until they do."""
    return {name: Tasks.model_validate(kinds) for name, kinds in steps.items() if _can(kinds)}


def _can(kinds: Mapping[str, list[dict[str, Any]]]) -> bool:
    return all(
        kind in KINDS and step["definition"] in KINDS[kind].templates for kind, steps in kinds.items() for step in steps
    )


PRESET_PROCEDURES: dict[str, Tasks] = complete(_STEPS)
