"""Cut every state file short at every byte, and flip a bit of every byte.

Whatever is left of the file: it is recovered, or refused by an error of one sentence that names it;
never half believed. Of the decoded images, whose bytes are too many, a sample is flipped.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from campaigns.outcome import Figures
from campaigns.seeded import run_campaign
from campaigns.state_files import StateFile, state_files
from campaigns.toy_data import DECODED, SPEC, is_toy
from campaigns.violations import ViolationError, demand
from companion.datasets._cache import DecodedCache

BITS = 8
WHOLE = 3000  # bytes up to which a file is cut and flipped everywhere
HEADER = 160  # bytes at the start of a longer file that are, too
ARRAY_HEADER = 128  # of these, the bytes that describe the array
Damage = tuple[str, bytes]
Snapshot = dict[Path, tuple[bytes, int]]  # content and time of change of each file
DAMAGED = {"cut": "files cut short,", "flipped": "files with a flipped bit,"}


def campaign(sample: int, seed: int, folder: Path) -> Figures:
    """Damage every state file; return the figures, or raise where a promise does not hold.

    Args:
        sample: Bytes of a long file at which it is damaged, apart from its header; a short file is
            damaged at every byte, or at every so-many-th if it has more than 10 times as many.
        seed: Draws the bits and the bytes.
        folder: Empty.
    """
    chance = random.Random(seed)
    figures: Counter[str] = Counter()
    with state_files(folder) as files:
        for file in files:
            kept = _snapshot(file.path.parent)
            expected = file.look()
            for kind, content in _damages(kept[file.path][0], sample, chance):
                _restore(kept)
                file.path.write_bytes(content)
                outcome = _outcome(file, expected, f"{file.name}, {kind} (seed {seed})")
                figures[f"{DAMAGED[kind.partition(' ')[0]]} {outcome}"] += 1
            _restore(kept)
            figures["ways of reading a state file"] += 1
    figures += _rot(folder / "rot", sample, chance)
    return dict(figures)


def _snapshot(folder: Path) -> Snapshot:
    files = [path for path in folder.iterdir() if path.is_file()]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def _restore(kept: Snapshot) -> None:
    for path, (content, changed) in kept.items():
        path.write_bytes(content)
        os.utime(path, ns=(changed, changed))


def _rot(folder: Path, sample: int, chance: random.Random) -> Counter[str]:
    """Flip bits of the decoded copy so that neither its size nor its time of change tells.

    The fast load does not read every byte; `python -m companion.datasets verify` does.
    """
    figures: Counter[str] = Counter()
    cache = DecodedCache(folder, SPEC)
    cache.read_or_make(lambda: DECODED)
    kept = _snapshot(folder)
    content, changed = kept[cache.array_path]
    for place in _places(len(content), sample, chance):
        flipped = bytearray(content)
        flipped[place] ^= 1 << chance.randrange(BITS)
        cache.array_path.write_bytes(flipped)
        os.utime(cache.array_path, ns=(changed, changed))
        found = cache.read()
        demand(not cache.is_sound(), f"decoded copy, byte {place} rotten: verify says sound.")
        seen = "header" if place < ARRAY_HEADER else "pixels"
        believed = found is not None and not is_toy(found)
        demand(not believed or seen == "pixels", f"decoded copy, byte {place}: it was believed.")
        figures[f"flips hidden from size and time of change, found by verify ({seen})"] += 1
    return figures


def _damages(whole: bytes, sample: int, chance: random.Random) -> Iterator[Damage]:
    places = _places(len(whole), sample, chance)
    for length in places:
        yield f"cut to {length} of {len(whole)} bytes", whole[:length]
    for place in places:
        flipped = bytearray(whole)
        bit = chance.randrange(BITS)
        flipped[place] ^= 1 << bit
        yield f"flipped bit {bit} of byte {place}", bytes(flipped)


def _places(size: int, sample: int, chance: random.Random) -> list[int]:
    if size <= WHOLE:
        return list(range(0, size, max(1, size // (10 * sample))))
    places = {*range(0, HEADER, max(1, HEADER // sample)), size - 1}
    return sorted(places | {chance.randrange(HEADER, size) for _ in range(sample)})


def _outcome(file: StateFile, expected: object, where: str) -> str:
    """Return what became of a damaged file in a word or two; raise if it was believed."""
    try:
        found = file.look()
    except file.errors as error:
        _judge(str(error), file.path, where)
        return "refused by name"
    except Exception as error:
        raise ViolationError(f"{where}: {type(error).__name__}: {error}") from error
    if file.advisory:
        demand(isinstance(found, float) and 0 <= found <= 1, f"{where}: {found}")
        return "shown as another progress"
    demand(found == expected, f"{where}: other values were read.")
    return "recovered or the same values"


def _judge(sentence: str, path: Path, where: str) -> None:
    names = str(path) in sentence or path.stem.partition(".")[0] in sentence
    demand(names and len(sentence.splitlines()) == 1, f"{where}: it says {sentence!r}.")


PROMISE = (
    "A state file that is cut short or has a flipped bit is recovered or refused by name. The "
    "progress file, which is only displayed, may show another fraction between 0 and 1."
)


if __name__ == "__main__":
    run_campaign("truncations", PROMISE, campaign, 300, "bytes of a long file to damage")
