"""Generates the JSON Schemas (draft 2020-12) of every message and the AsyncAPI document from the models.

    python -m contracts.schemas                 write them; refuses an incompatible change
    python -m contracts.schemas --new-baseline  write them and forget what was promised: before a first release only

A message is the envelope (`envelope.json`) with `data` as in the schema of its key (`flow.submit.v1.json`).
"""

import json
import sys
from pathlib import Path
from typing import Any

from .asyncapi import document
from .catalog import CATALOG, MessageType
from .compatibility import breaks
from .envelope import CloudEvent
from .schema_forms import Plain, opened

HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas"
ASYNCAPI = HERE / "asyncapi.json"
GOLDEN = HERE.parent / "tests" / "contracts" / "golden"
BASELINE = HERE.parent / "tests" / "contracts" / "baseline"

DIALECT = "https://json-schema.org/draft/2020-12/schema"
COMMAND = "python -m contracts.schemas"


def envelope_schema() -> dict[str, Any]:
    """The schema of the envelope."""
    return _document("envelope", CloudEvent.model_json_schema(schema_generator=Plain))


def data_schema(message: MessageType) -> dict[str, Any]:
    """The schema of a message's data: strict for commands, open for whatever comes later elsewhere."""
    schema = message.model.model_json_schema(schema_generator=Plain)
    return _document(message.key, schema if message.role == "command" else opened(schema))


def index() -> dict[str, Any]:
    """What there is, by key."""
    return {
        "envelope": "envelope.json",
        "messages": [
            {
                "key": message.key,
                "type": message.type,
                "role": message.role,
                "exchange": message.exchange,
                "data": f"{message.key}.json",
                "summary": message.summary,
            }
            for message in CATALOG.values()
        ],
    }


def files() -> dict[Path, str]:
    """Every generated file's text."""
    made: dict[Path, Any] = {SCHEMAS / f"{key}.json": data_schema(message) for key, message in CATALOG.items()}
    made[SCHEMAS / "envelope.json"] = envelope_schema()
    made[SCHEMAS / "index.json"] = index()
    made[ASYNCAPI] = document(examples())
    return {path: text(content) for path, content in made.items()}


def examples() -> dict[str, dict[str, Any]]:
    """A whole message for each key, from the golden files as far as they are here."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(GOLDEN.glob("*.json"))}


def promised() -> dict[str, dict[str, Any]]:
    """The schemas to stay compatible with, by key."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(BASELINE.glob("*.json"))}


def broken_promises() -> list[str]:
    """What the models break of the baseline."""
    found = []
    for key, old in promised().items():
        if key not in CATALOG:
            found.append(f"{key}: removed")
        else:
            found += [f"{key}: {what}" for what in breaks(old, data_schema(CATALOG[key]))]
    return found


def text(content: Any) -> str:
    """The committed form."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write everything. Exit code 1: the change would break what was promised."""
    if "--new-baseline" not in sys.argv[1:] and (broken := broken_promises()):
        print(*broken, "Keep these and make a new major version beside it.", sep="\n", file=sys.stderr)
        return 1
    made = files()
    for stale in set(SCHEMAS.glob("*.json")) - set(made):
        stale.unlink()
    SCHEMAS.mkdir(exist_ok=True)
    for path, content in made.items():
        path.write_text(content)
    if BASELINE.parent.is_dir():
        _write_baseline()
    return 0


def _write_baseline() -> None:
    BASELINE.mkdir(exist_ok=True)
    for old in BASELINE.glob("*.json"):
        old.unlink()
    for key, message in CATALOG.items():
        (BASELINE / f"{key}.json").write_text(text(data_schema(message)))


def _document(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": f"urn:vodflow:schema:{name}"} | schema


if __name__ == "__main__":
    sys.exit(main())
