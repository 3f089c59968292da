"""Hostile and broken pickles in the place of a batch file of the Python version."""

import pickle
import pickletools
import struct
from collections import OrderedDict
from typing import Any

import numpy as np

from campaigns.corruptions.case import Case
from campaigns.corruptions.kinds import kind, pickled
from companion.datasets._layouts import batch_name

Batch = dict[bytes, Any]

_PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
_NUMPY = b"cnumpy\nndarray\n"
_CODEC = b"c_codecs\nencode\n"
_CANARY = b"X\x06\x00\x00\x00canary"


class _Call:
    """Pickles as a call of a function that it names."""

    def __init__(self, function: str, *arguments: object) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return _named(self.function), self.arguments


def _named(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(__import__(module, fromlist=[name]), name)


@kind("pickle that calls a function", pickled)
def call(case: Case) -> None:
    """Call the shell, the interpreter or the file system wherever a value is expected."""
    canary = case.outside / "canary"
    code = f"open({str(canary)!r}, 'w').close(); __import__('sys').canary = 1"
    attacks = [
        _Call("os.system", f"touch {canary}"),
        _Call("os.mkdir", str(canary)),
        _Call("builtins.exec", code),
        _Call("builtins.eval", f"__import__('os').mkdir({str(canary)!r})"),
        _Call("subprocess.check_call", ["touch", str(canary)]),
        _Call("builtins.getattr", _Call("importlib.import_module", "os"), "system"),
        _Call("numpy.load", str(canary)),
        _Call("pickle.loads", pickle.dumps(_Call("os.mkdir", str(canary)))),
    ]
    attack = case.rng.choice(attacks)
    place = case.rng.choice([b"labels", b"data", b"batch_label", b"filenames", None])
    batch = {**_honest(case), place: attack} if place else attack
    _write(case, pickle.dumps(batch, case.rng.choice(_PROTOCOLS)))


@kind("pickle that names what it may not", pickled)
def name(case: Case) -> None:
    """Ask for globals of all kinds, nested ones and unspeakable ones too."""
    globals_ = [
        (b"numpy", b"ndarray.__subclasses__"),
        (b"numpy", b"core.os.system"),
        (b"_codecs", b"encode.__globals__"),
        (b"companion.datasets._pickles", b"_BatchUnpickler"),
        (b"\x1b[2J\r", b"no error"),
        (b"x" * 10_000, b"y" * 10_000),
        (b"os\xe2\x80\xae", b"metsys"),
        (b"\xff", b"\xfe"),
    ]
    module, attribute = case.rng.choice(globals_)
    short = b"\x80\x04" + _text(module) + _text(attribute) + b"\x93."
    _write(case, case.rng.choice([short, b"\x80\x02c" + module + b"\n" + attribute + b"\n."]))


@kind("pickle that makes objects", pickled)
def make(case: Case) -> None:
    """Make objects by every instruction that can, of classes allowed and not."""
    makers = [
        b"(ios\nsystem\n.",
        b"(U\x01xos\nsystem\no.",
        b"(cos\nsystem\nU\x01xo.",
        b"cos\nsystem\n)\x81.",
        b"\x80\x04cos\nsystem\n)}\x92.",
        b"\x80\x04" + _NUMPY + b")}" + _CANARY + b"K\x01s\x92.",
        b"(inumpy\nndarray\n.",
        _NUMPY + b")R}" + _CANARY + b"K\x01sb.",
        b"\x82\x01.",
        b"\x83\x01\x01.",
        b"\x84\x01\x01\x01\x01.",
    ]
    _write(case, case.rng.choice(makers))


@kind("pickle that changes its reader", pickled)
def build(case: Case) -> None:
    """Set attributes of what a pickle may name, which would outlast it."""
    target = case.rng.choice([_NUMPY, _CODEC, _CODEC, b"cnumpy\ndtype\n"])
    state = b"}" + case.rng.choice([_CANARY, b"U\x06canary"]) + b"K\x01s"
    slots = b"N}" + _CANARY + b"K\x01s\x86"
    _write(case, b"\x80\x02" + target + case.rng.choice([state, slots]) + b"b.")


@kind("pickle that asks for memory", pickled)
def ask_for_memory(case: Case) -> None:
    """Announce gigabytes of bytes, of text, of memo, of frame, of number."""
    size = case.rng.choice([1 << 28, 1 << 30, (1 << 31) - 1])
    short, long = struct.pack("<I", size), struct.pack("<Q", size * 8)
    asking = [b"Nr" + short, b"Np%d\n" % size, b"B" + short, b"X" + short, b"T" + short]
    asking += [b"\x8b" + short, b"\x8e" + long, b"\x8d" + long, b"\x96" + long, b"\x95" + long]
    _write(case, b"\x80\x04" + case.rng.choice(asking) + b".")


@kind("pickle of many small objects", pickled)
def multiply(case: Case) -> None:
    """Hold as many objects as the file has room for."""
    room = _room(case)
    objects = [b"]", b"}", b")", b"(", b"N", b"(t", b"]q\x00", b"K\x01\x85", b"\x80\x04\x8f"]
    piece = case.rng.choice([*objects, b"h\x00)R"])
    _write(case, b"\x80\x04" + _NUMPY + b"q\x00" + piece * (room // len(piece)) + b".")


@kind("pickle of nested objects", pickled)
def nest(case: Case) -> None:
    """Put tuples into tuples, or lists into lists, as deep as the file allows, and hash them."""
    depth = _room(case) - 100
    tuples = b"\x80\x02})" + b"\x85" * depth + b"Ns."
    sets = b"\x80\x04(" + b")" + b"\x85" * depth + b"\x91."
    lists = b"\x80\x02]" + b"]" * (depth // 2) + b"a" * (depth // 2) + b"."
    _write(case, case.rng.choice([tuples, sets, lists]))


@kind("pickle of an object in itself", pickled)
def recurse(case: Case) -> None:
    """Let the dictionary, the labels or the data hold themselves."""
    batch = _honest(case)
    labels: list[Any] = list(batch[b"labels"])
    labels[0] = labels
    changes: list[Batch] = [{b"labels": labels}, {b"data": batch}, {b"data": [labels]}]
    batch.update(case.rng.choice(changes))
    _write(case, pickle.dumps(batch, case.rng.choice(_PROTOCOLS)))


@kind("pickle with another instruction", pickled)
def splice(case: Case) -> None:
    """Put any instruction between two others, or in the place of one."""
    content = case.contents[case.any_name()]
    places = [place for _, _, place in pickletools.genops(content) if place is not None]
    at = case.rng.choice(places)
    opcode = case.rng.choice([*pickletools.opcodes]).code.encode("latin1")
    argument = case.rng.choice([b"", b"\x00", b"\x01\x00\x00\x00", b"x\ny\n"])
    _write(case, content[:at] + opcode + argument + content[at + case.rng.randrange(2) :])


@kind("pickle of other protocols", pickled)
def change_protocol(case: Case) -> None:
    """Write an honest batch as another Python would, with buffers out of band too."""
    batch = _honest(case)
    if case.rng.random() < 1 / 3:
        batch[b"data"] = pickle.PickleBuffer(batch[b"data"])
        _write(case, pickle.dumps(batch, 5, buffer_callback=lambda _: None))
        return
    _write(case, pickle.dumps(batch, case.rng.choice(_PROTOCOLS)))


@kind("pickle with persistent names", pickled)
def persist(case: Case) -> None:
    """Refer to objects that only a reader of another program knows."""
    _write(case, case.rng.choice([b"Pcanary\n.", b"\x80\x02U\x06canaryQ.", b"\x80\x05\x97."]))


@kind("pickle of wrong types", pickled)
def mistype(case: Case) -> None:
    """Hold other types than the batch's, at its root or in it."""
    batch = _honest(case)
    labels, data = batch[b"labels"], batch[b"data"]
    keyed = {key.decode(): value for key, value in batch.items()}
    roots: list[Any] = [[], None, b"", OrderedDict(batch), keyed, {}, {b"labels": labels}]
    wrong_labels: list[Any] = [
        tuple(labels),
        np.array(labels),
        bytes(labels),
        [*map(str, labels)],
        None,
    ]
    wrong_labels += [[*map(float, labels)], [*map(bool, labels)], labels[1:], [*labels, 0], 7]
    wrong_labels += [[-1, *labels[1:]], [1 << 100, *labels[1:]], dict(enumerate(labels))]
    wrong_data: list[Any] = [data.tolist(), data.tobytes(), None, [], {b"data": data}, 3, 0.5]
    roots += [{**batch, b"labels": wrong} for wrong in wrong_labels]
    roots += [{**batch, b"data": wrong} for wrong in wrong_data]
    _write(case, pickle.dumps(case.rng.choice(roots), case.rng.randint(2, 4)))


@kind("pickle of wrong arrays", pickled)
def misshape(case: Case) -> None:
    """Hold arrays of other types, shapes and orders."""
    batch = _honest(case)
    data = batch[b"data"]
    types = ["i1", "u2", ">u2", "f4", "f8", "c16", "?", "S1", "O", "M8[s]"]
    colors = [("red", "u1", 1024), ("green", "u1", 1024), ("blue", "u1", 1024)]
    arrays = [
        data.astype(case.rng.choice(types)),
        data[1:].copy(),
        data[:, 1:].copy(),
        data.reshape(len(data), 3, -1),
        data.reshape(-1, 2, 3072).copy(),
        data.ravel(),
        data.T.copy(),
        np.asfortranarray(data),
        data.view(colors),
        np.array(0, np.uint8),
        np.zeros((0, 3072), np.uint8),
    ]
    batch[b"data"] = case.rng.choice(arrays)
    _write(case, pickle.dumps(batch, case.rng.randint(2, 4)))


@kind("second pickle behind the first", pickled, harmless=True)
def append(case: Case) -> None:
    """Let a hostile pickle follow, which only who goes on reading would find."""
    attack = pickle.dumps(_Call("os.mkdir", str(case.outside / "canary")))
    file = case.any_name()
    case.contents[file] += attack
    case.write()


def _honest(case: Case) -> Batch:
    records = case.batches[next(iter(case.batches))]
    pixels = np.ascontiguousarray(records[:, 1:])
    return {b"labels": records[:, 0].tolist(), b"data": pixels, b"batch_label": b"training"}


def _room(case: Case) -> int:
    """Return how many bytes a batch file may have."""
    return case.images.spec.batch_bytes * 4 // 3 + 60_000


def _write(case: Case, content: bytes) -> None:
    """Put a pickle in the place of the first batch file, filled up to a size that is accepted."""
    first = batch_name(next(iter(case.batches)), "python")
    fill = case.images.spec.batch_bytes + 1000 - len(content)
    case.contents[first] = content + bytes(max(fill, 0))
    case.write()


def _text(value: bytes) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value
