"""Where a listing goes on: the last flow shown, as text. Pure."""

import base64
import binascii
from datetime import datetime

from contracts import codes
from shared.errors import RequestError

from .flow import Flow


def token(flow: Flow) -> str:
    """The place after this flow."""
    return base64.urlsafe_b64encode(f"{flow.accepted.accepted_at.isoformat()} {flow.flow_id}".encode()).decode()


def parse(text: str) -> tuple[datetime, str]:
    """The place that a token names. Raises RequestError when it is none of ours."""
    try:
        moment, flow_id = base64.urlsafe_b64decode(text.encode()).decode().split(" ")
        return datetime.fromisoformat(moment), flow_id
    except (ValueError, binascii.Error) as error:
        raise RequestError(
            "scroll_token is not one that a listing gave", codes.INVALID_PARAMETER_VALUE, "scroll_token"
        ) from error
