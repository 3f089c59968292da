"""What can go wrong with data, as types a caller can catch."""

from pathlib import Path


class DataNotFoundError(FileNotFoundError):
    """The data set is in no place that can be read, and the stand-in was not allowed."""


class DataIntegrityError(ValueError):
    """Files were found, but their content is not what was published."""


class DownloadError(ConnectionError):
    """A download failed; what arrived of the right file is kept for the next try."""


class StandInWarning(UserWarning):
    """Synthetic data are used in place of the real data set."""


def unreadable(path: Path, error: OSError) -> DataNotFoundError:
    """Return the error for files that are there but that the system does not let us read."""
    return DataNotFoundError(
        f"{error.filename or path} cannot be read ({error.strerror}). "
        "Make it readable, or put the data into another folder."
    )


def in_words(error: Exception) -> str:
    """Return what an error says, fit for one of our sentences though a file may have worded it."""
    words = str(error) or type(error).__name__
    return "".join(letter if letter.isprintable() else "?" for letter in words[:200])
