"""Images that a template or a task of watermarks brings along: whether they really are some. Pure."""

import base64
import binascii
import io
from collections.abc import Mapping
from typing import Any

from contracts import codes
from contracts.model import Asked
from contracts.watermark_parameters import IMAGE_BYTES, WatermarkParameters
from shared.errors import RequestError


def decoded(content: str, field: str) -> bytes:
    """The bytes of an image's content. Raises RequestError (ImageContent) when it is no base64, or too large."""
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RequestError(f"{field}: no base64: {error}", codes.WATERMARK_IMAGE_CONTENT, field) from error
    if len(raw) > IMAGE_BYTES:
        text = f"{field}: an image of {len(raw):,} bytes, at most {IMAGE_BYTES:,}"
        raise RequestError(text, codes.WATERMARK_IMAGE_CONTENT, field)
    return raw


def check_images(parameters: Asked, field: str) -> None:
    """Whether the image of a watermark's parameters can be shown; other parameters are none of its business.

    Raises:
        RequestError: ImageContent: no base64, too many bytes or pixels. ImageDecodeError: no image, or a broken one.
    """
    if not isinstance(parameters, WatermarkParameters) or not parameters.image or parameters.image.content is None:
        return
    from shared.image_files import FORMATS, BadImage, TooLarge, pictures  # loads 2 MB that few requests need

    place = f"{field}.image.content"
    raw = decoded(parameters.image.content, place)
    try:
        for _ in pictures(io.BytesIO(raw)):
            pass
    except TooLarge as error:
        raise RequestError(f"{place}: {error}", codes.WATERMARK_IMAGE_CONTENT, place) from error
    except BadImage as error:
        text = f"{place}: no {', '.join(FORMATS).lower()} that can be decoded"
        raise RequestError(text, codes.WATERMARK_IMAGE_DECODE, place) from error


def check_same_type(model: type[Asked], before: Mapping[str, Any], change: Mapping[str, Any]) -> None:
    """Raises RequestError (Type) when a modification would make another type of watermark of a template."""
    was = before.get("type")
    if model is WatermarkParameters and change.get("type", was) != was:
        text = f"parameters.type: a watermark of type {was} stays one: put another template"
        raise RequestError(text, codes.WATERMARK_TYPE, "parameters.type")
