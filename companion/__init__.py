"""Companion of the book Train to Generalize: what its chapters import and readers reuse.

Importing `companion` loads neither TensorFlow nor matplotlib; its subpackages load what they need:

- `companion.datasets`: CIFAR-10 and IMDb, found locally, downloaded on request, or a stand-in
- `companion.models`: builders that return uncompiled Keras models
- `companion.augmentation`: random changes of images, inside a model or before it
- `companion.weight_decay`: which weights should not decay
- `companion.callbacks`: the generalization gap, weight norms, exact zeros, a progress bar
- `companion.diagnosis`: what a training history says, in words
- `companion.from_scratch`: the book's formulas, line by line in NumPy
- `companion.landscapes`: losses of two weights, and the paths of optimizers over them
- `companion.conversion`: a Keras optimizer written for PyTorch and Optax
- `companion.intervals`: means with intervals, paired comparisons
- `companion.schedules`: step to learning rate: warm-up and cosine, one cycle, and others
- `companion.learning_rate_finder`: at which rates the loss falls, and where it diverges
- `companion.tuning`: search spaces, cross-validation, searches and their results as tables
- `companion.experiments`: the recorded runs behind the book's figures
- `companion.plotting`: learning curves with seed bands, gaps, images, weights, landscapes
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from companion._tensorflow import quiet_tensorflow
    from companion.claims import ClaimError, Evidence, claim
    from companion.source import show_source

__all__ = [
    "ClaimError",
    "Evidence",
    "__version__",
    "claim",
    "quiet_tensorflow",
    "show_source",
]

__version__ = "0.1.0"

_HOMES = {
    "ClaimError": "companion.claims",
    "Evidence": "companion.claims",
    "claim": "companion.claims",
    "quiet_tensorflow": "companion._tensorflow",
    "show_source": "companion.source",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import companion` stays instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'companion' has no attribute {name!r}. Try one of {__all__}.")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
