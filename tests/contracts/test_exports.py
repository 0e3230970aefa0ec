"""What other systems import stays where it is."""

import ast
from pathlib import Path

import contracts

ROOT = Path(contracts.__file__).parent


def test_everything_in_all_is_there_and_sorted() -> None:
    public = {
        name for name, value in vars(contracts).items() if not name.startswith("_") and hasattr(value, "__module__")
    }
    assert set(contracts.__all__) >= public
    assert all(hasattr(contracts, name) for name in contracts.__all__)
    upper = [name for name in contracts.__all__ if name.isupper()]
    classes = [name for name in contracts.__all__ if name[0].isupper() and not name.isupper()]
    functions = [name for name in contracts.__all__ if name[0].islower()]
    assert contracts.__all__ == sorted(upper) + sorted(classes) + sorted(functions)


def test_the_models_alone_need_no_broker_library() -> None:
    needed = {"client.py", "connection.py", "asking.py", "feed.py", "consuming.py", "deliveries.py", "watching.py"}
    for path in ROOT.glob("*.py"):
        if path.name not in needed:
            assert "aio_pika" not in path.read_text(), path


def test_imports_within_are_relative() -> None:
    siblings = {path.stem for path in ROOT.iterdir()} | {"contracts", "shared", "services", "deploy", "tests"}
    siblings -= {"errors", "client"}
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                outside = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                outside = {(node.module or "").partition(".")[0]}
            else:
                continue
            assert not outside & siblings, f"{path}:{node.lineno}: use a relative import"
