"""Mutation testing: how many small errors in the code do the tests notice?

cosmic-ray changes one operator or number at a time in a copy of the project and runs the tests that
belong to the module, its own test files first. A change no test notices survives and is listed.
Stopping loses nothing: as long as a module is the same, the same command goes on with it, and tries
again only what survived, since new tests may notice it. `make clean` begins anew. All changes take
hours on two cores; `--share 0.3` tries a random 30 % of them, and a larger share later adds to it.
"""

import argparse
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkItem, WorkResult
from tqdm.auto import tqdm

from campaigns.outcome import keep
from companion._atomic import write_text
from companion._progress import is_interactive

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "mutants"
TARGETS = ("claims.py", "_validate.py", "datasets", "experiments")
COPIED = ("companion", "tests", "campaigns", "pyproject.toml")
GOAL = 0.85
SECONDS_A_TEST_RUN = 150.0
# One change of each kind of arithmetic is enough: eleven others of the same operator tell no more.
# `|` stands in annotations, and `is` for `==` is an error that Python itself reports.
EXCLUDED = (
    "core/ReplaceBinaryOperator_(?!Add_Sub|Sub_Add|Mul_Div|Div_Mul|FloorDiv_Mul|Mod_Mul|Pow_Mul"
    "|BitXor_BitAnd|BitAnd_BitXor|RShift_LShift|LShift_RShift)",
    "core/ReplaceComparisonOperator_(?!Is)[A-Za-z]+_Is(Not)?$",
)
# Records are refused when the code that made them changes in any way: no evidence of good tests.
RECORDS = {"test_catalogue.py"}
# These take long and say nothing of other modules than their own.
SLOW = {"test_real_cifar10.py", "test_cluster.py", "test_stand_in.py", "test_training.py"}
QUICK = ("-x", "-q", "-p", "no:nbval", "-p", "no:cacheprovider")
# A module's tests stand in the file that mirrors it and in those of its ideas, but for these.
TESTED_BY = {"_shapes": "stand_in"}
NOT_DRAWN = "This change is not in the random share."
CONFIG = """\
# tests {tests}
[cosmic-ray]
module-path = {module!r}
timeout = {timeout}
excluded-modules = []
test-command = {command!r}
[cosmic-ray.distributor]
name = "local"
[cosmic-ray.filters.operators-filter]
exclude-operators = {excluded!r}
"""


def main() -> None:
    """Try every change on `--workers` copies at a time and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m campaigns.mutants", description=__doc__)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--share", type=float, default=1.0, help="part of the changes to try")
    parser.add_argument("modules", nargs="*", help="only these, such as companion/claims.py")
    options = parser.parse_args()
    modules = [Path(name) for name in options.modules] or list(find_modules())
    sessions = try_changes(modules, options.workers, options.share)
    figures = summarize(sessions, options.share)
    write_text(BUILD / "survivors.diff", "\n".join(survivors(sessions, options.share)))
    print(f"Survivors are in {(BUILD / 'survivors.diff').relative_to(ROOT)}.")
    if options.modules:
        print(figures)
        return
    promise = "The tests notice at least 85 % of small errors in claims, data, runner and checks."
    if float(figures["share killed"]) < GOAL:
        sys.exit(f"Less than {GOAL:.0%} were killed: {figures}.")
    command = f"python -m campaigns.mutants --share {options.share}"
    keep("mutants", promise, command, {"share of all changes": options.share, **figures})


def find_modules() -> Iterator[Path]:
    """Yield the modules under test, those with the most code first, so that none is left alone."""
    package = ROOT / "companion"
    paths = [p for name in TARGETS for p in [package / name, *(package / name).glob("*.py")]]
    files = [path for path in paths if path.suffix == ".py"]
    yield from (p.relative_to(ROOT) for p in sorted(files, key=lambda p: -p.stat().st_size))


def tests_of(module: Path) -> list[str]:
    """Return the tests of a module: the files that mirror it, then its folder or the arguments'."""
    folder = Path("tests", *module.parts[1:-1])
    mirror = folder / f"test_{_tested_by(module)}.py"
    ideas = (path.relative_to(ROOT) for path in sorted(ROOT.glob(f"{mirror.with_suffix('')}_*.py")))
    wider = Path("tests/arguments") if folder == Path("tests") else folder
    return [str(path) for path in (mirror, *ideas, wider) if (ROOT / path).exists()]


def _tested_by(module: Path) -> str:
    return TESTED_BY.get(module.stem, module.stem.strip("_"))


def try_changes(modules: list[Path], workers: int, share: float = 1.0) -> list[Path]:
    """Make a session of every module, each on a copy of the project; return the sessions."""
    copies: SimpleQueue[Path] = SimpleQueue()
    for number in range(workers):
        copies.put(_copy_project(BUILD / f"copy{number}"))

    check_tests(modules, BUILD / "copy0")

    def work(module: Path) -> Path:
        copy = copies.get()
        try:
            return run_session(module, copy, share)
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(workers) as pool:
        done = pool.map(work, modules)
        return list(tqdm(done, total=len(modules), unit="module", disable=not is_interactive()))


