"""Stochastic gradient descent, plain, with momentum, and with Nesterov's look-ahead."""

from dataclasses import dataclass

import numpy as np

from companion._validate import refuse
from companion.from_scratch._optimizer_arrays import Slots
from companion.from_scratch.optimizer import LearningRate, Optimizer


@dataclass(frozen=True)
class SGD(Optimizer):
    r"""Gradient descent: move against the gradient, with momentum if you like.

    Use it as the baseline that every other optimizer must beat, and with momentum wherever the
    learning rate can be tuned.

    Without momentum:

    $$w \leftarrow w - \eta g$$

    With momentum $\mu$ there is a velocity $u$, which starts at 0:

    $$u \leftarrow \mu u - \eta g, \qquad w \leftarrow w + u$$

    Nesterov's form looks one step ahead of it: $w \leftarrow w + \mu u - \eta g$ with the new $u$.

    Args:
        learning_rate: The symbol $\eta$, in (0, inf), or a function of the step, counted from 0.
        momentum: The symbol $\mu$, share of the velocity that is kept, in [0, 1).
        nesterov: Whether to look ahead; it needs momentum.
        weight_decay: Decoupled weight decay $\delta$, in [0, inf): before each update, `w` loses
            the share $\eta \delta$. None is no decay.
        clipnorm: Largest norm of the gradient of an array, in (0, inf); None does not clip.
        clipvalue: Largest size of a number in the gradient, in (0, inf); None does not clip.
        global_clipnorm: Largest norm of all gradients together, in (0, inf); None does not clip.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range, `nesterov` comes without momentum, or there is more
            than one clipping argument.

    Example:
        >>> optimizer = SGD(learning_rate=0.5, momentum=0.5)
        >>> params, ones = np.array([4.0, -2.0]), np.ones(2)
        >>> state = optimizer.init(params)
        >>> params, state = optimizer.update(ones, state, params)
        >>> params, state = optimizer.update(ones, state, params)
        >>> params.tolist(), state.slots["u"].tolist()
        ([2.75, -3.25], [-0.75, -0.75])

    Source:
        Robbins and Monro (1951), A stochastic approximation method; Polyak (1964); Nesterov (1983);
        Sutskever et al. (2013). Book: optimizers/sgd, optimizers/momentum.

    Differs from Keras:
        A momentum of 1 is refused, and so is `nesterov=True` without momentum, which Keras ignores.
        A gradient must have the type of its parameters; Keras converts it.
    """

    learning_rate: LearningRate = 0.01
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float | None = None
    clipnorm: float | None = None
    clipvalue: float | None = None
    global_clipnorm: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_number("momentum", "[0, 1)", 0.9)
        self._check_flag("nesterov")
        if self.nesterov and self.momentum == 0:
            refuse(ValueError, True, "nesterov", "SGD", "False without momentum", "momentum=0.9")

    def _start(self, w: np.ndarray) -> Slots:
        return {"u": np.zeros_like(w)} if self.momentum else {}

    def _step(
        self, w: np.ndarray, g: np.ndarray, slots: Slots, learning_rate: float, _t: np.floating
    ) -> tuple[np.ndarray, Slots]:
        if self.momentum == 0:
            # equation sgd-step
            return w - learning_rate * g, {}
        # equation momentum-velocity
        u = self.momentum * slots["u"] - learning_rate * g
        if self.nesterov:
            # equation momentum-nesterov
            return w + (self.momentum * u - learning_rate * g), {"u": u}
        # equation momentum-step
        return w + u, {"u": u}
