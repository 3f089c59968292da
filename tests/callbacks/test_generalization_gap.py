"""GeneralizationGap: both sides measured alike; positive when training is better."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.callbacks import EvaluateSplits, GeneralizationGap
from companion.callbacks.generalization_gap import gaps, is_score

X, Y = np.zeros((40, 4)), np.zeros(40)
COUNTS = ("FalseNegatives", "FalsePositives", "TrueNegatives", "TruePositives")


def test_gap_is_positive_for_scores_and_losses_when_training_is_better():
    train = {"accuracy": 1.0, "loss": 0.25, "auc_1": 0.5}
    validation = {"accuracy": 0.75, "loss": 1.0, "auc_1": 0.75}
    assert gaps(train, validation) == {"gap_accuracy": 0.25, "gap_loss": 0.75, "gap_auc_1": -0.25}


def test_the_last_known_word_of_a_name_decides():
    assert is_score("entropy_score")
    assert not is_score("accuracy_error_1")


def test_logs_hold_both_splits_and_their_gap(build, train, test):
    model = build(dropout=0.5)
    history = model.fit(
        *train, epochs=2, callbacks=[GeneralizationGap(train, test)], verbose=0
    ).history
    on_train, on_test = (model.evaluate(*p, verbose=0, return_dict=True) for p in (train, test))
    for metric, sign in {"accuracy": 1, "cross_entropy": -1, "loss": -1}.items():
        assert_allclose(history[f"train_{metric}"][-1], on_train[metric], rtol=1e-5)
        assert_allclose(history[f"validation_{metric}"][-1], on_test[metric], rtol=1e-5)
        gap = sign * (on_train[metric] - on_test[metric])
        assert_allclose(history[f"gap_{metric}"][-1], gap, atol=1e-6)


def test_gap_loss_is_free_of_penalties(build, train, test):
    gap = GeneralizationGap(train, test)
    history = build(l2=0.5).fit(*train, callbacks=[gap], verbose=0).history
    assert (
        history["train_loss"][0] > history["train_cross_entropy"][0] + 0.1
    )  # the penalty is there
    assert_allclose(history["gap_loss"], history["gap_cross_entropy"], atol=1e-5)


def test_other_splits_do_not_disturb_it(build, train, test):
    callbacks = [EvaluateSplits({"train_large": train}), GeneralizationGap(train, test)]
    history = build().fit(*train, callbacks=callbacks, verbose=0).history
    assert {"train_large_loss", "gap_loss"} <= history.keys()


def test_kind_agrees_with_keras_for_every_metric_that_declares_one():
    """Keras keeps the direction private and finds it by exact name; words also serve our own."""
    declared = [metric for metric in map(_default, _metric_classes()) if metric is not None]
    assert len(declared) > 25
    for metric in declared:
        assert is_score(metric.name) == (metric._direction == "up"), metric.name


def _metric_classes():
    found = (getattr(keras.metrics, name) for name in dir(keras.metrics))
    return [c for c in found if isinstance(c, type) and c.__name__ not in COUNTS]


def _default(metric_class):
    try:
        metric = metric_class()
    except TypeError:  # needs arguments
        return None
    return metric if hasattr(metric, "_direction") else None


def test_a_metric_of_unknown_kind_is_refused(train, test):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(loss="mse", metrics=[keras.metrics.MeanAbsoluteError(name="bleu")])
    with pytest.raises(ValueError, match=r"cannot tell whether 'bleu' .* 'bleu_score'"):
        model.fit(*train, callbacks=[GeneralizationGap(train, test)], verbose=0)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"train": X}, TypeError, "train of GeneralizationGap must be a pair"),
        ({"validation": (X, Y[:3])}, ValueError, "validation of GeneralizationGap must be a pair"),
        ({"batch_size": 2.5}, TypeError, "batch_size of GeneralizationGap must be a whole number"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        GeneralizationGap(**{"train": (X, Y), "validation": (X, Y), **arguments})