def check_tests(modules: list[Path], copy: Path) -> None:
    """Run the tests on the unchanged code: where they fail, every change would seem noticed."""
    tests = sorted({test for module in modules for test in tests_of(module)})
    ignored = [f"--ignore-glob=*/{name}" for name in sorted(RECORDS | SLOW)]
    command = [sys.executable, "-m", "pytest", *QUICK, *ignored, *tests]
    done = subprocess.run(
        command, cwd=copy, env=_environment(copy), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"The tests fail on the code as it is.\n{done.stdout[-2000:]}")


def run_session(module: Path, copy: Path, share: float) -> Path:
    """Try a module's changes that are drawn and not killed yet; return the session's file."""
    name = "-".join([*module.with_suffix("").parts, _digest_of(ROOT, [str(module)])])
    session = BUILD / f"{name}.sqlite"
    config = session.with_suffix(".toml")
    command = [sys.executable, "-m", "pytest", *_options(module), *tests_of(module)]
    text = CONFIG.format(
        tests=_digest_of(copy, tests_of(module)),
        module=str(module),
        timeout=SECONDS_A_TEST_RUN,
        command=" ".join(command),
        excluded=list(EXCLUDED),
    )
    if config.exists() and config.read_text() != text:
        _forget_survivors(session)  # these tests may notice them
    write_text(config, text)
    if not session.exists():
        _cosmic_ray(copy, "init", str(config), str(session))
        _cosmic_ray(copy, "filter", str(session), str(config))
    draw(session, share)
    shutil.copy2(ROOT / module, copy / module)  # an interrupted session may have left a change
    _cosmic_ray(copy, "exec", str(config), str(session))
    return session


def _options(module: Path) -> list[str]:
    others = RECORDS | SLOW
    own = {name for name in others if _tested_by(module).startswith(Path(name).stem[5:])}
    ignored = others - own
    return [*QUICK, *(f"--ignore-glob=*/{name}" for name in sorted(ignored))]


def _digest_of(root: Path, names: list[str]) -> str:
    digest = hashlib.sha256()
    for path in (root / name for name in names):
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _forget_survivors(session: Path) -> None:
    with closing(sqlite3.connect(session)) as database, database:
        database.execute("DELETE FROM work_results WHERE test_outcome = 'SURVIVED'")


def draw(session: Path, share: float) -> None:
    """Leave those changes to try that are in the share and were not tried before."""
    with closing(sqlite3.connect(session)) as database, database:
        database.execute("DELETE FROM work_results WHERE output = ?", [NOT_DRAWN])
    with use_db(str(session), WorkDB.Mode.open) as database:
        others = [item.job_id for item in database.pending_work_items if _rank(item) >= share]
        skipped = WorkResult(worker_outcome=WorkerOutcome.SKIPPED, output=NOT_DRAWN)
        database.set_multiple_results(others, skipped)


def _rank(item: WorkItem) -> float:
    """Return a number in [0, 1) that is random, but always the same for the same change."""
    (change,) = item.mutations
    text = f"{change.operator_name} {change.occurrence} {change.start_pos} {change.operator_args}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) / 2**32


def _cosmic_ray(copy: Path, command: str, *arguments: str) -> None:
    modules = {"filter": "cosmic_ray.tools.filters.operators_filter"}
    start = [sys.executable, "-m", modules.get(command, "cosmic_ray.cli")]
    start += [] if command in modules else [command]
    subprocess.run([*start, *arguments], cwd=copy, env=_environment(copy), check=True)


def _environment(copy: Path) -> dict[str, str]:
    quiet = {"CI": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "COMPANION_DATA": "stand-in"}
    threads = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OMP_NUM_THREADS": "1"}
    # Bytecode is compared by second and size: a change could be missed.
    here = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return {**os.environ, **quiet, **threads, **here}


def _copy_project(folder: Path) -> Path:
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target, ignore=ignore, dirs_exist_ok=True)
        else:
            shutil.copy2(source, target)
    return folder


def results_of(session: Path, share: float) -> list[WorkResult]:
    """Return the results of the changes in the share; an earlier one may have been larger."""
    with use_db(str(session), WorkDB.Mode.open) as database:
        drawn = {item.job_id for item in database.work_items if _rank(item) < share}
        results = [result for job, result in database.results if job in drawn]
    return [result for result in results if result.worker_outcome != WorkerOutcome.SKIPPED]


def summarize(sessions: list[Path], share: float = 1.0) -> dict[str, int | float | str]:
    """Return how many changes were tried and killed, in all and by group of modules."""
    groups: dict[str, list[bool]] = {}
    endless = 0
    for session in sessions:
        results = results_of(session, share)
        killed = [result.test_outcome == TestOutcome.KILLED for result in results]
        endless += sum(result.output == "timeout" for result in results)
        groups.setdefault(session.stem.split("-")[1], []).extend(killed)
    every = [killed for group in groups.values() for killed in group]
    shares = {f"killed in {name}": f"{sum(k)} of {len(k)}" for name, k in groups.items() if k}
    return {
        "changes tried": len(every),
        "killed": sum(every),
        "killed by the time limit": endless,
        "share killed": round(sum(every) / max(1, len(every)), 4),
        **shares,
    }


def survivors(sessions: list[Path], share: float = 1.0) -> Iterator[str]:
    """Yield the changes that no test noticed."""
    for session in sessions:
        for result in results_of(session, share):
            if result.test_outcome != TestOutcome.KILLED:
                yield result.diff or str(result.output)


if __name__ == "__main__":
    main()
