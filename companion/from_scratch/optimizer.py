"""What all optimizers share: arrays in and out, the rate of a step, clipping, weight decay."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np

from companion._validate import check_flag, check_instance, check_number, refuse
from companion.from_scratch._optimizer_arrays import Slots, check_grads, check_params, fits
from companion.from_scratch.clipping import clip_by_global_norm, clip_by_norm, clip_by_value

LearningRate = float | Callable[[int], float]
Params = TypeVar("Params", np.ndarray, list[np.ndarray])

EPSILONS = "[1e-30, inf)"  # less could vanish in float32, and a gradient of 0 would divide by 0
_CLIPPINGS = ("clipnorm", "clipvalue", "global_clipnorm")


class OptimizerState(NamedTuple):
    """What an optimizer remembers from one update to the next.

    Attributes:
        optimizer: Name of the optimizer that it belongs to.
        t: Updates made so far, at least 0.
        slots: The optimizer's running quantities by their symbols, such as `{"m": ..., "v": ...}`,
            each of the shape of the parameters; a list of such mappings for a list of arrays.
    """

    optimizer: str
    t: int
    slots: Slots | list[Slots]


class Optimizer(ABC):
    """The part of an update that all optimizers share; each of them brings its own formula.

    Use it through `SGD`, `Adagrad`, `RMSprop`, `Adam` or `AdamW`. An optimizer holds settings only:
    what it remembers is the state, which goes in and comes out. Nothing is changed in place.

    Example:
        >>> from companion.from_scratch import SGD
        >>> optimizer, params = SGD(learning_rate=0.25), np.array([4.0, -2.0])
        >>> state = optimizer.init(params)
        >>> for _ in range(2):
        ...     params, state = optimizer.update(params, state, params)  # the gradient of w**2 / 2
        >>> params.tolist(), state.t
        ([2.25, -1.125], 2)

    Source:
        Chollet et al. (2015), Keras. Book: optimizers/adam.
    """

    learning_rate: LearningRate
    weight_decay: float | None
    clipnorm: float | None
    clipvalue: float | None
    global_clipnorm: float | None

    @abstractmethod
    def _start(self, w: np.ndarray) -> Slots:
        """Return the running quantities of one array before the first update."""

    @abstractmethod
    def _step(
        self, w: np.ndarray, g: np.ndarray, slots: Slots, learning_rate: float, t: np.floating
    ) -> tuple[np.ndarray, Slots]:
        """Return one array and its running quantities after update number `t`, from 1.

        `t` has the precision of `w`, in which Keras computes, too.
        """

    def init(self, params: Params) -> OptimizerState:
        """Return the state before the first update.

        Args:
            params: A float32 or float64 array of any shape, or a list of at least one.

        Raises:
            TypeError: `params` are not that.
            ValueError: A number is NaN or infinite, or the list is empty.
        """
        slots = [self._start(w) for w in check_params(params, self._owner("init"))]
        return OptimizerState(self._owner(), 0, slots if isinstance(params, list) else slots[0])

    def update(
        self, grads: Params, state: OptimizerState, params: Params
    ) -> tuple[Params, OptimizerState]:
        """Return the parameters and the state after one update.

        Gradients are clipped first; then the weights decay; then the optimizer's own step is made.

        Args:
            grads: The gradient, of the shape and type of `params`; a list for a list.
            state: What `init` or the last `update` returned.
            params: As for `init`.

        Returns:
            The new parameters, of the shape and type of the old ones, and the new state.

        Raises:
            TypeError: An argument has the wrong type, or `grads` not the type of `params`.
            ValueError: A shape or a length does not match, a number is NaN or infinite, the state
                is one of another optimizer or of other parameters, or the rate that a function
                gives is out of range.
        """
        owner = self._owner("update")
        weights = check_params(params, owner)
        gradients = self._clip(check_grads(grads, params, owner))
        all_slots = self._check_state(state, weights)
        learning_rate, t = self._rate_at(state.t), state.t + 1
        updated = [
            self._step(self._decay(w, learning_rate), g, slots, learning_rate, w.dtype.type(t))
            for w, g, slots in zip(weights, gradients, all_slots, strict=True)
        ]
        moved = [np.asarray(w) for w, _ in updated]
        remembered = [slots for _, slots in updated]
        if isinstance(params, list):
            return moved, OptimizerState(self._owner(), t, remembered)
        return moved[0], OptimizerState(self._owner(), t, remembered[0])

    def _rate_at(self, step: int) -> float:
        if not callable(self.learning_rate):
            return self.learning_rate
        rate, name = self.learning_rate(step), f"learning_rate({step})"
        return check_number(rate, name, self._owner(), "(0, inf)", 0.001)

    def _clip(self, grads: list[np.ndarray]) -> list[np.ndarray]:
        if self.clipnorm is not None:
            return [clip_by_norm(g, self.clipnorm) for g in grads]
        if self.clipvalue is not None:
            return [clip_by_value(g, self.clipvalue) for g in grads]
        if self.global_clipnorm is not None:
            return clip_by_global_norm(grads, self.global_clipnorm)
        return grads

    def _decay(self, w: np.ndarray, learning_rate: float) -> np.ndarray:
        if self.weight_decay is None:
            return w
        # equation adam-decay
        return w - learning_rate * self.weight_decay * w

    def __post_init__(self) -> None:
        """Check the settings that all optimizers have."""
        if not callable(self.learning_rate):
            self._check_number("learning_rate", "(0, inf)", 0.001)
        if self.weight_decay is not None:
            self._check_number("weight_decay", "[0, inf)", 0.004)
        chosen = [name for name in _CLIPPINGS if getattr(self, name) is not None]
        for name in chosen:
            self._check_number(name, "(0, inf)", 1.0)
        for name in chosen[1:]:
            allowed = f"None beside {chosen[0]}"
            refuse(ValueError, getattr(self, name), name, self._owner(), allowed, None)

    def _check_number(self, name: str, interval: str, suggestion: float) -> None:
        number = check_number(getattr(self, name), name, self._owner(), interval, suggestion)
        object.__setattr__(self, name, number)  # Python's floats leave float32 arrays float32

    def _check_flag(self, name: str) -> None:
        object.__setattr__(self, name, check_flag(getattr(self, name), name, self._owner()))

    def _check_state(self, state: OptimizerState, weights: list[np.ndarray]) -> list[Slots]:
        owner, remedy = self._owner("update"), "optimizer.init(params)"
        allowed = "what init or update of the same optimizer returned for these params"
        check_instance(state, "state", owner, OptimizerState, allowed, remedy)
        slots = state.slots if isinstance(state.slots, list) else [state.slots]
        if state.optimizer != self._owner() or not fits(slots, [self._start(w) for w in weights]):
            refuse(ValueError, state, "state", owner, allowed, remedy)
        return slots

    def _owner(self, method: str = "") -> str:
        return f"{type(self).__name__}.{method}" if method else type(self).__name__
