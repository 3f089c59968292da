"""What can go wrong with data, as types a caller can catch."""


class DataNotFoundError(FileNotFoundError):
    """The data set is in none of the places searched, and the stand-in was not allowed."""


class DataIntegrityError(ValueError):
    """Files were found, but their content is not what was published."""


class DownloadError(ConnectionError):
    """A download failed; what arrived of the right file is kept for the next try."""


class StandInWarning(UserWarning):
    """Synthetic images are used in place of the real data set."""
