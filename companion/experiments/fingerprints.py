"""Fingerprints: short names for exactly which configuration and which code made a number.

The source fingerprint covers the functions that a study names and everything of this package that
they use, found by reading the files (nothing is imported, so loading a record stays cheap).
Comments, docstrings, blank lines and argument checks (`check_...`) do not count. Data sets are left
out: they have a fingerprint of their own.
"""

import ast
import hashlib
import io
import json
import tokenize
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from companion.experiments.study import Study

_NOT_FOLLOWED = ("companion._validate", "companion._atomic", "companion.datasets")


def canonical_json(value: object) -> str:
    """Write plain values as JSON in one way only: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON of plain values."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def config_fingerprint(study: Study, arm: str) -> str:
    """Identify what an arm's runs are configured to do."""
    return digest({"train": study.train, "dataset": study.dataset, "config": study.arms[arm]})


def source_fingerprint(study: Study) -> str:
    """Identify the code that a study's runs execute, without comments and docstrings."""
    addresses = {study.train}
    for config in study.arms.values():
        addresses.update(_addresses(config))
    pieces: dict[tuple[str, str], str] = {}
    for address in sorted(addresses):
        module, _, name = address.partition(":")
        _collect(module, name, pieces)
    return digest(sorted([*key, text] for key, text in pieces.items()))


def _addresses(config: object) -> Iterator[str]:
    if isinstance(config, Mapping):
        for value in config.values():
            yield from _addresses(value)
    elif isinstance(config, str) and config.startswith("companion.") and ":" in config:
        yield config


def _collect(module: str, name: str, pieces: dict[tuple[str, str], str]) -> None:
    if (module, name) in pieces or not _is_followed(module, name):
        return
    definitions, imports = _parse(module)
    if name in definitions:
        text, used = definitions[name]
        pieces[module, name] = text
        for other in used:
            _collect(module, other, pieces)
    elif name in imports:
        _collect(*imports[name], pieces)


def _is_followed(module: str, name: str) -> bool:
    if name.lstrip("_").startswith("check_"):
        return False
    return not any(f"{module}.".startswith(f"{skipped}.") for skipped in _NOT_FOLLOWED)


@cache
def _parse(module: str) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
    """Return a module's top-level definitions (text, names used) and its imports of this kind."""
    source = _module_file(module).read_text("utf-8")
    tree = ast.parse(source)
    top_level = module.partition(".")[0]
    lines = _without_comments(source, tree)
    definitions, imports = {}, {}
    for node in tree.body:
        for name in _defined_names(node):
            used = sorted({leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name)})
            definitions[name] = (_text(lines, node), [other for other in used if other != name])
    for leaf in ast.walk(tree):
        if isinstance(leaf, ast.ImportFrom) and (leaf.module or "").startswith(top_level + "."):
            for alias in leaf.names:
                imports[alias.asname or alias.name] = (str(leaf.module), alias.name)
    return definitions, imports


def _module_file(module: str) -> Path:
    top_level, *rest = module.split(".")
    spec = find_spec(top_level)
    if spec is None or spec.origin is None:
        raise ValueError(
            f"The source of module {module} was not found, so its fingerprint is unknown. "
            f"Try installing the package that holds it."
        )
    if not rest:
        return Path(spec.origin)
    path = Path(spec.origin).parent.joinpath(*rest)
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _defined_names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _without_comments(source: str, tree: ast.Module) -> list[str]:
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            first, last = node.body[0].lineno, node.body[0].end_lineno or node.body[0].lineno
            lines[first - 1 : last] = [""] * (last - first + 1)
    return lines


def _text(lines: list[str], node: ast.stmt) -> str:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    kept = (line.rstrip() for line in lines[first - 1 : node.end_lineno])
    return "\n".join(line for line in kept if line)
