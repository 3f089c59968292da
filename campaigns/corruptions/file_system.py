"""Corruptions of what a name stands for: folders, links, pipes, devices, other layouts."""

import os
import shutil
from pathlib import Path

from campaigns.corruptions.case import LAYOUTS, Case, Layout
from campaigns.corruptions.flips import few, flipped
from campaigns.corruptions.kinds import kind, unpacked


@kind("folder in place of a file")
def make_folder(case: Case) -> None:
    """Put a folder, empty or not, where a file should be."""
    path = _vacant(case)
    path.mkdir()
    if case.rng.random() < 1 / 2:
        (path / "data_batch_1.bin").write_bytes(b"")


@kind("link to the right file elsewhere", harmless=True)
def link_copy(case: Case) -> None:
    """Move a file away and leave a link to it."""
    path = case.any_file()
    path.symlink_to(shutil.move(path, case.outside / "copy"))


@kind("link to another file")
def link_other(case: Case) -> None:
    """Link to a file that is none of the data."""
    _vacant(case).symlink_to(case.outside / "secret")


@kind("link to nothing")
def link_nothing(case: Case) -> None:
    """Link to a name that does not exist, or to the link itself."""
    path = _vacant(case)
    path.symlink_to(case.rng.choice([case.outside / "absent", path]))


@kind("link to a device")
def link_device(case: Case) -> None:
    """Link to a device that gives zeros for ever."""
    _vacant(case).symlink_to("/dev/zero")


@kind("named pipe")
def make_pipe(case: Case) -> None:
    """Put a pipe there, which would block whoever opens it."""
    os.mkfifo(_vacant(case))


@kind("file that cannot be read")
def make_unreadable(case: Case) -> None:
    """Put a file there that can be opened and gives an error, or that cannot even be opened."""
    path = _vacant(case)
    if os.geteuid() and case.rng.random() < 1 / 2:  # no mode keeps root from reading
        path.touch(mode=0)
    else:
        path.symlink_to("/proc/self/mem")


@kind("terabyte of nothing")
def make_sparse(case: Case) -> None:
    """Stretch a file to a terabyte of zeros that take no room."""
    with case.any_file().open("r+b") as file:
        file.truncate(case.rng.choice([0, file.seek(0, os.SEEK_END)]))
        file.truncate(1 << 40)


@kind("file in place of the folder", unpacked)
def make_file(case: Case) -> None:
    """Put a file where the folder of the batch files should be."""
    folder = case.path if case.path != case.data else case.data / "cifar-10-batches-bin"
    shutil.rmtree(case.data)
    folder.parent.mkdir(parents=True)
    folder.write_bytes(case.some_bytes(100))


@kind("one folder too deep")
def bury(case: Case) -> None:
    """Move everything into a folder of another name."""
    buried = case.outside.with_name("buried")
    case.data.rename(buried)
    case.data.mkdir()
    buried.rename(case.data / "cifar10")


@kind("damaged layout beside the good one")
def add_damaged_layout(case: Case) -> None:
    """Put another layout beside it, whose files are random, cut off or have flipped bits."""
    _add_damaged(case, LAYOUTS)


@kind("damaged layout behind the good one", lambda layout: layout != LAYOUTS[-1], harmless=True)
def add_damaged_layout_behind(case: Case) -> None:
    """Put a damaged layout where the loader looks only if it finds no other."""
    _add_damaged(case, LAYOUTS[LAYOUTS.index(case.layout) + 1 :])


def _add_damaged(case: Case, layouts: tuple[Layout, ...]) -> None:
    others = [layout for layout in layouts if layout.path not in ("", case.layout.path)]
    other = Case(case.images, case.rng.choice(others), case.outside.with_name("other"), case.rng)
    path = other.any_file()
    content = path.read_bytes()
    cut = content[: case.rng.randrange(len(content))]
    path.write_bytes(case.rng.choice([cut, flipped(content, case.rng, few(case.rng))]))
    for name in other.data.iterdir():
        shutil.move(name, case.data)
    shutil.rmtree(other.data.parent)


def _vacant(case: Case) -> Path:
    """Remove a file and return its path."""
    path = case.any_file()
    path.unlink()
    return path
