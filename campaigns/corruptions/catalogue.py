"""All kinds of corruption, by name."""

from campaigns.corruptions import (
    batch_files,
    bombs,
    entries,
    file_system,
    packing,
    pickles,
    records,
)
from campaigns.corruptions.kinds import KINDS

__all__ = ["FAMILIES", "KINDS"]

# Importing them has registered their kinds.
FAMILIES = (records, batch_files, file_system, packing, entries, bombs, pickles)
