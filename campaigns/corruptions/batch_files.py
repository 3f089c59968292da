"""Corruptions of the batch files as wholes, in a folder and in an archive alike."""

from collections.abc import Callable

from campaigns.corruptions.case import Case
from campaigns.corruptions.flips import few, flipped
from campaigns.corruptions.images import batch_contents
from campaigns.corruptions.kinds import kind
from companion.datasets._spec import RECORD_BYTES


@kind("flipped bits in a batch file")
def flip_bits(case: Case) -> None:
    """Flip bits anywhere, in a pickle's instructions too."""
    _change(case, lambda content: flipped(content, case.rng, few(case.rng)))


@kind("flipped bit at the start of a batch file")
def flip_start(case: Case) -> None:
    """Flip a bit where a pickle has most of its instructions."""
    _change(case, lambda content: flipped(content, case.rng, 1, 0, 200))


@kind("truncated batch file")
def truncate(case: Case) -> None:
    """Cut a file off at any byte."""
    _change(case, lambda content: content[: case.rng.randrange(len(content))])


@kind("empty batch file")
def empty(case: Case) -> None:
    """Leave nothing of a file."""
    _change(case, lambda _: b"")


@kind("bytes behind a batch file")
def append(case: Case) -> None:
    """Append random bytes."""
    _change(case, lambda content: content + case.some_bytes(5000))


@kind("batch file of another size")
def resize(case: Case) -> None:
    """Replace a file by random bytes, a whole number of records or not."""
    records = case.rng.randrange(2 * case.images.spec.batch_size) * RECORD_BYTES
    _change(case, lambda _: case.rng.randbytes(records + case.rng.choice([0, 0, 1, 100])))


@kind("record missing or double")
def change_count(case: Case) -> None:
    """Cut a record's length out of a file, or put it in twice."""
    at = case.rng.randrange(case.images.spec.batch_size) * RECORD_BYTES
    rest = at + RECORD_BYTES * case.rng.choice([0, 2])
    _change(case, lambda content: content[: at + RECORD_BYTES] + content[rest:])


@kind("zeros at the end of a batch file")
def tear(case: Case) -> None:
    """Let a file end in zeros, as after a power cut."""

    def torn(content: bytes) -> bytes:
        at = case.rng.randrange(len(content))
        return content[:at] + bytes(len(content) - at)

    _change(case, torn)


@kind("converted line ends")
def convert_line_ends(case: Case) -> None:
    """Store every newline as carriage return and newline, as a transfer of text does."""
    _change(case, lambda content: content.replace(b"\n", b"\r\n"))


@kind("missing batch files")
def remove(case: Case) -> None:
    """Leave out one batch file, or several, or all."""
    for name in case.rng.sample(case.names, case.rng.randint(1, len(case.names))):
        del case.contents[name]
    case.write()


@kind("renamed batch file")
def rename(case: Case) -> None:
    """Give a file another name."""
    name = case.any_name()
    other = case.rng.choice([name.upper(), f"{name}.1", f" {name}", "data_batch_6.bin", "batch"])
    case.contents[other] = case.contents.pop(name)
    case.write()


@kind("exchanged training batches", harmless=True)
def exchange_training(case: Case) -> None:
    """Exchange the contents of two training batches."""
    _exchange(case, *case.rng.sample(case.names[:-1], 2))


@kind("exchanged training and test batch")
def exchange_test(case: Case) -> None:
    """Exchange the contents of a training batch and of the test batch."""
    _exchange(case, case.rng.choice(case.names[:-1]), case.names[-1])


@kind("batch file twice")
def duplicate(case: Case) -> None:
    """Write the content of one batch file into another too."""
    one, other = case.rng.sample(case.names, 2)
    case.contents[one] = case.contents[other]
    case.write()


@kind("batch file of the other version")
def change_version(case: Case) -> None:
    """Write a pickle under the binary version's name or the reverse."""
    contents = list(batch_contents(case.batches, case.layout.other_version).values())
    number = case.rng.randrange(len(contents))
    case.contents[case.names[number]] = contents[number]
    case.write()


@kind("damaged metadata", harmless=True)
def damage_metadata(case: Case) -> None:
    """Spoil or leave out the files beside the batches, which are never read."""
    for name in set(case.contents) - set(case.names):
        case.contents[name] = case.some_bytes(2000)
    if case.rng.random() < 1 / 3:
        del case.contents["readme.html"]
    case.write()


@kind("file that does not belong there")
def add_file(case: Case) -> None:
    """Put another file beside the batches."""
    name = case.rng.choice(["data_batch_6.bin", "data_batch_1.bak", "setup.py", ".DS_Store", "x"])
    case.contents[name] = case.some_bytes(3000)
    case.write()


def _change(case: Case, change: Callable[[bytes], bytes]) -> None:
    name = case.any_name()
    case.contents[name] = change(case.contents[name])
    case.write()


def _exchange(case: Case, one: str, other: str) -> None:
    case.contents[one], case.contents[other] = case.contents[other], case.contents[one]
    case.write()
