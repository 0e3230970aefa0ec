"""Passwords that are made once and kept in the data directory."""

import os
import secrets
from pathlib import Path


def kept_secret(file: Path) -> str:
    """The password in this file; made on first use, readable by this user only."""
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        password = secrets.token_hex(20)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
            target.write(password)
        return password


def fresh_unless_complete(directory: Path, complete: Path) -> None:
    """Empty a database directory whose first start was interrupted: nothing that matters is in it yet."""
    if not complete.exists():
        for root, folders, files in os.walk(directory, topdown=False):
            for name in files:
                os.unlink(os.path.join(root, name))
            for name in folders:
                os.rmdir(os.path.join(root, name))
