"""RMSprop: Adagrad with a memory that fades, plain, centered, and with momentum."""

from dataclasses import dataclass

import numpy as np

from companion.from_scratch._optimizer_arrays import Slots
from companion.from_scratch.optimizer import EPSILONS, LearningRate, Optimizer


@dataclass(frozen=True)
class RMSprop(Optimizer):
    r"""Divide each step by the root of a running mean of squared gradients, for each weight.

    Use it where gradients differ much in size between weights and change over time: unlike
    Adagrad's sum, the mean forgets, so that the steps do not die out.

    $$v \leftarrow \rho v + (1 - \rho) g^2$$

    $$w \leftarrow w - \eta \frac{g}{\sqrt{v + \epsilon}}$$

    The centered form subtracts the square of a running mean $m$ of the gradient from $v$, so that
    it divides by a standard deviation. With momentum $\mu$ there is a velocity as in `SGD`:
    $u \leftarrow \mu u - \eta g / \sqrt{v + \epsilon}$ and $w \leftarrow w + u$.

    Args:
        learning_rate: The symbol $\eta$, in (0, inf), or a function of the step, counted from 0.
        rho: The symbol $\rho$, share of the running means that is kept, in [0, 1).
        momentum: The symbol $\mu$, share of the velocity that is kept, in [0, 1).
        epsilon: Added to the mean, under the root, in [1e-30, inf).
        centered: Whether to divide by the standard deviation of the gradient.
        weight_decay: Decoupled weight decay, as for `SGD`, in [0, inf); None is no decay.
        clipnorm: Largest norm of the gradient of an array, in (0, inf); None does not clip.
        clipvalue: Largest size of a number in the gradient, in (0, inf); None does not clip.
        global_clipnorm: Largest norm of all gradients together, in (0, inf); None does not clip.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range, or there is more than one clipping argument.

    Example:
        >>> optimizer = RMSprop(learning_rate=1.0, rho=0.75)
        >>> params = np.zeros(2)
        >>> state = optimizer.init(params)
        >>> params, state = optimizer.update(np.array([4.0, -8.0]), state, params)
        >>> params.round(5).tolist(), state.slots["v"].tolist()
        ([-2.0, 2.0], [4.0, 16.0])

    Source:
        Tieleman and Hinton (2012), Lecture 6.5; Graves (2013) for the centered form.
        Book: optimizers/rmsprop.

    Differs from Keras:
        After many equal gradients rounding can make the variance of the centered form negative,
        by more than epsilon in float32, even if gradients are no larger than 1: it is 0 here, where
        Keras takes the root of a negative number and the weight becomes NaN for good. A gradient
        must have the type of its parameters; Keras converts it.
    """

    learning_rate: LearningRate = 0.001
    rho: float = 0.9
    momentum: float = 0.0
    epsilon: float = 1e-7
    centered: bool = False
    weight_decay: float | None = None
    clipnorm: float | None = None
    clipvalue: float | None = None
    global_clipnorm: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_number("rho", "[0, 1)", 0.9)
        self._check_number("momentum", "[0, 1)", 0.9)
        self._check_number("epsilon", EPSILONS, 1e-7)
        self._check_flag("centered")

    def _start(self, w: np.ndarray) -> Slots:
        names = ["v", *["m"] * self.centered, *["u"] * (self.momentum > 0)]
        return {name: np.zeros_like(w) for name in names}

    def _step(
        self, w: np.ndarray, g: np.ndarray, slots: Slots, learning_rate: float, _t: np.floating
    ) -> tuple[np.ndarray, Slots]:
        # equation rmsprop-mean
        v = self.rho * slots["v"] + (1 - self.rho) * np.square(g)
        new_slots = {"v": v}
        if self.centered:
            # equation rmsprop-centered
            m = self.rho * slots["m"] + (1 - self.rho) * g
            new_slots["m"] = m
            v = np.maximum(v - np.square(m), 0)  # rounding may leave less than 0
        # equation rmsprop-step
        u = -learning_rate * g / np.sqrt(v + self.epsilon)
        if self.momentum:
            # equation rmsprop-momentum
            u = self.momentum * slots["u"] + u
            new_slots["u"] = u
        return w + u, new_slots
