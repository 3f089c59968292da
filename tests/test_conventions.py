"""Rules that hold for all code of the package."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "companion").rglob("*.py"))
ATOMIC = ROOT / "companion/_atomic.py"
UNPICKLER = ROOT / "companion/datasets/_pickles.py"
HEAVY = ("tensorflow", "keras", "matplotlib", "scipy", "sklearn")
WRITERS = re.compile(r"(?!_atomic\.).*\.(write_text|write_bytes|savefig)|np\.save\w*")
WRITING_MODE = re.compile(r"[rabt]*[wx+][wxabt+]*")
PICKLERS = {"pickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
LONGEST_FILE = 300


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def plain_writes(node: ast.AST, atomic: bool = False) -> Iterator[int]:
    """Yield the lines that write a file neither through `_atomic` nor to its temporary path."""
    if isinstance(node, ast.With):
        atomic = atomic or any("atomic_file(" in ast.unparse(item) for item in node.items)
    if isinstance(node, ast.Call) and not atomic and writes(node):
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from plain_writes(child, atomic)


def writes(call: ast.Call) -> bool:
    function = ast.unparse(call.func)
    name = function.rpartition(".")[2]
    if name in {"open", "fdopen"}:
        values = [*call.args, *(keyword.value for keyword in call.keywords)]
        constants = [value.value for value in values if isinstance(value, ast.Constant)]
        return any(WRITING_MODE.fullmatch(str(constant)) for constant in constants)
    return bool(WRITERS.fullmatch(function))


def imports(tree: ast.Module) -> Iterator[str]:
    """Yield the first part of every imported name, wherever in the file it is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("module", [m for m in MODULES if m != ATOMIC], ids=name_of)
def test_files_are_written_atomically(module):
    assert list(plain_writes(ast.parse(module.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("path.open('w')", [1]),
        ("open(path, mode='xb')", [1]),
        ("\npath.write_text('x')", [2]),
        ("np.save(path, x)", [1]),
        ("path.open()", []),
        ("tarfile.open(path, 'r:xz')", []),
        ("open(path, 'rb')", []),
        ("_atomic.write_text(path, 'x')", []),
        ("with atomic_file(path) as p, p.open('wb') as f:\n    np.save(f, x)", []),
    ],
)
def test_plain_writes_are_found(code, lines):
    assert list(plain_writes(ast.parse(code))) == lines


@pytest.mark.parametrize("module", [m for m in MODULES if m != UNPICKLER], ids=name_of)
def test_nothing_is_unpickled(module):
    source = module.read_text("utf-8")
    assert not PICKLERS & set(imports(ast.parse(source)))
    assert "allow_pickle=True" not in source


def test_the_unpickler_is_restricted():
    """It never calls `pickle.load`, only a class of its own that overrides `find_class`."""
    source = UNPICKLER.read_text("utf-8")
    assert "pickle.load" not in source
    assert "def find_class" in source


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_files_are_short(module):
    assert len(module.read_text("utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_module_is_a_drawer_for_everything(module):
    assert module.stem not in {"utils", "util", "helpers", "misc", "common"}


def test_import_is_light():
    code = f"import sys, companion; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert result.stdout.strip() == "[]"
