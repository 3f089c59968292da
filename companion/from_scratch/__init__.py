"""The book's formulas line by line, in NumPy only; tests hold each equal to Keras or a closed form.

These functions are for reading and for checking, not for speed.
"""

from companion.from_scratch.adagrad import Adagrad
from companion.from_scratch.adam import Adam, AdamW
from companion.from_scratch.batch_norm import (
    batch_moments,
    batch_norm,
    batch_norm_backward,
    update_moving,
)
from companion.from_scratch.best_of_k import best_of_k
from companion.from_scratch.cross_entropy import cross_entropy, softmax
from companion.from_scratch.dropout import all_masks, dropout, dropout_backward
from companion.from_scratch.early_stopping import StoppingRule, StoppingState
from companion.from_scratch.gaussian_process import gaussian_process
from companion.from_scratch.hyperband import Round, hyperband_brackets
from companion.from_scratch.label_smoothing import optimal_score_gap, smooth_labels
from companion.from_scratch.noise_scale import noise_scale
from companion.from_scratch.optimizer import Optimizer, OptimizerState
from companion.from_scratch.penalties import (
    elastic_net_gradient,
    elastic_net_penalty,
    l1_gradient,
    l1_penalty,
    l2_gradient,
    l2_penalty,
)
from companion.from_scratch.proximal import elastic_net_proximal, l1_proximal, l2_proximal
from companion.from_scratch.rmsprop import RMSprop
from companion.from_scratch.selection_bias import expected_best
from companion.from_scratch.sgd import SGD
from companion.from_scratch.shift_images import shift_images
from companion.from_scratch.shrinkage import ridge_minimum, shrinkage_factors
from companion.from_scratch.spectral_filter import stopping_factors

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Optimizer",
    "OptimizerState",
    "RMSprop",
    "Round",
    "StoppingRule",
    "StoppingState",
    "all_masks",
    "batch_moments",
    "batch_norm",
    "batch_norm_backward",
    "best_of_k",
    "cross_entropy",
    "dropout",
    "dropout_backward",
    "elastic_net_gradient",
    "elastic_net_penalty",
    "elastic_net_proximal",
    "expected_best",
    "gaussian_process",
    "hyperband_brackets",
    "l1_gradient",
    "l1_penalty",
    "l1_proximal",
    "l2_gradient",
    "l2_penalty",
    "l2_proximal",
    "noise_scale",
    "optimal_score_gap",
    "ridge_minimum",
    "shift_images",
    "shrinkage_factors",
    "smooth_labels",
    "softmax",
    "stopping_factors",
    "update_moving",
]
