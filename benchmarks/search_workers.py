"""Time one KerasTuner search by one worker and by two, each a process with one thread.

Two must finish at least 1.7 times as many trials as one in the same time. Every trial trains a
small dense network on made-up rows. Time counts from the end of each worker's first trial, so that
imports and the first tracing are left out.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import keras
import keras_tuner
import numpy as np
from table import row

LONGEST = 600  # seconds for a whole search
FOLDER, TRIALS, EPOCHS = "SEARCH_FOLDER", "SEARCH_TRIALS", "SEARCH_EPOCHS"


def build(hp: keras_tuner.HyperParameters) -> keras.Model:
    """Return a small dense network; all have about the same size."""
    rate = hp.Float("rate", 1e-4, 1e-2, sampling="log")
    layers = [keras.layers.Dense(256, activation="relu") for _ in range(2)]
    model = keras.Sequential([keras.Input((128,)), *layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(rate), "mse")
    return model


class TimedSearch(keras_tuner.RandomSearch):
    """Notes when each trial ended; nothing is saved of its model."""

    def run_trial(
        self, trial: keras_tuner.engine.trial.Trial, *args: np.ndarray, **kwargs: object
    ) -> dict[str, float]:
        """Train one network and return its loss."""
        loss = self.hypermodel.build(trial.hyperparameters).fit(*args, **kwargs).history["loss"][-1]
        log = Path(os.environ[FOLDER]) / f"ended-{os.getpid()}"
        with log.open("a") as file:
            file.write(f"{time.time()}\n")
        return {"loss": float(loss)}


def search() -> None:
    """Make the tuner and search, in the chief and in every worker."""
    x = np.random.default_rng(1).normal(size=(4000, 128)).astype("float32")
    tuner = TimedSearch(
        build,
        objective=keras_tuner.Objective("loss", "min"),
        max_trials=int(os.environ[TRIALS]),
        seed=1,
        directory=os.environ[FOLDER],
        project_name="search",
    )
    tuner.search(x, x[:, :1], epochs=int(os.environ[EPOCHS]), batch_size=32, verbose=0)


def main() -> None:
    """Print the trials a minute of one worker and of two, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=24)
    parser.add_argument("--epochs", type=int, default=8)
    options = parser.parse_args()
    rates = [_measure(workers, options.trials, options.epochs) for workers in (1, 2)]
    row("trials of two workers / one", f"{rates[1] / rates[0]:.2f} x", "target 1.7 x")


def _measure(workers: int, trials: int, epochs: int) -> float:
    """Print and return how many trials a second so many workers finish."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {FOLDER: folder, TRIALS: str(trials), EPOCHS: str(epochs)}
        _run(workers, os.environ | settings)
        logs = [
            [float(line) for line in log.read_text().splitlines()]
            for log in Path(folder).glob("ended-*")
        ]
    begin, end = max(log[0] for log in logs), max(log[-1] for log in logs)
    counted = sum(time > begin for log in logs for time in log)
    rate = counted / (end - begin)
    row(f"{trials} trials, {workers} one-thread workers", f"{60 * rate:.1f} / min")
    return rate


def _run(workers: int, environment: dict[str, str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    program = [sys.executable, "-m", "companion.tuning"]
    what = [f"{__file__}:search", f"--address={address}"]
    processes = [
        subprocess.Popen([*program, role, *what], env=environment, stderr=subprocess.DEVNULL)
        for role in ("chief", *["worker"] * workers)
    ]
    try:
        for process in processes:
            if process.wait(LONGEST):
                raise SystemExit(f"A process of the search ended with {process.returncode}.")
    finally:
        for process in processes:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
