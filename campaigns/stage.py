"""A folder in which an operation goes wrong again and again, and what must hold afterwards."""

import shutil
from pathlib import Path

from campaigns.operations import Operation
from campaigns.violations import demand

LEFT_BEFORE = ".0123."  # in the name of what the old state has left over


class Stage:
    """The old state of an operation, to be set up as often as needed, and its new state."""

    def __init__(self, operation: Operation, base: Path) -> None:
        """Make the old state, and the new one in a copy; `base` is an empty or missing folder."""
        self.operation = operation
        self.folder = base / "now"
        self.said = base / "said"
        self._old = base / "old"
        self._old.mkdir(parents=True)
        operation.prepare(self._old)
        self.reset()
        self._before = operation.state(self.folder)
        said = operation.act(self.folder)
        demand(said is None, f"{operation.name}: {said}")
        self._after = operation.state(self.folder)
        self.largest = max((self.folder / name).stat().st_size for name in operation.files)

    def reset(self) -> Path:
        """Set the old state up again and return its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        return shutil.copytree(self._old, self.folder)

    @property
    def is_new(self) -> bool:
        """Whether all files have their new content."""
        return self.operation.state(self.folder) == self._after

    def check(self, where: str, leftovers: int = 0) -> None:
        """Every file is old or new, and only so many are left over."""
        for name, content in self.operation.state(self.folder).items():
            old_or_new = content in (self._before[name], self._after[name])
            demand(old_or_new, f"{where}: {name} is neither old nor new.")
        for name, whole in (self.operation.parts or {}).items():
            part = self.folder / name
            found = part.read_bytes() if part.exists() else b""
            demand(whole.startswith(found), f"{where}: {name} is no part of the whole.")
        found_left = [path for path in self._left() if LEFT_BEFORE not in path.name]
        demand(len(found_left) <= leftovers, f"{where}: {found_left} is left.")

    def judge(self, said: str | None, where: str) -> None:
        """What failed says so in one sentence that names the file; silence means success."""
        if not said:
            demand(self.is_new, f"{where}: it failed without a word.")
            return
        is_sentence = len(said.splitlines()) == 1 and str(self.folder) in said
        demand(is_sentence, f"{where}: it says {said!r}.")

    def repeat(self, where: str, leftovers: int = 0) -> None:
        """The same again succeeds, gives the new content and removes what is left over."""
        said = self.operation.act(self.folder)
        demand(said is None, f"{where}, then again: {said}")
        demand(self.is_new, f"{where}, then again: another content.")
        found = self._left()
        demand(len(found) <= leftovers, f"{where}, then again: {found} is left.")

    def _left(self) -> list[Path]:
        return list(self.folder.rglob(".*.part"))
