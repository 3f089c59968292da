"""companion.from_scratch: the optimizers."""

import numpy as np
from hypothesis import strategies as st

from companion.from_scratch import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    Optimizer,
    OptimizerState,
    RMSprop,
)
from tests.arguments.arrays import elements, floats, wrong_array
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    anything_but,
    not_a_flag,
    number_in,
    only,
    optional,
    wrong_number,
)

RATES, SHARES, DECAYS, EPSILONS = "(0, inf)", "[0, 1)", "[0, inf)", "[1e-30, inf)"
COMMON = {"learning_rate": RATES, "weight_decay": DECAYS}
FLAG = st.booleans() | only(np.True_, np.False_)
CLIPPINGS = ("clipvalue", "global_clipnorm")
PARAMS = floats(3, dims=1, low=-10, high=10) | floats(2, dims=2, low=-10, high=10)
GIVEN_PARAMS = PARAMS | st.lists(PARAMS, min_size=1, max_size=3)
OPTIMIZERS = st.builds(
    Adam, number_in(RATES, largest=1.0) | only(lambda step: 1 / (1 + step)), amsgrad=FLAG
)


def beside_clipnorm(given: Given) -> st.SearchStrategy:
    """Where there is a `clipnorm`, any other clipping is one too many."""
    wrong = optional(wrong_number(RATES))
    return wrong if given.get("clipnorm") is None else wrong | only(1.0, 5)


def case(optimizer: type[Optimizer], ranges: dict[str, str], *flags: str) -> Case:
    """Return the row of an optimizer with these numbers and flags of its own."""
    numbers = {**COMMON, **ranges}
    none = st.none() if optimizer is not AdamW else st.nothing()
    valid = {name: number_in(interval) for name, interval in numbers.items()}
    valid["learning_rate"] |= only(lambda step: 0.5**step)
    valid["weight_decay"] |= none
    valid["clipnorm"] = st.none() | number_in(RATES)
    # Nesterov's form needs momentum, which other arguments here may take away.
    valid |= {name: FLAG if name != "nesterov" else only(False, np.False_) for name in flags}
    invalid = {name: wrong_number(interval) for name, interval in numbers.items()}
    invalid["learning_rate"] = invalid["learning_rate"].filter(lambda value: not callable(value))
    if optimizer is not AdamW:
        invalid["weight_decay"] = optional(invalid["weight_decay"])
    invalid |= dict.fromkeys(flags, not_a_flag)
    invalid |= {"clipnorm": optional(wrong_number(RATES))}
    invalid |= dict.fromkeys(CLIPPINGS, beside_clipnorm)
    return Case(
        optimizer,
        st.fixed_dictionaries({}, optional=valid),
        invalid,
        makes_settings_of_python,
        ranges={**numbers, "clipnorm": RATES},
    )


def makes_settings_of_python(optimizer: Optimizer, given: Given) -> str:
    for name, value in given.items():
        kept = getattr(optimizer, name)
        assert kept == value or callable(value)
        assert type(kept) in (float, bool, type(None)) or callable(value)
    return "" if callable(given.get("learning_rate")) else repr(optimizer)


def forgets_nothing_yet(state: OptimizerState, given: Given) -> str:
    assert state.t == 0
    return repr(state)


def moves(result: tuple, given: Given) -> str:
    params, state = result
    assert state.t == given["state"].t + 1
    assert kinds(params) == kinds(given["params"])
    return repr(result)


def kinds(params: object) -> list[tuple]:
    return [(each.shape, each.dtype) for each in (params if isinstance(params, list) else [params])]


def update(optimizer: Adam) -> st.SearchStrategy:
    """An optimizer, parameters, gradients like them, and a first or second state."""

    def like(w: np.ndarray) -> st.SearchStrategy:
        return elements(-10, 10, w.dtype).map(lambda value: np.full_like(w, value))

    def with_params(params: np.ndarray | list) -> st.SearchStrategy:
        grads = (
            st.tuples(*map(like, params)).map(list) if isinstance(params, list) else like(params)
        )
        first = optimizer.init(params)
        states = only(first, first._replace(t=1))
        return st.fixed_dictionaries(
            {"self": st.just(optimizer), "grads": grads, "state": states, "params": st.just(params)}
        )

    return GIVEN_PARAMS.flatmap(with_params)


def wrong_params(_given: Given | None = None) -> st.SearchStrategy:
    """Every wrong array, alone or in a list; numbers of NumPy are arrays without axes."""
    wrong = wrong_array((3,), "f", ranks=False) | only(np.ones(3, np.float16), np.ones(3, int))
    alone = wrong.filter(lambda value: not isinstance(value, np.floating) or np.isnan(value))
    listed = alone.map(lambda value: [np.ones(2), value])
    return alone | listed


def wrong_grads(given: Given) -> st.SearchStrategy:
    """The arrays that `params` cannot be either, one too many, or one of another type."""
    params = given["params"]
    if isinstance(params, list):
        whole = only([], [*params, params[0]], params[0], tuple(params), None)
        return whole | wrong_like(params[0]).map(lambda value: [value, *params[1:]])
    return wrong_like(params) | only([params], (params,))


def wrong_like(w: np.ndarray) -> st.SearchStrategy:
    other = np.float64 if w.dtype == np.float32 else np.float32
    return wrong_array(w.shape, "f") | only(w.astype(other), w[None], w.astype(int))


def wrong_states(given: Given) -> st.SearchStrategy:
    params, state = given["params"], given["state"]
    others = only(AdamW().init(params), SGD().init(params), tuple(state), state._replace(slots={}))
    return anything_but(OptimizerState) | others | only(Adam().init([np.ones(7)] * 4))


CASES = [
    case(SGD, {"momentum": SHARES}, "nesterov"),
    case(Adagrad, {"initial_accumulator_value": DECAYS, "epsilon": EPSILONS}),
    case(RMSprop, {"rho": SHARES, "momentum": SHARES, "epsilon": EPSILONS}, "centered"),
    case(Adam, {"beta_1": SHARES, "beta_2": SHARES, "epsilon": EPSILONS}, "amsgrad"),
    case(AdamW, {"beta_1": SHARES, "beta_2": SHARES, "epsilon": EPSILONS}, "amsgrad"),
    Case(
        Optimizer.init,
        st.fixed_dictionaries({"self": OPTIMIZERS, "params": GIVEN_PARAMS}),
        {"params": wrong_params()},
        forgets_nothing_yet,
        owner="Adam.init",
    ),
    Case(
        Optimizer.update,
        OPTIMIZERS.flatmap(update),
        {"grads": wrong_grads, "state": wrong_states, "params": wrong_params},
        moves,
        owner="Adam.update",
    ),
]
