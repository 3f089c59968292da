"""The same run in Optax."""

from companion.conversion.code import Code, Settings, call, epsilon_hat, whole_velocity


def sgd(settings: Settings) -> Code:
    """The alias has PyTorch's form of momentum; a chain in the other order has that of Keras."""
    momentum, warnings = settings["momentum"], whole_velocity("Optax", settings)
    nesterov = settings["nesterov"] and momentum is not None
    trace = call("optax.trace", decay=momentum, nesterov=nesterov)
    if settings["weight_decay"]:
        return Code(_with_decay([trace] if momentum else [], settings), warnings)
    if momentum:
        equal = f"optax.chain(optax.scale_by_learning_rate(schedule), {trace})"
        warnings.append(f"Always equal: `{equal}`.")
    return Code(_alias("optax.sgd", settings, momentum=momentum, nesterov=nesterov), warnings)


def adagrad(settings: Settings) -> Code:
    """The accumulator's start and the place of epsilon are those of Keras."""
    start, epsilon = settings["initial_accumulator_value"], settings["epsilon"]
    numbers = {"initial_accumulator_value": str(start), "eps": str(epsilon)}
    if settings["weight_decay"]:
        return Code(_with_decay([call("optax.scale_by_rss", **numbers)], settings), [])
    return Code(_alias("optax.adagrad", settings, **numbers), [])


def rmsprop(settings: Settings) -> Code:
    """The place of epsilon and the form of momentum are those of Keras."""
    centered, momentum = settings["centered"], settings["momentum"]
    numbers = {"decay": str(settings["rho"]), "eps": str(settings["epsilon"])}
    if not settings["weight_decay"]:
        more = {"centered": centered, "momentum": momentum}
        return Code(_alias("optax.rmsprop", settings, **numbers, **more), [])
    scale = call("optax.scale_by_stddev" if centered else "optax.scale_by_rms", **numbers)
    trace = [call("optax.trace", decay=momentum)] if momentum else []
    return Code(_with_decay([scale, *trace], settings), whole_velocity("Optax", settings))


def adam(settings: Settings) -> Code:
    """Bias corrections come first in Optax: epsilon and AMSGrad's maximum follow them."""
    decay, amsgrad = settings["weight_decay"], settings["amsgrad"]
    numbers = {
        "b1": str(settings["beta_1"]),
        "b2": str(settings["beta_2"]),
        "eps": str(settings["epsilon"]),
    }
    largest = "Optax takes AMSGrad's maximum after the bias correction, Keras before it."
    warnings = epsilon_hat("Optax", settings) + [largest] * amsgrad
    if amsgrad and decay:
        return Code(_with_decay([call("optax.scale_by_amsgrad", **numbers)], settings), warnings)
    name = "optax.amsgrad" if amsgrad else "optax.adamw" if decay else "optax.adam"
    return Code(_alias(name, settings, **numbers, weight_decay=decay), warnings)


def _alias(name: str, settings: Settings, **numbers: float | str | None) -> str:
    return call(name, learning_rate=settings["learning_rate"], **numbers)


def _with_decay(transformations: list[str], settings: Settings) -> str:
    decay = f"optax.add_decayed_weights({settings['weight_decay']})"
    rate = f"optax.scale_by_learning_rate({settings['learning_rate']})"
    return call("optax.chain", *transformations, decay, rate)
