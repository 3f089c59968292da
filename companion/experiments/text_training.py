"""Training on bags of words: logistic regression by the optimizers of `companion.from_scratch`."""

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit

from companion.datasets import bag_of_words, load_imdb
from companion.experiments.study import DATA_KEY, Config, History, Report, load_function

__all__ = ["train_word_weights"]

Labeled = tuple[csr_array, np.ndarray]


def train_word_weights(config: Config, seed: int, report: Report) -> History:
    """Fit one weight for each word and a bias to reviews, and return every epoch's metrics.

    The features say which of the most frequent words a review has, not how often. The loss is the
    mean logistic loss, without any penalty. Nothing but the sparse matrices and NumPy is involved,
    so a run takes seconds.

    Args:
        config: `optimizer` (address of an optimizer of `companion.from_scratch`) and
            `optimizer_args`; `epochs`, `batch_size`, `train_size`, `vocabulary_size`.
        seed: Fixes the batches, and which reviews train and validate. The weights start at zero.
        report: Called with the finished fraction after every epoch.

    Returns:
        `train_...`, `validation_...` and `test_...` of `cross_entropy` (in nats) and `accuracy`
        after every epoch. Test metrics are recorded, never used to choose anything.

    Raises:
        ValueError: The data is not that of the study.

    Source:
        Kingma and Ba (2015), Adam, figure 1. Book: optimizers/adagrad.
    """
    splits = _load_splits(config, seed)
    words, labels = splits["train"]
    optimizer = load_function(config["optimizer"])(**config["optimizer_args"])
    params = [np.zeros(words.shape[1]), np.zeros(1)]
    state = optimizer.init(params)
    rng = np.random.default_rng(seed)
    history: History = {}
    for epoch in range(config["epochs"]):
        order = rng.permutation(len(labels))
        for start in range(0, len(order), config["batch_size"]):
            rows = order[start : start + config["batch_size"]]
            gradients = _gradients(params, words[rows], labels[rows])
            params, state = optimizer.update(gradients, state, params)
        for name, split in splits.items():
            for metric, value in _evaluate(params, *split).items():
                history.setdefault(f"{name}_{metric}", []).append(value)
        report((epoch + 1) / config["epochs"])
    return history


def _load_splits(config: Config, seed: int) -> dict[str, Labeled]:
    data = load_imdb(subset=config["train_size"], seed=seed)
    if data.fingerprint != config[DATA_KEY]:
        raise ValueError(
            f"The data changed while the study ran: {data.evidence} was found in place of "
            f"{config[DATA_KEY][:8]}. Restore it and run again."
        )
    bag = bag_of_words(data, vocabulary_size=config["vocabulary_size"])
    return {
        name: (getattr(bag, name).sign(), getattr(data, name).labels)
        for name in ("train", "validation", "test")
    }


def _gradients(params: list[np.ndarray], words: csr_array, labels: np.ndarray) -> list[np.ndarray]:
    """Return the gradient of the mean logistic loss: the errors of the probabilities, averaged."""
    errors = (expit(_scores(params, words)) - labels) / len(labels)
    return [words.T @ errors, errors.sum(keepdims=True)]


def _evaluate(params: list[np.ndarray], words: csr_array, labels: np.ndarray) -> dict[str, float]:
    margins = np.where(labels == 1, 1, -1) * _scores(params, words)
    return {
        "cross_entropy": float(np.logaddexp(0, -margins).mean()),
        "accuracy": float((margins > 0).mean()),
    }


def _scores(params: list[np.ndarray], words: csr_array) -> np.ndarray:
    weights, bias = params
    return words @ weights + bias
