"""Clipping of gradients, in the three ways of Keras; an optimizer clips before anything else."""

import numpy as np


def clip_by_norm(g: np.ndarray, clipnorm: float) -> np.ndarray:
    """Return the gradient of one array, shortened if its norm is above `clipnorm`."""
    return g * (clipnorm / max(global_norm([g]), clipnorm))


def clip_by_value(g: np.ndarray, clipvalue: float) -> np.ndarray:
    """Return the gradient of one array, with each number moved into [-clipvalue, clipvalue]."""
    return np.clip(g, -clipvalue, clipvalue)


def clip_by_global_norm(grads: list[np.ndarray], global_clipnorm: float) -> list[np.ndarray]:
    """Return all gradients, shortened by one factor if their common norm is above the limit."""
    factor = global_clipnorm / max(global_norm(grads), global_clipnorm)
    return [g * factor for g in grads]


def global_norm(grads: list[np.ndarray]) -> float:
    """Return the Euclidean norm of all numbers together; float64, so that squares have room."""
    return float(np.sqrt(sum(np.sum(np.square(g, dtype=np.float64)) for g in grads)))
