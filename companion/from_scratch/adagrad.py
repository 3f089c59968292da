"""Adagrad: a learning rate for each weight, which shrinks with the gradients it has seen."""

from dataclasses import dataclass

import numpy as np

from companion.from_scratch._optimizer_arrays import Slots
from companion.from_scratch.optimizer import EPSILONS, LearningRate, Optimizer


@dataclass(frozen=True)
class Adagrad(Optimizer):
    r"""Divide each step by the root of the sum of all squared gradients so far, for each weight.

    Use it for sparse features: weights that rarely get a gradient keep a large rate. It needs a
    larger learning rate than others; 0.001, the default of Keras, is small for it.

    $$s \leftarrow s + g^2, \qquad w \leftarrow w - \eta \frac{g}{\sqrt{s + \epsilon}}$$

    Args:
        learning_rate: The symbol $\eta$, in (0, inf), or a function of the step, counted from 0.
        initial_accumulator_value: What the sum $s$ starts with, in [0, inf).
        epsilon: Added to the sum, under the root, in [1e-30, inf).
        weight_decay: Decoupled weight decay, as for `SGD`, in [0, inf); None is no decay.
        clipnorm: Largest norm of the gradient of an array, in (0, inf); None does not clip.
        clipvalue: Largest size of a number in the gradient, in (0, inf); None does not clip.
        global_clipnorm: Largest norm of all gradients together, in (0, inf); None does not clip.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range, or there is more than one clipping argument.

    Example:
        >>> optimizer = Adagrad(learning_rate=1.0, initial_accumulator_value=0.0)
        >>> params = np.zeros(2)
        >>> state = optimizer.init(params)
        >>> params, state = optimizer.update(np.array([3.0, 0.25]), state, params)
        >>> params.round(5).tolist(), state.slots["s"].tolist()
        ([-1.0, -1.0], [9.0, 0.0625])

    Source:
        Duchi et al. (2011), Adaptive subgradient methods. Book: optimizers/adagrad.

    Differs from Keras:
        A gradient must have the type of its parameters; Keras converts it.
    """

    learning_rate: LearningRate = 0.001
    initial_accumulator_value: float = 0.1
    epsilon: float = 1e-7
    weight_decay: float | None = None
    clipnorm: float | None = None
    clipvalue: float | None = None
    global_clipnorm: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_number("initial_accumulator_value", "[0, inf)", 0.1)
        self._check_number("epsilon", EPSILONS, 1e-7)

    def _start(self, w: np.ndarray) -> Slots:
        return {"s": np.full_like(w, self.initial_accumulator_value)}

    def _step(
        self, w: np.ndarray, g: np.ndarray, slots: Slots, learning_rate: float, _t: np.floating
    ) -> tuple[np.ndarray, Slots]:
        # equation adagrad-sum
        s = slots["s"] + np.square(g)
        # equation adagrad-step
        return w - learning_rate * g / np.sqrt(s + self.epsilon), {"s": s}
