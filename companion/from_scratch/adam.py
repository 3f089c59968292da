"""Adam: momentum and RMSprop together, with bias correction; AdamW: the same with weight decay."""

from dataclasses import dataclass

import numpy as np

from companion._validate import check_number
from companion.from_scratch._optimizer_arrays import Slots
from companion.from_scratch.optimizer import EPSILONS, LearningRate, Optimizer


@dataclass(frozen=True)
class Adam(Optimizer):
    r"""Divide a running mean of gradients by the root of a running mean of their squares.

    Use it as the default where tuning is dear: steps are about as large as the learning rate,
    whatever the scale of the gradients.

    $$m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2) g^2$$

    $$w \leftarrow w - \alpha_t \frac{m}{\sqrt v + \epsilon}$$

    $$\alpha_t = \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}$$

    Both means start at 0; $\alpha_t$ corrects their bias towards it at update number $t$, from 1.
    AMSGrad puts the largest $v$ so far in the place of $v$.

    Args:
        learning_rate: The symbol $\eta$, in (0, inf), or a function of the step, counted from 0.
        beta_1: The symbol $\beta_1$, share of the mean of gradients that is kept, in [0, 1).
        beta_2: The symbol $\beta_2$, share of the mean of squares that is kept, in [0, 1).
        epsilon: Added to the root, in [1e-30, inf): the paper's $\hat\epsilon$ of section 2, as in
            Keras, not the $\epsilon$ of its algorithm 1, which the bias correction does not touch.
        amsgrad: Whether to divide by the largest mean of squares so far.
        weight_decay: Decoupled weight decay, as for `SGD`, in [0, inf); None is no decay.
        clipnorm: Largest norm of the gradient of an array, in (0, inf); None does not clip.
        clipvalue: Largest size of a number in the gradient, in (0, inf); None does not clip.
        global_clipnorm: Largest norm of all gradients together, in (0, inf); None does not clip.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range, or there is more than one clipping argument.

    Example:
        >>> optimizer, params = Adam(learning_rate=0.5), np.zeros(3)
        >>> state = optimizer.init(params)
        >>> params, state = optimizer.update(np.array([1e-3, -1.0, 1e3]), state, params)
        >>> params.round(2).tolist()
        [-0.5, 0.5, -0.5]

    Source:
        Kingma and Ba (2015), Adam; Reddi et al. (2018) for AMSGrad. Book: optimizers/adam.

    Differs from Keras:
        A gradient must have the type of its parameters; Keras converts it.
    """

    learning_rate: LearningRate = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7
    amsgrad: bool = False
    weight_decay: float | None = None
    clipnorm: float | None = None
    clipvalue: float | None = None
    global_clipnorm: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_number("beta_1", "[0, 1)", 0.9)
        self._check_number("beta_2", "[0, 1)", 0.999)
        self._check_number("epsilon", EPSILONS, 1e-7)
        self._check_flag("amsgrad")

    def _start(self, w: np.ndarray) -> Slots:
        names = ["m", "v", *["v_max"] * self.amsgrad]
        return {name: np.zeros_like(w) for name in names}

    def _step(
        self, w: np.ndarray, g: np.ndarray, slots: Slots, learning_rate: float, t: np.floating
    ) -> tuple[np.ndarray, Slots]:
        # equation adam-moment-1
        m = self.beta_1 * slots["m"] + (1 - self.beta_1) * g
        # equation adam-moment-2
        v = self.beta_2 * slots["v"] + (1 - self.beta_2) * np.square(g)
        new_slots = {"m": m, "v": v}
        if self.amsgrad:
            # equation adam-amsgrad
            v = np.maximum(slots["v_max"], v)
            new_slots["v_max"] = v
        # equation adam-correction
        alpha = learning_rate * np.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)
        # equation adam-step
        return w - alpha * m / (np.sqrt(v) + self.epsilon), new_slots


class AdamW(Adam):
    r"""Adam with decoupled weight decay: each update first takes the share $\eta \delta$ off `w`.

    Use it instead of an L2 penalty under Adam, which would divide the penalty's gradient by
    $\sqrt v$ like any other.

    $$w \leftarrow w - \eta \delta w \quad \text{before the step of Adam}$$

    Args:
        learning_rate: The symbol $\eta$, in (0, inf), or a function of the step, counted from 0.
        weight_decay: The symbol $\delta$, in [0, inf).
        beta_1: As for `Adam`, in [0, 1).
        beta_2: As for `Adam`, in [0, 1).
        epsilon: As for `Adam`, in [1e-30, inf).
        amsgrad: As for `Adam`.
        clipnorm: As for `Adam`, in (0, inf).
        clipvalue: As for `Adam`, in (0, inf).
        global_clipnorm: As for `Adam`, in (0, inf).

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range, or there is more than one clipping argument.

    Example:
        >>> optimizer, params = AdamW(learning_rate=0.5, weight_decay=0.25), np.array([8.0])
        >>> state = optimizer.init(params)
        >>> params, state = optimizer.update(np.zeros(1), state, params)
        >>> params.tolist()
        [7.0]

    Source:
        Loshchilov and Hutter (2019), Decoupled weight decay. Book: optimizers/adam.

    Differs from Keras:
        All arrays decay; Keras can exclude some. Leave them to an optimizer without decay.
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        check_number(weight_decay, "weight_decay", "AdamW", "[0, inf)", 0.004)
        super().__init__(
            learning_rate,
            beta_1,
            beta_2,
            epsilon,
            amsgrad,
            weight_decay,
            clipnorm,
            clipvalue,
            global_clipnorm,
        )
