"""The command line that the seeded campaigns share."""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from campaigns.outcome import Figures, keep

Campaign = Callable[[int, int, Path], Figures]


def run_campaign(name: str, promise: str, campaign: Campaign, count: int, counted: str) -> None:
    """Run a whole campaign in a folder of its own and keep its figures.

    Args:
        name: Name of the campaign, that of its module.
        promise: What it shows to hold, in one sentence.
        campaign: Called with count, seed and an empty folder; raises where the promise is broken.
        count: Default of `--count`.
        counted: What is counted, for the help.
    """
    parser = argparse.ArgumentParser(prog=f"python -m campaigns.{name}", description=promise)
    parser.add_argument("--count", type=int, default=count, help=f"{counted} (default {count})")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    command = f"python -m campaigns.{name} --count {options.count} --seed {options.seed}"
    print(command)
    with tempfile.TemporaryDirectory() as folder:
        figures = campaign(options.count, options.seed, Path(folder))
    keep(name, promise, command, figures)
