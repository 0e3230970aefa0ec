"""What every service needs and no service owns."""

import sys
from types import ModuleType
from typing import cast

cast(dict[str, ModuleType | None], sys.modules)["pymongo.pyopenssl_context"] = None
"""An ImportError for PyMongo, which looks for PyOpenSSL, and would load all of `cryptography`, 8 MB, to find none."""
