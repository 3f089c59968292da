"""Get and check data from the command line: `python -m companion.datasets COMMAND`."""

import argparse
import sys
from pathlib import Path

from companion.datasets._cache import DecodedCache, cache_dir
from companion.datasets._download import Archive, download_archive
from companion.datasets._errors import DataIntegrityError, DataNotFoundError
from companion.datasets._layouts import find_source
from companion.datasets._search import DATA_DIR, keras_folder, load_source, named_folder
from companion.datasets._spec import CIFAR10, IMDB, DataSpec
from companion.datasets._stand_in import STAND_IN
from companion.datasets._text_stand_in import TEXT_STAND_IN
from companion.datasets.cifar10 import CIFAR10_ARCHIVE
from companion.datasets.imdb import IMDB_ARCHIVE

_NOTHING = "nothing"


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; errors are one sentence on stderr."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "download":
            return download(options.name)
        return {"status": status, "verify": verify}[options.command]()
    except (DataIntegrityError, OSError) as error:  # data not found and failed downloads included
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Interrupted. The same command goes on where it stopped.", file=sys.stderr)
    return 1


def download(name: str) -> int:
    """Fetch the official archive into the cache unless it is there; check and decode it."""
    spec, published = _official()[name]
    archive = download_archive(published, cache_dir())
    source = find_source(archive.parent, spec)
    if source is None:
        raise DataNotFoundError(f"{archive} has gone. Run the same command again.")
    data = load_source(source, spec)
    print(f"{archive} holds {spec.name}, verified (fingerprint {data.fingerprint[:8]}).")
    return 0


def status() -> int:
    """Print what each place holds, in the order in which the loaders look."""
    named = named_folder()
    print(f"{DATA_DIR}: {_described(named) if named else 'not set'}")
    for name, cache in _copies().items():
        print(f"Decoded {name}: {cache.array_path if cache.read() else _NOTHING}")
    print(f"Cache: {_described(cache_dir())}")
    print(f"Keras' cache: {_described(keras_folder())}")
    return 0


def verify() -> int:
    """Read every byte of the decoded copies; return 1 if one is damaged."""
    present = [cache for cache in _copies().values() if cache.array_path.exists()]
    damaged = [cache.array_path for cache in present if not cache.is_sound()]
    for cache in present:
        print(f"{cache.array_path}: {'damaged' if cache.array_path in damaged else 'sound'}")
    if not present:
        print(f"{cache_dir()} holds no decoded copy. The first load makes one.")
    if damaged:
        print("Delete what is damaged; the next load makes it again.", file=sys.stderr)
    return 1 if damaged else 0


def _described(folder: Path) -> str:
    sources = [find_source(folder, spec) for spec, _ in _official().values()]
    found = ", ".join(str(source.path) for source in sources if source)
    return f"{found or _NOTHING} (in {folder})"


def _official() -> dict[str, tuple[DataSpec, Archive]]:
    return {CIFAR10.name: (CIFAR10, CIFAR10_ARCHIVE), IMDB.name: (IMDB, IMDB_ARCHIVE)}


def _copies() -> dict[str, DecodedCache]:
    """Return the decoded copies, by what is in them."""
    real = {name: spec for name, (spec, _) in _official().items()}
    stand_ins = {"stand-in": STAND_IN, "stand-in for imdb": TEXT_STAND_IN}
    return {name: DecodedCache(cache_dir(), spec) for name, spec in (real | stand_ins).items()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m companion.datasets", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    fetch = commands.add_parser("download", help="fetch the official archive into the cache")
    fetch.add_argument("name", choices=list(_official()), help="the data set")
    commands.add_parser("status", help="say which data is where")
    commands.add_parser("verify", help="check every byte of the decoded copies")
    return parser


if __name__ == "__main__":
    sys.exit(main())
