"""Find the published files of a data set in a folder, whatever their layout."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path
from typing import Literal

from companion.datasets._errors import DataIntegrityError, unreadable
from companion.datasets._spec import DataSpec, ImageSpec

Version = Literal["binary", "python", "reviews"]
_FOLDER_SUFFIX = {"binary": "batches-bin", "python": "batches-py"}
_FILE_SUFFIX = {"binary": ".bin", "python": ""}


@dataclass(frozen=True)
class Source:
    """Files that hold a data set.

    Args:
        version: Of images the official version whose batch files these are.
        path: The archive, or the folder that holds the files.
        files: The archive alone; or every batch file, the test batch last; or the folders of the
            reviews, whose time of change is that of the last file added or removed.
    """

    version: Version
    path: Path
    files: tuple[Path, ...]

    @property
    def is_archive(self) -> bool:
        """Whether the files are packed in one archive."""
        return self.files == (self.path,)


def find_source(folder: Path, spec: DataSpec) -> Source | None:
    """Return the first accepted layout in `folder`, or None.

    Raises:
        DataIntegrityError: Some files of a layout are there and others are missing.
        DataNotFoundError: The folder cannot be searched.
    """
    try:
        return next(sources(spec, folder), None)
    except OSError as error:
        raise unreadable(folder, error) from error


def batch_name(stem: str, version: Version) -> str:
    """Return the file name of a batch in the given version."""
    return stem + _FILE_SUFFIX[version]


def folder_name(spec: ImageSpec, version: Version) -> str:
    """Return the name of the folder that the official archive holds."""
    return f"{spec.name}-{_FOLDER_SUFFIX[version]}"


@singledispatch
def sources(spec: DataSpec, folder: Path) -> Iterator[Source]:
    """Yield what a folder holds of a data set, in the order in which it is preferred."""
    raise NotImplementedError(f"Nothing finds {type(spec).__name__}. Register a function.")


@sources.register
def _(spec: ImageSpec, folder: Path) -> Iterator[Source]:
    for version, archives in _archive_names(spec).items():
        for place in (folder / folder_name(spec, version), folder):
            yield from _batch_files(place, spec, version)
        for archive in (folder / name for name in archives):
            if archive.is_file():
                yield Source(version, archive, (archive,))
    extracted = folder / f"{spec.name}-batches-py-target"  # where Keras 3 unpacks its download
    yield from _batch_files(extracted / folder_name(spec, "python"), spec, "python")


def _archive_names(spec: ImageSpec) -> dict[Version, tuple[str, ...]]:
    name = spec.name
    return {
        "binary": (f"{name}-binary.tar.gz", f"{name}-binary.tar.xz"),
        "python": (
            f"{name}-python.tar.gz",
            f"{name}-batches-py-target_archive",  # Keras 3
            f"{name}-batches-py.tar.gz",  # older Keras
        ),
    }


def _batch_files(folder: Path, spec: ImageSpec, version: Version) -> Iterator[Source]:
    files = tuple(folder / batch_name(stem, version) for stem in spec.batches)
    missing = [file.name for file in files if not file.is_file()]
    if len(missing) == len(files):
        return
    if missing:
        raise DataIntegrityError(
            f"{folder} lacks {', '.join(missing)} of {spec.name}. "
            "Put the missing files there, or delete the folder."
        )
    yield Source(version, folder, files)
