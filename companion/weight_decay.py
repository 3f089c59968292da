"""Which weights decoupled weight decay should leave alone."""

import keras

from companion._validate import check_instance

__all__ = ["weight_decay_exclusions"]

_DECAYED = ("kernel", "embeddings")


def weight_decay_exclusions(model: keras.Model) -> list[keras.Variable]:
    """Return the weights that are not to decay: biases, and normalization's scales and offsets.

    Use it with every Keras optimizer that has a `weight_decay`: Keras applies it to *all* weights.
    A bias shifts a unit and cannot make it more sensitive to its input; the scale and offset of a
    normalization undo what the decay of the kernel before them would do. Kernels, recurrent and
    depthwise ones too, and embedding tables decay. Variables are told apart by their names: in a
    layer of your own, a matrix that is to decay needs a name that ends with `kernel`.

    Args:
        model: Any built Keras model.

    Returns:
        Trainable variables, in the order of the model's layers, for the argument `var_list` of
        `optimizer.exclude_from_weight_decay`. Call that before training begins.

    Raises:
        TypeError: `model` is not a Keras model.
        ValueError: The model has no weights yet.

    Example:
        >>> import keras
        >>> from companion.models import build_mlp
        >>> model = build_mlp((4,), 3, hidden_units=(8,), batch_norm=True)
        >>> excluded = weight_decay_exclusions(model)
        >>> [variable.name for variable in excluded]
        ['gamma', 'beta', 'bias']
        >>> optimizer = keras.optimizers.AdamW(weight_decay=0.01)
        >>> optimizer.exclude_from_weight_decay(var_list=excluded)

    Source:
        Book: regularization/l2.
    """
    owner, remedy = "weight_decay_exclusions", "keras.Sequential([...])"
    check_instance(model, "model", owner, keras.Model, "a Keras model", remedy)
    if not model.weights:
        raise ValueError(
            f"model of {owner} must have weights. Got {model.name!r}, which is not built. "
            "Try keras.Input(shape) as its first layer."
        )
    return [weight for weight in model.trainable_variables if not weight.name.endswith(_DECAYED)]
