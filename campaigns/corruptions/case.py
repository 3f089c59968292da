"""One honest copy of the images in one layout, for a kind of corruption to spoil."""

import random
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

from campaigns.corruptions.images import Images, batch_contents
from campaigns.corruptions.tar import Entry, compress, file_entry, tar_bytes
from companion.datasets._layouts import Version, batch_name, folder_name


@dataclass(frozen=True)
class Layout:
    """How the files lie in the data folder: in an archive, or in a folder that may be the same."""

    name: str
    version: Version
    path: str
    packed: bool = False

    @property
    def other_version(self) -> Version:
        """The version that these files do not hold."""
        return "binary" if self.version == "python" else "python"


# In the order in which the loader looks for them.
LAYOUTS = (
    Layout("binary folder", "binary", "cifar-10-batches-bin"),
    Layout("binary files", "binary", ""),
    Layout("binary .tar.gz", "binary", "cifar-10-binary.tar.gz", packed=True),
    Layout("binary .tar.xz", "binary", "cifar-10-binary.tar.xz", packed=True),
    Layout("Python folder", "python", "cifar-10-batches-py"),
    Layout("Python files", "python", ""),
    Layout("Python .tar.gz", "python", "cifar-10-python.tar.gz", packed=True),
    Layout("Keras archive", "python", "cifar-10-batches-py-target_archive", packed=True),
    Layout("older Keras archive", "python", "cifar-10-batches-py.tar.gz", packed=True),
    Layout("Keras folder", "python", "cifar-10-batches-py-target/cifar-10-batches-py"),
)


class Case:
    """The images in a layout, and what a kind of corruption needs to change them.

    Attributes:
        batches: The records of each batch, to be changed and written by `write_batches`.
        contents: The bytes of each file, to be changed and written by `write`.
        data: The data folder.
        path: In it the archive, or the folder of the batch files.
        outside: A folder that nothing may be written to, with a file `secret`.
        rng: The source of all random choices.
    """

    def __init__(self, images: Images, layout: Layout, root: Path, rng: random.Random) -> None:
        self.images, self.layout, self.rng = images, layout, rng
        self.data, self.outside = root / "data", root / "outside"
        self.path = self.data / layout.path
        self.batches = {stem: records.copy() for stem, records in images.batches.items()}
        self.write_batches()

    @property
    def folder(self) -> str:
        """Name of the folder that an honest archive holds."""
        return folder_name(self.images.spec, self.layout.version)

    @property
    def names(self) -> list[str]:
        """Names of the batch files, without what lies beside them."""
        return [batch_name(stem, self.layout.version) for stem in self.batches]

    def write_batches(self) -> None:
        """Write the layout anew from `batches`."""
        extra = "batches.meta" if self.layout.version == "python" else "batches.meta.txt"
        names = "\n".join(self.images.spec.class_names).encode()
        self.contents = batch_contents(self.batches, self.layout.version)
        self.contents |= {extra: names, "readme.html": b"<html></html>"}
        self.write()

    def write(self) -> None:
        """Write the layout anew from `contents`."""
        if self.data.exists():
            shutil.rmtree(self.data)
        if self.layout.packed:
            self.pack(self.entries())
            return
        self.path.mkdir(parents=True)
        for name, content in self.contents.items():
            (self.path / name).write_bytes(content)

    def entries(self) -> list[Entry]:
        """Return the headers and contents of an honest archive."""
        files = [file_entry(f"{self.folder}/{name}", data) for name, data in self.contents.items()]
        return [file_entry(self.folder, kind=tarfile.DIRTYPE), *files]

    def pack(self, entries: list[Entry]) -> None:
        """Write an archive of these entries in place of the layout's."""
        self.write_archive(compress(tar_bytes(entries), self.path))

    def write_archive(self, content: bytes) -> None:
        """Write any bytes in place of the layout's archive."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(content)

    def any_name(self) -> str:
        """Return the name of one of the batch files."""
        return self.rng.choice(self.names)

    def any_file(self) -> Path:
        """Return the archive, or one of the unpacked batch files."""
        return self.path if self.layout.packed else self.path / self.any_name()

    def some_bytes(self, most: int) -> bytes:
        """Return from 1 to `most` random bytes."""
        return self.rng.randbytes(self.rng.randint(1, most))
