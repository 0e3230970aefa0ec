"""The AsyncAPI 3.0 document of the public messages, from the catalogue and the topology.

Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0 and its AMQP bindings 0.3.0. The work exchange is
internal and left out. Payloads use what AsyncAPI's own schema dialect (draft-07) understands.
"""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from . import topology
from .answers import ANSWERS
from .catalog import CATALOG, MessageType
from .envelope import CONTENT_TYPE, CloudEvent
from .schema_forms import Plain, draft7, opened

UNREADABLE = "command.rejected.v1"

SUBSCRIBER = "subscriber"
REF = "#/components/schemas/{model}"
DESCRIPTION = (
    "Publish a command to the topic exchange vodflow.commands, persistent, with confirms and mandatory; answers go to "
    "the queue that reply_to names, with the same correlation_id. Public events are on vodflow.events and, once you "
    "have put a subscription, in a queue of your own. Every message is a CloudEvents 1.0 event in structured JSON. "
    "Adding an optional member keeps a version: ignore what you don't know. In commands, though, an unknown member is "
    "refused: see the strict schemas in schemas/."
)


def document(examples: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The whole document; `examples` has a message for each key, as far as there are any."""
    public = [message for message in CATALOG.values() if message.role != "work"]
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for message in public:
        if message.exchange is None:
            continue
        channels[message.key] = _channel(message)
        if message.role == "command":
            answers = (*ANSWERS[message.key], UNREADABLE)
            channels[_answers_of(message.key)] = _answers(answers)
            operations[f"handle.{message.key}"] = _handles(message, answers)
        else:
            operations[f"tell.{message.key}"] = _operation("send", message.key, message.summary)
    events = [message.key for message in public if message.role == "event"]
    channels[SUBSCRIBER] = _subscriber_channel(events)
    operations["deliver"] = _operation("send", SUBSCRIBER, "Put matching events into a subscription's queue.")
    return {
        "asyncapi": "3.0.0",
        "id": "urn:vodflow",
        "info": {"title": "vodflow", "version": "1.0.0", "description": DESCRIPTION, "license": {"name": "MIT"}},
        "defaultContentType": CONTENT_TYPE,
        "servers": {"rabbitmq": {"host": "localhost:5672", "protocol": "amqp", "protocolVersion": "0.9.1"}},
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {message.key: _message(message, examples.get(message.key)) for message in public},
            "schemas": _schemas(public),
        },
    }


def _channel(message: MessageType) -> dict[str, Any]:
    exchange = {"name": message.exchange, "type": "topic", "durable": True, "autoDelete": False, "vhost": "/"}
    return {
        "address": message.key,
        "messages": _messages((message.key,)),
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _answers(keys: tuple[str, ...]) -> dict[str, Any]:
    return {
        "address": None,
        "description": "The queue that the command's reply_to names.",
        "messages": _messages(keys),
        "bindings": {"amqp": {"is": "queue", "queue": {"exclusive": True, "vhost": "/"}, "bindingVersion": "0.3.0"}},
    }


def _subscriber_channel(keys: list[str]) -> dict[str, Any]:
    queue = {"durable": True, "exclusive": False, "autoDelete": False, "vhost": "/"}
    return {
        "address": topology.subscriber_queue("{tenant}", "{name}"),
        "description": "A subscription's quorum queue, made when it is put. Consume with manual acks.",
        "parameters": {
            "tenant": {"description": "The tenant that put the subscription."},
            "name": {"description": "The subscription's name."},
        },
        "messages": _messages(keys),
        "bindings": {"amqp": {"is": "queue", "queue": queue, "bindingVersion": "0.3.0"}},
    }


def _handles(message: MessageType, answers: tuple[str, ...]) -> dict[str, Any]:
    channel = _answers_of(message.key)
    reply = {
        "address": {"location": "$message.header#/replyTo", "description": "AMQP property reply_to."},
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{key}"} for key in answers],
    }
    return _operation("receive", message.key, message.summary) | {"reply": reply}


def _operation(action: str, channel: str, summary: str) -> dict[str, Any]:
    bindings = {"deliveryMode": 2, "mandatory": True, "bindingVersion": "0.3.0"} if action == "send" else None
    operation = {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary}
    return operation | ({"bindings": {"amqp": bindings}} if bindings else {})


def _message(message: MessageType, example: dict[str, Any] | None) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if message.role == "command":
        headers = {"replyTo": {"type": "string", "description": "AMQP property reply_to: where the answer goes."}}
    made: dict[str, Any] = {
        "name": message.type,
        "title": message.key,
        "summary": message.summary,
        "contentType": CONTENT_TYPE,
        "tags": [{"name": message.role}],
        "correlationId": {"location": "$message.header#/correlationId"},
        "headers": {
            "type": "object",
            "properties": {"correlationId": {"type": "string", "description": "AMQP property correlation_id."}}
            | headers,
        },
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEvent"},
                {
                    "type": "object",
                    "required": ["data"],
                    "properties": {
                        "type": {"const": message.type},
                        "data": {"$ref": f"#/components/schemas/{message.model.__name__}"},
                    },
                },
            ]
        },
        "bindings": {"amqp": {"contentEncoding": "utf-8", "messageType": message.type, "bindingVersion": "0.3.0"}},
    }
    if example is not None:
        made["examples"] = [{"name": message.key, "payload": example}]
    return made


def _schemas(messages: list[MessageType]) -> dict[str, Any]:
    models: list[type[BaseModel]] = [CloudEvent, *dict.fromkeys(message.model for message in messages)]
    made = models_json_schema([(m, "validation") for m in models], ref_template=REF, schema_generator=Plain)[1]
    definitions: dict[str, Any] = draft7(opened(made["$defs"]))
    return definitions


def _messages(keys: tuple[str, ...] | list[str]) -> dict[str, Any]:
    return {key: {"$ref": f"#/components/messages/{key}"} for key in keys}


def _answers_of(key: str) -> str:
    return f"{key}.answers"
