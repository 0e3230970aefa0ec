"""What every service needs and no service owns."""

import sys

sys.modules["pymongo.pyopenssl_context"] = None  # type: ignore[assignment]  # ImportError for whoever imports it
"""PyMongo looks for PyOpenSSL, which vodflow doesn't use, and loads all of `cryptography` first, 8 MB, to find none."""
