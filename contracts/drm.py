"""DRM is not offered: templates that would need it are known, and refused with a code of their own."""

from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from .codes import DRM_TYPE

NOT_OFFERED = "DRM is not offered here: streams are not encrypted"

PRESETS = {
    11: "FairPlay",
    12: "SimpleAES",
    13: "Widevine",
    14: "EncryptBase",
    31: "SDMC FairPlay",
    41: "SDMC Widevine",
}
"""Preset templates of adaptive streaming that are none here (reference D.2)."""


def _none(value: object) -> object:
    if value != "":
        raise PydanticCustomError(DRM_TYPE, '{text}: drm_type must be ""', {"text": NOT_OFFERED})
    return value


DrmType = Annotated[str, Field(max_length=0), BeforeValidator(_none)]
"""Always "". An error has the type `DRM_TYPE`."""
