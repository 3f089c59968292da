"""Optax' transformations in NumPy: signatures, defaults and update rules of Optax 0.2.

A transformation is called as `update = transformation(update, w)`, and `w + update` is the step.
A learning rate is a number, or a function of the number of steps so far.
"""

from types import SimpleNamespace

import numpy as np


def chain(*transformations):
    def update(u, w):
        for transformation in transformations:
            u = transformation(u, w)
        return u

    return update


def scale_by_learning_rate(learning_rate):
    steps = iter(range(10**9))

    def update(u, w):
        step = next(steps)
        return -(learning_rate(step) if callable(learning_rate) else learning_rate) * u

    return update


def add_decayed_weights(weight_decay=0.0):
    return lambda u, w: u + weight_decay * w


def trace(decay, nesterov=False):
    state = SimpleNamespace(trace=0.0)

    def update(u, w):
        state.trace = u + decay * state.trace
        return u + decay * state.trace if nesterov else state.trace

    return update


def scale_by_rss(initial_accumulator_value=0.1, eps=1e-7):
    state = SimpleNamespace(sum=initial_accumulator_value)

    def update(u, w):
        state.sum = state.sum + u**2
        return np.where(state.sum > 0, u / np.sqrt(state.sum + eps), 0.0)

    return update


def scale_by_rms(decay=0.9, eps=1e-8, eps_in_sqrt=True, centered=False):
    state = SimpleNamespace(mu=0.0, nu=0.0)

    def update(u, w):
        state.mu = decay * state.mu + (1 - decay) * u
        state.nu = decay * state.nu + (1 - decay) * u**2
        variance = state.nu - state.mu**2 if centered else state.nu
        return u / (np.sqrt(variance + eps) if eps_in_sqrt else np.sqrt(variance) + eps)

    return update


def scale_by_stddev(decay=0.9, eps=1e-8, eps_in_sqrt=True):
    return scale_by_rms(decay, eps, eps_in_sqrt, centered=True)


def scale_by_adam(b1=0.9, b2=0.999, eps=1e-8, eps_root=0.0, amsgrad=False):
    state = SimpleNamespace(mu=0.0, nu=0.0, nu_max=0.0, count=0)

    def update(u, w):
        state.count += 1
        state.mu = b1 * state.mu + (1 - b1) * u
        state.nu = b2 * state.nu + (1 - b2) * u**2
        nu_hat = state.nu / (1 - b2**state.count)
        state.nu_max = np.maximum(state.nu_max, nu_hat)  # after the bias correction
        second = state.nu_max if amsgrad else nu_hat
        return state.mu / (1 - b1**state.count) / (np.sqrt(second + eps_root) + eps)

    return update


def scale_by_amsgrad(b1=0.9, b2=0.999, eps=1e-8, eps_root=0.0):
    return scale_by_adam(b1, b2, eps, eps_root, amsgrad=True)


def sgd(learning_rate, momentum=None, nesterov=False):
    before = [trace(momentum, nesterov)] if momentum is not None else []
    return chain(*before, scale_by_learning_rate(learning_rate))


def adagrad(learning_rate, initial_accumulator_value=0.1, eps=1e-7):
    scale = scale_by_rss(initial_accumulator_value, eps)
    return chain(scale, scale_by_learning_rate(learning_rate))


def rmsprop(
    learning_rate, decay=0.9, eps=1e-8, eps_in_sqrt=True, centered=False, momentum=None,
    nesterov=False,
):  # fmt: skip
    scale = scale_by_rms(decay, eps, eps_in_sqrt, centered)
    after = [trace(momentum, nesterov)] if momentum is not None else []
    return chain(scale, scale_by_learning_rate(learning_rate), *after)


def adam(learning_rate, b1=0.9, b2=0.999, eps=1e-8, eps_root=0.0):
    return chain(scale_by_adam(b1, b2, eps, eps_root), scale_by_learning_rate(learning_rate))


def adamw(learning_rate, b1=0.9, b2=0.999, eps=1e-8, eps_root=0.0, weight_decay=1e-4):
    scale, decay = scale_by_adam(b1, b2, eps, eps_root), add_decayed_weights(weight_decay)
    return chain(scale, decay, scale_by_learning_rate(learning_rate))


def amsgrad(learning_rate, b1=0.9, b2=0.999, eps=1e-8, eps_root=0.0):
    return chain(scale_by_amsgrad(b1, b2, eps, eps_root), scale_by_learning_rate(learning_rate))


optax = SimpleNamespace(
    **{name: value for name, value in dict(globals()).items() if callable(value)}
)
