"""Inverted dropout: a random mask while training, its backward pass, and every mask there is."""

import numpy as np

from companion._validate import check_array, check_instance, check_integer, check_number

_MOST_UNITS = 16  # 65,536 masks


def dropout(x: np.ndarray, rate: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    r"""Drop each value with probability `rate` and scale up the others by `1 / (1 - rate)`.

    Use it while training only. For inference pass `x` on as it is: the mask is 1 on average, so
    nothing is left to scale.

    .. math::

        \tilde h_i = \xi_i h_i, \qquad
        \xi_i = \begin{cases} 0 & \text{with probability } \rho \\
        1 / (1 - \rho) & \text{with probability } 1 - \rho \end{cases}

    Args:
        x: Finite floats of any shape, the symbols $h_i$.
        rate: Probability of dropping a value, the symbol $\rho$, in [0, 1); 0 changes nothing.
        rng: Source of the random numbers, one for each value of `x`.

    Returns:
        The output and the mask, the symbols $\tilde h_i$ and $\xi_i$, both with the shape and
        precision of `x`. Keep the mask for `dropout_backward`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `rate` is out of range, or `x` holds NaN or infinity.

    Example:
        >>> output, mask = dropout(np.ones(6), 0.5, np.random.default_rng(1))
        >>> output.tolist()
        [2.0, 2.0, 0.0, 2.0, 0.0, 0.0]

    Source:
        Srivastava et al. (2014), Dropout. Book: regularization/dropout, regularization/combining.

    Differs from the paper:
        There the values are scaled down at test time; scaling up while training, as Keras does,
        leaves inference alone.
    """
    check_array(x, "x", "dropout", None, "f", "np.ones((2, 3))")
    rate = check_number(rate, "rate", "dropout", "[0, 1)", 0.5)
    remedy = "np.random.default_rng(0)"
    check_instance(rng, "rng", "dropout", np.random.Generator, "a NumPy generator", remedy)
    kept = rng.random(x.shape) >= rate
    mask = (kept / (1 - rate)).astype(x.dtype)  # equation dropout-mask
    return mask * x, mask


def dropout_backward(gradient: np.ndarray, mask: np.ndarray) -> np.ndarray:
    r"""Return the gradient with respect to the input of `dropout`.

    Use it in the backward pass, with the mask of the forward pass: what was dropped learns nothing
    from this example.

    $$\frac{\partial L}{\partial h_i} = \xi_i \frac{\partial L}{\partial \tilde h_i}$$

    Args:
        gradient: Gradient with respect to the output, finite floats of any shape.
        mask: The mask that `dropout` returned, of the same shape.

    Returns:
        The gradient with respect to the input, of the same shape.

    Raises:
        TypeError: An argument is not an array of floats.
        ValueError: The shapes differ, or a value is not finite.

    Example:
        >>> dropout_backward(np.array([0.5, 0.5]), np.array([2.0, 0.0])).tolist()
        [1.0, 0.0]

    Source:
        Book: regularization/dropout.
    """
    owner = "dropout_backward"
    check_array(gradient, "gradient", owner, None, "f", "np.ones((2, 3))")
    check_array(mask, "mask", owner, gradient.shape, "f", "the mask that dropout returned")
    return mask * gradient  # equation dropout-backward


def all_masks(num_units: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    r"""Return every dropout mask of a few units, and the probability of each.

    Use it to compute a mean over masks exactly, where training only samples it: the mean of
    `values`, one for each mask, is `probabilities @ values`.

    Args:
        num_units: Number of units $d$, from 1 to 16; there are $2^d$ masks.
        rate: Probability of dropping a unit, the symbol $\rho$, in [0, 1).

    Returns:
        Masks `(2**num_units, num_units)` with the entries 0 and `1 / (1 - rate)`, and their
        probabilities `(2**num_units,)`, which sum to 1. The last mask keeps every unit.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> masks, probabilities = all_masks(2, 0.75)
        >>> masks.tolist()
        [[0.0, 0.0], [0.0, 4.0], [4.0, 0.0], [4.0, 4.0]]
        >>> probabilities.tolist()
        [0.5625, 0.1875, 0.1875, 0.0625]

    Source:
        Book: regularization/dropout.
    """
    num_units = check_integer(num_units, "num_units", "all_masks", f"[1, {_MOST_UNITS}]", 10)
    rate = check_number(rate, "rate", "all_masks", "[0, 1)", 0.5)
    kept = np.indices((2,) * num_units).reshape(num_units, -1).T == 1
    probabilities = np.where(kept, 1 - rate, rate).prod(axis=1)
    return kept / (1 - rate), probabilities
