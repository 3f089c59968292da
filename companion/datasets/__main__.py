"""Get and check data from the command line: `python -m companion.datasets COMMAND`."""

import argparse
import sys
from pathlib import Path

from companion.datasets._cache import DecodedCache, cache_dir
from companion.datasets._download import download_archive
from companion.datasets._errors import DataIntegrityError, DataNotFoundError
from companion.datasets._layouts import find_source
from companion.datasets._search import DATA_DIR, keras_folder, load_source, named_folder
from companion.datasets._spec import CIFAR10
from companion.datasets._stand_in import STAND_IN
from companion.datasets.cifar10 import CIFAR10_ARCHIVE

_NOTHING = "nothing"


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; errors are one sentence on stderr."""
    options = _parser().parse_args(arguments)
    try:
        return {"download": download, "status": status, "verify": verify}[options.command]()
    except (DataIntegrityError, OSError) as error:  # data not found and failed downloads included
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Interrupted. The same command goes on where it stopped.", file=sys.stderr)
    return 1


def download() -> int:
    """Fetch the official archive into the cache unless it is there; check and decode it."""
    archive = download_archive(CIFAR10_ARCHIVE, cache_dir())
    source = find_source(archive.parent, CIFAR10)
    if source is None:
        raise DataNotFoundError(f"{archive} has gone. Run the same command again.")
    images = load_source(source, DecodedCache(cache_dir(), CIFAR10))
    print(f"{archive} holds {CIFAR10.name}, verified (fingerprint {images.fingerprint[:8]}).")
    return 0


def status() -> int:
    """Print what each place holds, in the order in which `load_cifar10` looks."""
    named = named_folder()
    print(f"{DATA_DIR}: {_described(named) if named else 'not set'}")
    for spec in (CIFAR10, STAND_IN):
        cache = DecodedCache(cache_dir(), spec)
        print(f"Decoded {spec.name}: {cache.array_path if cache.read() else _NOTHING}")
    print(f"Cache: {_described(cache_dir())}")
    print(f"Keras' cache: {_described(keras_folder())}")
    return 0


def verify() -> int:
    """Read every byte of the decoded copies; return 1 if one is damaged."""
    caches = [DecodedCache(cache_dir(), spec) for spec in (CIFAR10, STAND_IN)]
    present = [cache for cache in caches if cache.array_path.exists()]
    damaged = [cache.array_path for cache in present if not cache.is_sound()]
    for cache in present:
        print(f"{cache.array_path}: {'damaged' if cache.array_path in damaged else 'sound'}")
    if not present:
        print(f"{cache_dir()} holds no decoded copy. The first load_cifar10() makes one.")
    if damaged:
        print("Delete what is damaged; the next load makes it again.", file=sys.stderr)
    return 1 if damaged else 0


def _described(folder: Path) -> str:
    source = find_source(folder, CIFAR10)
    return f"{source.path if source else _NOTHING} (in {folder})"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m companion.datasets", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    fetch = commands.add_parser("download", help="fetch the official archive into the cache")
    fetch.add_argument("name", choices=[CIFAR10.name], help="the data set")
    commands.add_parser("status", help="say which data is where")
    commands.add_parser("verify", help="check every byte of the decoded copies")
    return parser


if __name__ == "__main__":
    sys.exit(main())
