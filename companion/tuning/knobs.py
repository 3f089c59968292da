"""Does every knob change something? To be asked before a search turns it for hours."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import keras
import numpy as np
from keras_tuner import HyperParameters
from keras_tuner.engine import hyperparameters as kinds

from companion._validate import check_array, check_callable, check_integer, refuse

UPDATES = 2  # momentum shows in the second
QUARTILES = (0.25, 0.75)  # of a range; its ends may switch a layer off
ROUNDING = {"rtol": 1e-6, "atol": 1e-7}


def check_knobs(
    build: Callable[[HyperParameters], keras.Model], x: np.ndarray, y: np.ndarray, *, seed: int = 1
) -> tuple[str, ...]:
    """Raise unless every hyperparameter that `build` asks for changes the model it builds.

    Use it before a search. A rate that is passed nowhere, a layer that was never adapted, or an
    argument that another one overrides is tuned without a complaint, and its best value is noise.

    Every knob is tried alone, at two places of a range or at all options of a choice, with the same
    seed, the same batch, and all other knobs fixed. A conditional knob is tried where it is active.
    A knob works if neighboring values give optimizers with different settings or, by more than
    rounding, different losses in two updates or different predictions after them. Two limits: knobs
    that only `fit` reads, such as the batch size, are not seen; and a choice that merely draws
    random numbers looks alive, since layers after it start from other weights.

    Args:
        build: Takes KerasTuner's `hp`, returns a compiled model. It is called two or three times a
            knob, after Keras' global seed has been set.
        x: Training inputs, shape `(batch, ...)`; a few, such as 32, will do.
        y: Their targets, shape `(batch, ...)`.
        seed: Seed of weights and dropout, from 0 to 4294967295.

    Returns:
        The names of the knobs that were tried, so that one that is missing can be noticed.

    Raises:
        TypeError: An argument has the wrong type, or `build` returns no model.
        ValueError: A knob changes nothing; the lengths of `x` and `y` differ; no compiled model.

    Example:
        >>> def build(hp):
        ...     rate = hp.Float("dropout", 0.1, 0.5)  # and where is it used?
        ...     model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        ...     model.compile(keras.optimizers.SGD(hp.Float("learning_rate", 0.1, 1.0)), "mse")
        ...     return model
        >>> check_knobs(build, np.ones((4, 2)), np.ones((4, 1)))
        Traceback (most recent call last):
            ...
        ValueError: build of check_knobs must use every knob. Got 'dropout': 0.2 and 0.4 give the
        same model. Pass the value on, remove the knob, or declare the branch it belongs to with
        hp.conditional_scope.

    Source:
        Sculley et al. (2015), Hidden technical debt in machine learning systems, for settings that
        nobody checks. Book: practice/tuning.
    """
    owner = "check_knobs"
    check_callable(build, "build", owner, "a function that takes hp and returns a compiled model")
    x, y = _check_batch(x, y, owner)
    seed = check_integer(seed, "seed", owner, f"[0, {2**32 - 1}]", 1)
    bench = _Bench(build, x, y, seed)
    flaws = list(bench.flaws())
    if flaws:
        raise ValueError(
            f"build of {owner} must use every knob. Got {'; '.join(flaws)}. "
            "Pass the value on, remove the knob, or declare the branch it belongs to with "
            "hp.conditional_scope."
        )
    return tuple(dict.fromkeys(knob.name for knob in bench.knobs if len(_options(knob)) > 1))


class _Behavior(NamedTuple):
    settings: str  # of the optimizer
    numbers: list[np.ndarray]  # losses and predictions


class _Bench:
    """Builds models from values of knobs, and learns from every build which knobs there are."""

    def __init__(
        self,
        build: Callable[[HyperParameters], keras.Model],
        x: np.ndarray,
        y: np.ndarray,
        seed: int,
    ) -> None:
        self.build, self.x, self.y, self.seed = build, x, y, seed
        self.knobs: list[Any] = []  # parents before their children, as KerasTuner has them
        self._seen: dict[str, _Behavior] = {}

    def flaws(self) -> Iterator[str]:
        """Yield what is wrong, knob by knob; a branch may show more knobs while it is tried."""
        self._behavior({})
        for knob in self.knobs:
            branch = {each.name: each.values[0] for each in knob.conditions}  # all around it
            for one, other in pairwise(_options(knob)):
                first, second = (self._behavior({**branch, knob.name: v}) for v in (one, other))
                if _same(first, second):
                    yield _flaw(knob.name, one, other, branch)
                    break

    def _active(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Return the values of all active knobs: those wanted, else the first that is tried."""
        values: dict[str, Any] = {}
        for knob in self.knobs:
            if all(condition.is_active(values) for condition in knob.conditions):
                values[knob.name] = wanted.get(knob.name, _options(knob)[0])
        return values

    def _behavior(self, wanted: dict[str, Any]) -> _Behavior:
        model, num_known = None, -1
        while num_known != len(self.knobs):  # again where the build has shown another knob
            num_known, values = len(self.knobs), self._active(wanted)
            key = repr(values)
            if key not in self._seen:
                model = self._built(values)
        if key not in self._seen:
            self._seen[key] = _observe(model, self.x, self.y)
        return self._seen[key]

    def _built(self, values: dict[str, Any]) -> keras.Model:
        hp = HyperParameters()
        hp.values = dict(values)
        keras.utils.set_random_seed(self.seed)
        model = self.build(hp)
        known = [(knob.name, knob.conditions) for knob in self.knobs]
        self.knobs += [knob for knob in hp.space if (knob.name, knob.conditions) not in known]
        return _check_model(model)


