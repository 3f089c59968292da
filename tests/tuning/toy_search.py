"""A search whose trials wait as long as a file tells them to; no model, no training."""

import os
import time
from pathlib import Path

import keras_tuner
import tensorflow as tf
from threadpoolctl import threadpool_info

SECONDS = 100


class Toy(keras_tuner.Tuner):
    def run_trial(self, trial, *_fit_args, **_fit_kwargs):
        """Leave a file with the trial and the process, then wait while the trial is held."""
        name, folder = trial.trial_id, Path(self.directory)
        (folder / f"begun-{name}-{os.getpid()}").touch()
        until = time.monotonic() + SECONDS
        while (folder / f"hold-{name}").exists() and time.monotonic() < until:
            time.sleep(0.02)
        if (folder / f"raise-{name}").exists():
            raise ZeroDivisionError(name)
        return {"score": trial.hyperparameters.get("x")}


def make(directory, tuner=Toy, **settings):
    space = keras_tuner.HyperParameters()
    space.Float("x", 0, 1)
    goal = keras_tuner.Objective("score", "max")
    settings = {"max_trials": 6, "seed": 1, "hyperparameters": space, **settings}
    oracle = keras_tuner.oracles.RandomSearchOracle(objective=goal, **settings)
    return tuner(oracle, directory=directory, project_name="toy")


def search():
    folder, threading = Path(os.environ["TOY_FOLDER"]), tf.config.threading
    threads = (
        threading.get_intra_op_parallelism_threads(),
        threading.get_inter_op_parallelism_threads(),
        max(pool["num_threads"] for pool in threadpool_info()),
    )
    (folder / f"threads-{os.getpid()}").write_text("{} {} {}".format(*threads))
    tuner = make(folder)
    tuner.search(verbose=0)
    return tuner


def forget():
    """Search nothing."""
