"""Cross-validation of a classifier on few images: behind the record on cross-validation."""

import random
from itertools import count

import keras
from sklearn.model_selection import StratifiedKFold

from companion.callbacks.evaluate_splits import split_metrics
from companion.experiments.study import Config, History, Report
from companion.experiments.training import (
    _build,
    _compile,
    _finite,
    _load_splits,
    _seed_everything,
)
from companion.tuning.cross_validation import cross_validate

__all__ = ["cross_validate_classifier"]

EVALUATION_BATCH = 1000  # images per forward pass


def cross_validate_classifier(config: Config, seed: int, report: Report) -> History:
    """Cross-validate a CIFAR-10 classifier, then fit it on all training images and evaluate it.

    Use it to see how well a choice by cross-validation does on images that it has not seen. Folds,
    weights and batches follow from the seed and the fold alone, so that arms are paired.

    Args:
        config: As for `train_classifier`, and `folds`, the number of stratified folds of the
            training images.
        seed: As for `train_classifier`; also which images are in which fold.
        report: Called with the finished fraction before every model and at the end.

    Returns:
        `fold_loss`, `fold_accuracy` and `fold_cross_entropy`, one value a fold, after its last
        epoch; and `train_...`, `validation_...` and `test_...` of each, one value, after the last
        epoch of the fit on all training images. Test metrics are recorded, never used to choose
        anything. A loss that overflows is recorded as the largest float32.

    Source:
        Stone (1974), Cross-validatory choice and assessment of statistical predictions.
        Book: practice/cross_validation.
    """
    _seed_everything(seed)
    splits = _load_splits(config, seed)
    x, y = splits.pop("fit")
    fit = {"epochs": config["epochs"], "batch_size": config["batch_size"]}
    built = count()

    def build() -> keras.Model:
        report(next(built) / (config["folds"] + 1))
        model = _build(config, random.getrandbits(31))  # seeded by the fold
        _compile(model, config)
        return model

    splitter = StratifiedKFold(config["folds"], shuffle=True, random_state=seed)
    scores = cross_validate(build, x, y, splitter=splitter, fit=fit, seed=seed)
    keras.utils.set_random_seed(seed)
    model = build()
    model.fit(x, y, **fit, verbose=0)
    history = {f"fold_{metric}": scores.scores(metric).tolist() for metric in METRICS}
    for name, value in split_metrics(model, splits, EVALUATION_BATCH).items():
        history[name] = [value]
    report(1.0)
    return {name: _finite(values) for name, values in history.items()}


METRICS = ("loss", "accuracy", "cross_entropy")
