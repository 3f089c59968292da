"""Scripted learning curves for every verdict."""

import math

import numpy as np

EPOCHS = 30


T = np.arange(EPOCHS)


SETTLING = np.exp(-T / 5)  # from 1 to 0.003


NAN, INF = math.nan, math.inf


LARGEST = float(np.finfo(np.float32).max)


def of_accuracy(train, validation, **more):
    """Accuracies measured in inference mode."""
    return {"train_accuracy": train, "validation_accuracy": validation, **more}


def of_loss(train, validation):
    return {"loss": train, "val_loss": validation}


FINE = of_accuracy(0.93 - 0.4 * SETTLING, 0.90 - 0.4 * SETTLING)


SCRIPTED = {
    "fine": [
        FINE,
        of_loss(0.2 + 0.8 * SETTLING, 0.22 + 0.8 * SETTLING),
        of_accuracy(np.full(8, 0.99), np.full(8, 0.985)),
        of_accuracy(np.repeat([0.7, 0.9], [23, 7]), np.repeat([0.65, 0.85], [23, 7])),  # rate drop
        of_loss([2.3, 2.2, 2.29, *[0.3] * 9], [2.3, 2.2, 2.29, *[0.3] * 9]),  # an early blip
        {"accuracy": np.full(8, 0.6), "val_accuracy": np.full(8, 0.8)},  # with dropout on
    ],
    "underfits": [
        of_accuracy(0.35 - 0.1 * SETTLING, 0.34 - 0.1 * SETTLING),
        of_accuracy(np.full(20, 0.1), np.full(20, 0.1)),  # nothing is learned
        of_accuracy(  # a loss that stays at log(10) but for rounding has not climbed back
            np.full(20, 0.1), np.full(20, 0.1), loss=2.3026 + 1e-6 * np.arange(20)
        ),
        of_loss(0.9 + 0.1 * SETTLING, 0.91 + 0.1 * SETTLING),
        of_accuracy(0.2 + 0.002 * T, 0.2 + 0.002 * T),  # it improves, but far too slowly
    ],
    "overfits": [
        of_loss(1.5 * SETTLING, 0.5 + SETTLING + 0.02 * T),  # validation turns
        of_accuracy(1 - 0.5 * SETTLING, 0.7 - 0.2 * SETTLING),  # it does not: all is remembered
        of_accuracy(  # accuracy holds, cross-entropy turns
            0.95 - 0.4 * SETTLING,
            0.90 - 0.4 * SETTLING,
            train_cross_entropy=0.1 + SETTLING,
            validation_cross_entropy=0.4 + SETTLING + 0.02 * T,
        ),
        of_loss([1.0, 0.8, 0.5, 0.3, 0.1, 0.05], [1.0, 0.9, 0.8, 1.0, 1.2, 1.4]),
        of_accuracy([0.9, 0.99, 1.0], [0.6, 0.58, 0.55]),  # three epochs are enough for this
    ],
    "too short": [
        of_accuracy(0.5 + 0.01 * T, 0.5 + 0.009 * T),
        of_accuracy(0.1 + 0.012 * T, 0.1 + 0.012 * T),  # unfitted as yet, but it learns fast
        of_loss(2 - 0.05 * T, 2.1 - 0.05 * T),
        of_accuracy([0.90, 0.92, 0.93], [0.90, 0.91, 0.92]),
        of_accuracy(np.full(7, 0.99), np.full(7, 0.985)),  # one epoch more is fine
    ],
    "unstable": [
        of_loss([2.3, NAN, NAN], [2.3, 2.3, 2.3]),
        of_accuracy([0.7, 0.1], [0.7, NAN]),
        of_loss([2.3, 2.2, 2.1], [2.3, INF, 2.1]),
        of_loss([2.3, 2.2, LARGEST], [2.3, 2.2, 2.1]),  # what a record writes for infinity
        of_loss([2.3, 2.5, 10.0, 1e5], [2.3, 2.5, 10.0, 1e5]),
        of_loss([2.0, 1.0, 1.9, 0.9, 0.8, 0.7], [2.0, 1.0, 1.9, 1.0, 0.9, 0.8]),
        of_loss(0.1 + 1.5 * SETTLING, 1 + 3 * (T % 2)),  # validation swings
    ],
}


EACH = [(verdict, history) for verdict, each in SCRIPTED.items() for history in each]


def as_keras_logs_it(history):
    names = {"train_": "", "validation_": "val_"}
    return {
        next((new + k.removeprefix(old) for old, new in names.items() if k.startswith(old)), k): v
        for k, v in history.items()
    }