def _options(knob: Any) -> list[Any]:
    """Return the values of a knob that are tried."""
    if isinstance(knob, kinds.Fixed):
        return [knob.value]
    if isinstance(knob, kinds.Int | kinds.Float):
        return list(dict.fromkeys(knob.prob_to_value(part) for part in QUARTILES))
    return list(knob.values)


def _observe(model: keras.Model, x: np.ndarray, y: np.ndarray) -> _Behavior:
    settings = {k: v for k, v in model.optimizer.get_config().items() if k != "name"}
    model.run_eagerly = True  # two updates take less time than tracing them
    losses = [model.train_on_batch(x, y, return_dict=True)["loss"] for _ in range(UPDATES)]
    numbers = keras.tree.flatten([losses, model(x, training=False)])
    return _Behavior(repr(settings), [keras.ops.convert_to_numpy(value) for value in numbers])


def _same(one: _Behavior, other: _Behavior) -> bool:
    return one.settings == other.settings and all(
        first.shape == second.shape and np.allclose(first, second, **ROUNDING, equal_nan=True)
        for first, second in zip(one.numbers, other.numbers, strict=True)
    )


def _flaw(name: str, one: Any, other: Any, branch: dict[str, Any]) -> str:
    place = ", ".join(f"{key}={value!r}" for key, value in branch.items())
    same = f"{name!r}: {_shown(one)} and {_shown(other)} give the same model"
    return f"{same} where {place}" if branch else same


def _shown(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else repr(value)


def _check_model(model: Any) -> keras.Model:
    owner, remedy = "check_knobs", "model.compile(optimizer, loss) before the model is returned"
    if not isinstance(model, keras.Model) or not model.compiled:
        refuse(TypeError, model, "result of build", owner, "a compiled keras.Model", remedy)
    return model


def _check_batch(x: np.ndarray, y: np.ndarray, owner: str) -> tuple[np.ndarray, np.ndarray]:
    for name, array in (("x", x), ("y", y)):
        check_array(array, name, owner, None, "fiu", f"{name}_train[:32]")
        if array.ndim == 0 or len(array) == 0:
            refuse(ValueError, array, name, owner, "not empty", f"{name}_train[:32]")
    if len(x) != len(y):
        allowed = f"as long as x, which has {len(x)} rows"
        refuse(ValueError, y, "y", owner, allowed, f"y_train[:{len(x)}]")
    return x, y
