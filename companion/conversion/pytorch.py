"""The same run in PyTorch."""

from companion.conversion.code import Code, Settings, call, epsilon_hat, whole_velocity

_WEIGHTS = "model.parameters()"


def sgd(settings: Settings) -> Code:
    """Momentum is PyTorch's without dampening; decay is equal only where there is no velocity."""
    momentum, decay = settings["momentum"], settings["weight_decay"]
    text = call(
        "torch.optim.SGD",
        _WEIGHTS,
        lr=settings["learning_rate"],
        momentum=momentum,
        nesterov=settings["nesterov"]
        and momentum is not None,  # PyTorch refuses it without momentum
        weight_decay=None if momentum else decay,
    )
    warnings = whole_velocity("PyTorch", settings)
    return Code(text, warnings + (_left_out(decay, "the velocity") if momentum else []))


def adagrad(settings: Settings) -> Code:
    """Keras' epsilon is under the root from the start on, so it can move into the accumulator."""
    start, epsilon = settings["initial_accumulator_value"], settings["epsilon"]
    text = call(
        "torch.optim.Adagrad",
        _WEIGHTS,
        lr=settings["learning_rate"],
        initial_accumulator_value=f"{start} + {epsilon}",
        eps="0.0",
    )
    return Code(text, _left_out(settings["weight_decay"], "the accumulator"))


def rmsprop(settings: Settings) -> Code:
    """The root of Keras' epsilon beside PyTorch's root agrees where gradients are 0 or large."""
    epsilon, momentum = settings["epsilon"], settings["momentum"]
    text = call(
        "torch.optim.RMSprop",
        _WEIGHTS,
        lr=settings["learning_rate"],
        alpha=settings["rho"],
        eps=f"{epsilon} ** 0.5" if epsilon else "0.0",
        momentum=momentum,
        centered=settings["centered"],
    )
    place = (
        "PyTorch adds eps to the root, Keras epsilon to the average under it: close where the "
        "average is far from epsilon, steps up to 1.41 times smaller where it is not."
    )
    return Code(
        text,
        [place] * bool(epsilon)
        + whole_velocity("PyTorch", settings)
        + _left_out(settings["weight_decay"], "the averages"),
    )


def adam(settings: Settings) -> Code:
    """Keras' decay is that of AdamW in PyTorch; Adam's own weight_decay is an L2 penalty."""
    decay = settings["weight_decay"]
    text = call(
        "torch.optim.AdamW" if decay else "torch.optim.Adam",
        _WEIGHTS,
        lr=settings["learning_rate"],
        betas=f"({settings['beta_1']}, {settings['beta_2']})",
        eps=str(settings["epsilon"]),
        weight_decay=decay,
        amsgrad=settings["amsgrad"],
    )
    return Code(text, epsilon_hat("PyTorch", settings))


def _left_out(decay: float | None, state: str) -> list[str]:
    if not decay:
        return []
    return [
        f"PyTorch's decay would pass through {state}, and is left out: multiply the weights by "
        f"1 - lr * {decay} before each step."
    ]
