"""Call every public function with wrong and with right arguments, drawn at random.

`python -m campaigns.arguments` runs the tests of `tests/arguments` under a Hypothesis profile that
draws other values every time, and many more. Each wrong argument must give the one sentence before
anything is done, each right one must work.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from secrets import randbelow
from tempfile import TemporaryDirectory

from campaigns.outcome import keep

ROOT = Path(__file__).parents[1]
TESTS = "tests/arguments"
SECONDS = 1800
PROMISE = (
    "Any wrong argument of a public function gives one sentence that names it, before anything is "
    "done; any right one works."
)


def main(arguments: list[str] | None = None) -> int:
    """Run the campaign and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m campaigns.arguments", description=__doc__)
    parser.add_argument("--examples", type=int, default=400, help="draws of an argument")
    parser.add_argument("--seed", type=int, help="repeat a campaign (default: another every time)")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="test processes")
    options = parser.parse_args(arguments)
    seed = randbelow(2**32) if options.seed is None else options.seed
    command = f"python -m campaigns.arguments --examples {options.examples} --seed {seed}"
    counts = draw(options.examples, seed, f"-n{options.workers}", TESTS)
    if counts is None:
        print(
            f"An argument broke the promise: see above. Repeat it with {command}", file=sys.stderr
        )
        return 1
    keep("arguments", PROMISE, command, figures(counts))
    return 0


def draw(examples: int, seed: int, *options: str) -> Counter[str] | None:
    """Run the chosen tests with so many draws of each argument; None if one of them failed."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider"]
        command += ["--hypothesis-profile=campaign", f"--hypothesis-seed={seed}", *options]
        environment = {**os.environ, "ARGUMENT_COUNTS": folder, "CAMPAIGN_EXAMPLES": str(examples)}
        result = subprocess.run(command, cwd=ROOT, env=environment, timeout=SECONDS, check=False)
        if result.returncode:
            return None
        return sum((_read(path) for path in Path(folder).glob("*.json")), Counter())


def figures(counts: Mapping[str, int]) -> dict[str, int]:
    """Sum the counts, whose names are a kind, a callable and perhaps an argument of it."""
    totals: Counter[str] = Counter()
    for name, count in counts.items():
        kind, thing, *argument = name.split()
        if thing.startswith("companion."):  # the tests of the tests draw too
            totals[kind] += count
            totals["callables"] += kind == "valid"
            totals["arguments"] += len(argument)
    return {
        "public functions, classes and methods": totals["callables"],
        "arguments": totals["arguments"],
        "calls with a wrong argument": totals["invalid"],
        "calls with right arguments": totals["valid"],
        "remedies of messages followed": totals["remedy"],
        "violations": 0,
    }


def _read(path: Path) -> "Counter[str]":
    return Counter(json.loads(path.read_text("utf-8")))


if __name__ == "__main__":
    sys.exit(main())
