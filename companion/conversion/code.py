"""Hyperparameters as the source code of a call."""

from typing import Any, NamedTuple

Settings = dict[str, Any]  # an optimizer's hyperparameters by Keras' names


class Code(NamedTuple):
    """A call, and sentences about what it does otherwise than Keras."""

    text: str
    warnings: list[str]


def call(name: str, *positional: str, **named: float | str | None) -> str:
    """Return the call; what is None or False is left out, strings stand as they are.

    Example:
        >>> call("sgd", "weights", lr=0.1, momentum=None, nesterov=False, eps="1e-07 ** 0.5")
        'sgd(weights, lr=0.1, eps=1e-07 ** 0.5)'
    """
    given = {key: value for key, value in named.items() if value is not None and value is not False}
    arguments = [f"{key}={value}" for key, value in given.items()]
    return f"{name}({', '.join([*positional, *arguments])})"


def epsilon_hat(framework: str, settings: Settings) -> list[str]:
    """Return the warning about Adam's epsilon, none where it is 0."""
    if not settings["epsilon"]:
        return []
    weight = (1 - settings["beta_2"]) ** -0.5
    return [
        f"Keras adds epsilon before the bias correction, {framework} after it: it weighs "
        f"{weight:.3g} times as much in Keras at the first step, and the same in the end."
    ]


def whole_velocity(framework: str, settings: Settings) -> list[str]:
    """Return the warning about the form of momentum, none where there is no momentum."""
    if not settings["momentum"]:
        return []
    return [
        f"{framework} multiplies the whole velocity by the current rate, Keras only the new "
        "gradient: equal while the rate is constant."
    ]
