"""Keras callbacks, one a file: most only measure; one gives exact zeros, one stops training.

Importing this package imports Keras. All of them work with any Keras 3 model, and all start afresh
at every `fit`.
"""

from companion.callbacks.evaluate_splits import EvaluateSplits
from companion.callbacks.generalization_gap import GeneralizationGap
from companion.callbacks.learning_rate_log import LearningRateLog
from companion.callbacks.progress_bar import ProgressBar
from companion.callbacks.proximal_l1 import ProximalL1
from companion.callbacks.stop_early import StopEarly
from companion.callbacks.weight_norms import WeightNorms

__all__ = [
    "EvaluateSplits",
    "GeneralizationGap",
    "LearningRateLog",
    "ProgressBar",
    "ProximalL1",
    "StopEarly",
    "WeightNorms",
]
