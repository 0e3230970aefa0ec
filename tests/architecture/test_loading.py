"""What few requests need is loaded for these alone: an idle service has to stay small."""

import subprocess
import sys

import pytest

from deploy.local.services import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_no_service_loads_cryptography_at_its_start(name: str) -> None:
    loaded = f"import sys, services.{name}.app; print(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    said = subprocess.run([sys.executable, "-c", loaded], check=True, capture_output=True, text=True).stdout.split()
    assert "pymongo" in said and "cryptography" not in said
    assert name != "intake" or "PIL" not in said
