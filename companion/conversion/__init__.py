"""A Keras optimizer, written for PyTorch and Optax so that the run stays the same.

The three frameworks share names, not formulas: where momentum meets the learning rate, where
epsilon stands, where an accumulator starts, and how weights decay.
"""

from companion.conversion.conversion_table import conversion_table
from companion.conversion.table import Conversion, ConversionTable

__all__ = ["Conversion", "ConversionTable", "conversion_table"]
