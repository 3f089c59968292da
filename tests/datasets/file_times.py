"""Times of files, which say whether a file was changed."""

import os


def touch(path):
    """Change the time of a file and nothing else."""
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000_000))
