"""Exact fractions in messages: frame rates and time bases as text "num/den"."""

from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema


def _parse(value: Any) -> Fraction:
    if isinstance(value, Fraction | int):
        return Fraction(value)
    if isinstance(value, str):
        try:
            return Fraction(value)
        except ZeroDivisionError as error:
            raise ValueError("the denominator must not be 0") from error
    raise ValueError('expected a fraction as text, such as "30000/1001"')


Rational = Annotated[
    Fraction,
    BeforeValidator(_parse),
    PlainSerializer(lambda value: f"{value.numerator}/{value.denominator}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+(/[1-9]\d*)?$", "examples": ["30000/1001"]}),
]
"""A fraction; JSON form "num/den"."""
