"""PyTorch's optimizers in NumPy: signatures, defaults and update rules of PyTorch 2.9.

Each is called as `w = optimizer(w, g)`; `lr` may be changed between calls, as its schedulers do.
"""

from types import SimpleNamespace

import numpy as np


class SGD:
    def __init__(self, _weights, lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False):
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        self.lr, self.momentum, self.dampening = lr, momentum, dampening
        self.weight_decay, self.nesterov, self.buffer = weight_decay, nesterov, None

    def __call__(self, w, g):
        g = g + self.weight_decay * w
        if self.momentum:
            first = self.buffer is None  # it is not dampened
            self.buffer = g if first else self.momentum * self.buffer + (1 - self.dampening) * g
            g = g + self.momentum * self.buffer if self.nesterov else self.buffer
        return w - self.lr * g


class Adagrad:
    def __init__(
        self, _weights, lr=1e-2, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10
    ):
        assert lr_decay == 0
        self.lr, self.weight_decay, self.eps = lr, weight_decay, eps
        self.sum = initial_accumulator_value

    def __call__(self, w, g):
        g = g + self.weight_decay * w
        self.sum = self.sum + g**2
        return w - self.lr * g / (np.sqrt(self.sum) + self.eps)


class RMSprop:
    def __init__(
        self, _weights, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False
    ):
        self.lr, self.alpha, self.eps = lr, alpha, eps
        self.weight_decay, self.momentum, self.centered = weight_decay, momentum, centered
        self.square, self.mean, self.buffer = 0.0, 0.0, 0.0

    def __call__(self, w, g):
        g = g + self.weight_decay * w
        self.square = self.alpha * self.square + (1 - self.alpha) * g**2
        self.mean = self.alpha * self.mean + (1 - self.alpha) * g
        variance = self.square - self.mean**2 if self.centered else self.square
        update = g / (np.sqrt(variance) + self.eps)
        if self.momentum > 0:
            self.buffer = update = self.momentum * self.buffer + update
        return w - self.lr * update


class Adam:
    decoupled = False

    def __init__(
        self, _weights, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False
    ):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.weight_decay, self.amsgrad = weight_decay, amsgrad
        self.m, self.v, self.largest, self.t = 0.0, 0.0, 0.0, 0

    def __call__(self, w, g):
        if self.decoupled:
            w = w * (1 - self.lr * self.weight_decay)
        else:
            g = g + self.weight_decay * w
        self.t += 1
        beta_1, beta_2 = self.betas
        self.m = beta_1 * self.m + (1 - beta_1) * g
        self.v = beta_2 * self.v + (1 - beta_2) * g**2
        self.largest = np.maximum(self.largest, self.v)  # before the bias correction
        v = self.largest if self.amsgrad else self.v
        root = np.sqrt(v) / np.sqrt(1 - beta_2**self.t)
        return w - self.lr / (1 - beta_1**self.t) * self.m / (root + self.eps)


class AdamW(Adam):
    decoupled = True

    def __init__(
        self, _weights, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, amsgrad=False
    ):
        super().__init__(_weights, lr, betas, eps, weight_decay, amsgrad)


torch = SimpleNamespace(
    optim=SimpleNamespace(SGD=SGD, Adagrad=Adagrad, RMSprop=RMSprop, Adam=Adam, AdamW=AdamW)
)
model = SimpleNamespace(parameters=list)
