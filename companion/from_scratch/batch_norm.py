"""Batch normalization: the layer forward and backward, and the statistics it keeps for inference.

The last axis holds the channels (features, units); everything is computed for each channel by
itself, over all other axes.
"""

import numpy as np

from companion._validate import check_array, check_number, refuse

_INPUTS = "np.zeros((64, 10))"
_EPSILONS = "[1e-12, inf)"  # less could vanish in float32, and a variance of 0 would divide by 0
_FEWEST_VALUES = 2  # one value is its own mean: nothing of it would be left


def batch_moments(inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    r"""Return mean and variance of each channel over a batch.

    Use it for what batch normalization subtracts and divides by while training.

    $$\mu = \frac{1}{B} \sum_{i=1}^{B} h_i, \qquad v = \frac{1}{B} \sum_{i=1}^{B} (h_i - \mu)^2$$

    Args:
        inputs: `(batch, features)` or `(batch, height, width, channels)` floats, the symbols $h_i$,
            at least two for each channel; $B$ is `batch`, or `batch * height * width`.

    Returns:
        `mean` and `variance`, each `(channels,)`. The variance is the biased one (divided by $B$),
        which Keras uses both to normalize and in its moving variance.

    Raises:
        TypeError: `inputs` is not an array of floats.
        ValueError: It has fewer than two axes or values for each channel, or holds NaN or infinity.

    Example:
        >>> mean, variance = batch_moments(np.array([[1.0, 0.0], [3.0, 0.0]]))
        >>> mean.tolist(), variance.tolist()
        ([2.0, 0.0], [1.0, 0.0])

    Source:
        Ioffe and Szegedy (2015), Batch normalization. Book: regularization/batch_normalization.

    Differs from Keras:
        Keras accepts a single value for each channel and returns a variance of 0.
    """
    axes = _check_inputs(inputs, "batch_moments")
    # equation batch-normalization-moments
    mean = inputs.mean(axis=axes)
    variance = np.square(inputs - mean).mean(axis=axes)
    return mean, variance


def batch_norm(
    inputs: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    epsilon: float = 1e-3,
) -> np.ndarray:
    r"""Normalize each channel with the given statistics, then scale and shift it.

    Use it in both modes: while training with `batch_moments(inputs)`, for inference with the moving
    statistics. That choice is all that the two modes differ in.

    $$y = \gamma \hat h + \beta, \qquad \hat h = \frac{h - \mu}{\sqrt{v + \epsilon}}$$

    Args:
        inputs: `(batch, features)` or `(batch, height, width, channels)` floats, the symbol $h$.
        mean: `(channels,)` floats, the symbol $\mu$.
        variance: `(channels,)` floats of at least 0, the symbol $v$.
        gamma: `(channels,)` floats, the scale that is learned; Keras starts with ones.
        beta: `(channels,)` floats, the shift that is learned; Keras starts with zeros.
        epsilon: Added to the variance, in [1e-12, inf); the default is Keras'.

    Returns:
        The outputs $y$, with the shape of `inputs`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Shapes do not match, a variance is negative, `epsilon` is out of range, or an
            array holds NaN or infinity.

    Example:
        >>> x, ones = np.array([[1.0], [3.0]]), np.ones(1)
        >>> batch_norm(x, *batch_moments(x), gamma=ones, beta=0 * ones).round(3).tolist()
        [[-1.0], [1.0]]

    Source:
        Ioffe and Szegedy (2015), Batch normalization. Book: regularization/batch_normalization.
    """
    owner = "batch_norm"
    _check_axes(inputs, owner)
    channels = {"mean": mean, "variance": variance, "gamma": gamma, "beta": beta}
    _check_channels(inputs, owner, channels)
    epsilon = check_number(epsilon, "epsilon", owner, _EPSILONS, 1e-3)
    # equation batch-normalization-forward
    normalized = (inputs - mean) / np.sqrt(variance + epsilon)
    return gamma * normalized + beta


def batch_norm_backward(
    output_gradient: np.ndarray, inputs: np.ndarray, gamma: np.ndarray, epsilon: float = 1e-3
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Carry the gradient of the loss back through batch normalization in training mode.

    Use it to see what the batch's own mean and variance do to a gradient: its mean and its part
    along $\hat h$ are taken out.

    $$\delta^h_i = \frac\gamma\sigma (\delta_i - \bar\delta - \hat h_i \overline{\delta \hat h})$$

    with $\sigma = \sqrt{v + \epsilon}$ and bars for means over the batch.

    Args:
        output_gradient: Gradient with respect to the outputs, floats with the shape of `inputs`,
            the symbols $\delta_i$; $\delta^h_i$ are those with respect to the inputs.
        inputs: As for `batch_moments`.
        gamma: As for `batch_norm`.
        epsilon: As for `batch_norm`, in [1e-12, inf).

    Returns:
        The gradients with respect to `inputs`, to `gamma` and to `beta`, in their shapes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Shapes do not match, there is one value for each channel, `epsilon` is out of
            range, or an array holds NaN or infinity.

    Example:
        >>> x = np.array([[1.0], [3.0], [5.0]])
        >>> gradients = batch_norm_backward(np.ones((3, 1)), x, gamma=np.ones(1))
        >>> [gradient.round(6).ravel().tolist() for gradient in gradients]
        [[0.0, 0.0, 0.0], [0.0], [3.0]]

    Source:
        Ioffe and Szegedy (2015), Batch normalization. Book: regularization/batch_normalization.
    """
    owner = "batch_norm_backward"
    axes = _check_inputs(inputs, owner)
    check_array(
        output_gradient, "output_gradient", owner, inputs.shape, "f", "np.ones_like(inputs)"
    )
    _check_channels(inputs, owner, {"gamma": gamma})
    epsilon = check_number(epsilon, "epsilon", owner, _EPSILONS, 1e-3)
    mean, variance = batch_moments(inputs)
    deviation = np.sqrt(variance + epsilon)
    normalized = (inputs - mean) / deviation
    # equation batch-normalization-backward
    along = output_gradient * normalized
    kept = output_gradient - output_gradient.mean(axis=axes) - normalized * along.mean(axis=axes)
    return gamma / deviation * kept, along.sum(axis=axes), output_gradient.sum(axis=axes)


def update_moving(moving: np.ndarray, batch: np.ndarray, momentum: float = 0.99) -> np.ndarray:
    r"""Return a moving mean or variance after one more batch.

    Use it after every training step; what it keeps is what inference normalizes with. After $t$
    steps the initial value still weighs $\kappa^t$: 0.67 after 40 steps of the default.

    $$\tilde\mu \leftarrow \kappa \tilde\mu + (1 - \kappa) \mu$$

    Args:
        moving: `(channels,)` floats; Keras starts the mean with zeros, the variance with ones.
        batch: `(channels,)` floats, the same statistic of this batch, from `batch_moments`.
        momentum: Weight of what was there before, the symbol $\kappa$, in [0, 1); the default is
            Keras'. It has nothing to do with the optimizer's momentum.

    Returns:
        The new value, `(channels,)`; the old array is left as it is.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Shapes do not match, `momentum` is out of range, or an array holds NaN or
            infinity.

    Example:
        >>> update_moving(np.zeros(2), np.array([1.0, 2.0]), momentum=0.75).tolist()
        [0.25, 0.5]

    Source:
        Ioffe and Szegedy (2015), Batch normalization. Book: regularization/batch_normalization.
    """
    owner = "update_moving"
    check_array(moving, "moving", owner, (None,), "f", "np.zeros(10)")
    check_array(batch, "batch", owner, moving.shape, "f", "batch_moments(inputs)[0]")
    momentum = check_number(momentum, "momentum", owner, "[0, 1)", 0.9)
    # equation batch-normalization-moving
    return momentum * moving + (1 - momentum) * batch


def _check_axes(inputs: np.ndarray, owner: str) -> None:
    check_array(inputs, "inputs", owner, None, "f", _INPUTS)
    if inputs.ndim < 2 or inputs.size == 0:  # noqa: PLR2004 - a batch axis and a channel axis
        allowed = "an array (batch, ..., channels) that is not empty"
        refuse(ValueError, inputs, "inputs", owner, allowed, _INPUTS)


def _check_inputs(inputs: np.ndarray, owner: str) -> tuple[int, ...]:
    """Return the axes that a statistic is taken over: all but the last."""
    _check_axes(inputs, owner)
    if inputs[..., 0].size < _FEWEST_VALUES:
        allowed = "an array with at least two values for each channel"
        refuse(ValueError, inputs, "inputs", owner, allowed, _INPUTS)
    return tuple(range(inputs.ndim - 1))


def _check_channels(inputs: np.ndarray, owner: str, channels: dict[str, np.ndarray]) -> None:
    for name, values in channels.items():
        check_array(values, name, owner, inputs.shape[-1:], "f", f"np.ones({inputs.shape[-1]})")
    if "variance" in channels and channels["variance"].min() < 0:
        smallest = float(channels["variance"].min())
        refuse(ValueError, smallest, "variance", owner, "at least 0", "batch_moments(inputs)[1]")
