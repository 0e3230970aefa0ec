"""Ranges of numbers that JSON Schema and the models share."""

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function


@dataclass(frozen=True)
class ZeroOr:
    """0 or within a range, in the model and in its JSON Schema."""

    low: int
    high: int

    def check(self, value: float) -> float:
        if value != 0 and not self.low <= value <= self.high:
            raise ValueError(f"must be 0 or {self.low} to {self.high}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | {"anyOf": [{"const": 0}, {"minimum": self.low, "maximum": self.high}]}
