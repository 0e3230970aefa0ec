"""What a web address must be like to be fetched from or posted to: what can be told before connecting to it. Pure.

The same parser reads it here and in the connection (shared/guarded.py): what is checked is what is used.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from yarl import URL

from contracts import codes

from .addresses import Network, allowed, literal
from .errors import RequestError

SCHEMES = ("https", "http")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_LONGEST_HOST = 253


def is_web(url: str) -> bool:
    """Whether a URL is one of the web."""
    return url.split(":", 1)[0].lower() in SCHEMES


@dataclass(frozen=True)
class WebRules:
    """Which schemes and, beyond the public ones, which networks may be connected to."""

    schemes: Sequence[str] = SCHEMES
    networks: Sequence[Network] = ()
    settings: str = "VODFLOW_FETCH"
    """What the names of the settings begin with that say so."""

    @property
    def mend(self) -> str:
        """What is told with a refused address."""
        return f"an operator may list its network in {self.settings}_NETWORKS"

    def checked(self, text: str) -> URL:
        """The URL to ask for, without its fragment.

        Raises:
            RequestError: another scheme, an impossible host or port, credentials in it, an address that is refused.
        """
        url = _parsed(text)
        told = shown(text)
        if url.scheme not in self.schemes:
            names = " or ".join(f"{scheme}://" for scheme in self.schemes)
            raise RequestError(f"{told}: give a {names} URL ({self.settings}_SCHEMES)", codes.UNSUPPORTED_STORAGE)
        if url.raw_user is not None or url.raw_password is not None:
            text = f"{told}: a URL must not hold a user name or a password; give a signed one that expires"
            raise RequestError(text, codes.INVALID_PARAMETER_VALUE)
        host = url.raw_host
        if not host or len(host) > _LONGEST_HOST or not _is_host(host):
            raise RequestError(f"{told}: its host is no name and no address", codes.INVALID_PARAMETER_VALUE)
        if not url.port:
            raise RequestError(f"{told}: port 0 is none", codes.INVALID_PARAMETER_VALUE)
        address = literal(host)
        if address is not None and not allowed(address, self.networks):
            raise RequestError(f"{told}: {address} is no public address; {self.mend}", codes.STORAGE_REFUSED)
        return url


MEND = WebRules().mend
"""What is told with a refused address of a source."""


def shown(url: str) -> str:
    """A URL as it may be told and logged: without credentials, query and fragment, in which secrets travel."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "the URL"
    return ascii(f"{parts.scheme}://{host}{parts.path}")[1:-1][:500]


def _parsed(text: str) -> URL:
    told = shown(text)
    if any(character <= " " or character == "\x7f" for character in text):
        raise RequestError(f"{told}: a URL holds no space and no control character", codes.INVALID_PARAMETER_VALUE)
    try:
        to_the_letter = text.isascii() and "\\" not in text  # a signature is over what was signed
        url = URL(text, encoded=to_the_letter).with_fragment(None)
        _ = url.port  # an impossible one is found out when it is asked for
        return url
    except (ValueError, UnicodeError) as error:
        raise RequestError(f"{told}: this is no URL: {error}", codes.INVALID_PARAMETER_VALUE) from error


def _is_host(host: str) -> bool:
    """A name of letters, digits, hyphens, underscores and dots, or an address; no other form of an address.

    What ends in a number is meant as an address (https://url.spec.whatwg.org/#ends-in-a-number-checker), and those who
    look it up differ in which one `127.1` or `0x7f.1` is.
    """
    if literal(host) is not None:
        return True
    labels = host.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return False
    plain = all(label and len(label) <= 63 and label.replace("-", "").replace("_", "").isalnum() for label in labels)
    return plain and host.isascii()
