"""The product's modules and what each imports, read from their source without running it."""

import ast
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contracts", "shared", "services", "deploy")


@dataclass(frozen=True)
class Import:
    """One imported module: its absolute name, and how many dots it was written with."""

    name: str
    level: int


@dataclass(frozen=True)
class Module:
    """A source file."""

    name: str
    path: Path
    docstring: str
    imports: tuple[Import, ...]
    lines: int

    @property
    def package(self) -> str:
        """contracts, shared, services or deploy."""
        return self.name.split(".")[0]

    @property
    def service(self) -> str:
        """Of a service's module: which."""
        return self.name.split(".")[1]

    @property
    def own(self) -> set[str]:
        """The top-level names it imports, ours and others'."""
        return {one.name.split(".")[0] for one in self.imports}


@functools.cache
def modules(packages: Sequence[str] = PACKAGES) -> tuple[Module, ...]:
    """Every module of the packages."""
    return tuple(_read(path) for package in packages for path in sorted((ROOT / package).rglob("*.py")))


def reachable(start: Module) -> set[str]:
    """Names of all modules that a module imports, directly or through others of ours."""
    known = {module.name: module for module in modules()}
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        for one in ahead.pop().imports:
            if one.name not in seen:
                seen.add(one.name)
                ahead += [known[one.name]] if one.name in known else []
    return seen


def _read(path: Path) -> Module:
    text = path.read_text()
    tree = ast.parse(text)
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, ast.get_docstring(tree) or "", tuple(_imports(tree, path)), len(text.splitlines()))


def _imports(tree: ast.Module, path: Path) -> Iterator[Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, path)
            yield Import(base, node.level)
            yield from (Import(f"{base}.{alias.name}", node.level) for alias in node.names if _is_module(base, alias))


def _absolute(node: ast.ImportFrom, path: Path) -> str:
    if not node.level:
        return node.module or ""
    package = path.relative_to(ROOT).parts[: -node.level]
    return ".".join((*package, node.module) if node.module else package)


def _is_module(base: str, alias: ast.alias) -> bool:
    place = ROOT.joinpath(*base.split("."))
    return (place / f"{alias.name}.py").is_file() or (place / alias.name / "__init__.py").is_file()
