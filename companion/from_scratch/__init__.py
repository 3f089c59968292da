"""The book's formulas line by line, in NumPy only; tests hold each equal to Keras or a closed form.

These functions are for reading and for checking, not for speed.
"""

from companion.from_scratch.cross_entropy import cross_entropy, softmax
from companion.from_scratch.penalties import l2_penalty
from companion.from_scratch.selection_bias import expected_best

__all__ = ["cross_entropy", "expected_best", "l2_penalty", "softmax"]
