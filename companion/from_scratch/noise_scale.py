"""The noise scale: at which batch size the noise of a gradient is as long as the gradient."""

from collections.abc import Sequence

from companion._validate import check_each_integer, check_sample, refuse


def noise_scale(squared_norms: Sequence[float], batch_sizes: Sequence[int]) -> float:
    r"""Return the batch size at which the noise of a batch's gradient has the gradient's length.

    Use it to learn from which batch size on more examples a step buy little. Measure the mean
    squared length of the gradients of batches of two sizes, over several batches of each at the
    same weights, and average over batches *before* calling this. Batches are drawn with
    replacement, or are small parts of the data.

    $$\frac{\operatorname{tr} \Sigma}{\lVert G \rVert^2}$$

    Args:
        squared_norms: Mean squared length of a gradient for the smaller and for the larger batch,
            each at least 0, shape `(2,)`.
        batch_sizes: The two batch sizes in examples, at least 1, the smaller one first.

    Returns:
        The noise scale in examples. Measured lengths are noisy, too: where they leave nothing for
        the gradient it is infinite, and where they leave nothing for the noise it is 0.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: There are not two values, or the sizes do not rise.

    Example:
        >>> noise_scale([5.0, 2.0], [1, 4])
        4.0

    Source:
        McCandlish et al. (2018), An empirical model of large-batch training, appendix A.
        Book: practice/batch_size.
    """
    small, large = _check_norms(squared_norms)
    few, many = _check_sizes(batch_sizes)
    # equation batch-size-estimates
    signal = (many * large - few * small) / (many - few)
    noise = (small - large) / (1 / few - 1 / many)
    return max(noise, 0.0) / signal if signal > 0 else float("inf")


def _check_norms(values: Sequence[float]) -> tuple[float, float]:
    allowed, remedy = "two finite numbers of at least 0", "[5.0, 2.0]"
    norms = check_sample(values, "squared_norms", "noise_scale", (1,), 2, allowed, remedy)
    if len(norms) != 2 or norms.min() < 0:  # noqa: PLR2004 - two equations for two unknowns
        refuse(ValueError, values, "squared_norms", "noise_scale", allowed, remedy)
    return float(norms[0]), float(norms[1])


def _check_sizes(values: Sequence[int]) -> tuple[int, int]:
    sizes = check_each_integer(values, "batch_sizes", "noise_scale", "[1, 1e9]", (16, 256))
    if len(sizes) != 2 or sizes[0] >= sizes[1]:  # noqa: PLR2004 - as many as there are norms
        allowed = "two whole numbers, the smaller one first"
        refuse(ValueError, values, "batch_sizes", "noise_scale", allowed, (16, 256))
    return sizes[0], sizes[1]
