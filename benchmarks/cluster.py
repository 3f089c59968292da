"""Time a grid of small runs on Dask workers: one, two, and one with two threads.

Two one-thread workers must be at least 1.8 times as fast as one. Every run trains the small CNN on
images that `load_cifar10` finds here, real or stand-in, in a fresh process that first imports
TensorFlow.
"""

import argparse
import os
import tempfile
import time
import warnings

from table import row

from companion.datasets import StandInWarning, load_cifar10
from companion.experiments import Study, dask_executor, process_pool, run
from companion.experiments.catalogue.settings import CNN

Seconds = tuple[float, float]


def main() -> None:
    """Print the seconds with and without the start of the workers, and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--images", type=int, default=5000)
    options = parser.parse_args()
    os.environ |= {"TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore"}  # the table names the source
    warnings.simplefilter("ignore", StandInWarning)
    row("images of the grid", f"{options.images}", load_cifar10().source)
    with tempfile.TemporaryDirectory() as folder, process_pool(1, 1) as pool:
        warm_up = _grid(1, 1, options.images)  # files are now in memory, data is decoded
        run(warm_up, executor=pool, work_dir=folder, allow_stand_in=True)
    grid = _grid(options.runs, options.epochs, options.images)
    one = _measure(grid, "one worker, one thread", workers=1, threads=1)
    two = _measure(grid, "two workers, one thread each", workers=2, threads=1)
    wide = _measure(grid, "one worker, two threads", workers=1, threads=2)
    row("two workers / one", f"{one[0] / two[0]:.2f} x", "target 1.8 x")
    row("the same, start included", f"{one[1] / two[1]:.2f} x")
    row("one worker with two threads / with one", f"{one[0] / wide[0]:.2f} x")


def _grid(runs: int, epochs: int, images: int) -> Study:
    config = {
        **CNN,
        "build_args": {},
        "epochs": epochs,
        "train_size": images,
        "evaluation_size": images,
    }
    train = "companion.experiments.training:train_classifier"
    return Study("bench", "?", train, {"cnn": config}, tuple(range(1, runs + 1)), "cifar-10")


def _measure(grid: Study, what: str, *, workers: int, threads: int) -> Seconds:
    """Print and return the seconds that the runs take, without and with the start of workers."""
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, dask_executor(workers, threads) as executor:
        started = time.perf_counter()
        run(grid, executor=executor, work_dir=folder, allow_stand_in=True)
        end = time.perf_counter()
    seconds = end - started, end - begin
    row(f"{len(grid.runs)} runs, {what}", f"{seconds[0]:.1f} s", f"{seconds[1]:.1f} s with start")
    return seconds


if __name__ == "__main__":
    main()
