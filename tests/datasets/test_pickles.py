import codecs
import os
import pickle
import struct

import numpy as np
import pytest

from companion.datasets import DataIntegrityError
from companion.datasets._pickles import records_from_pickle

SIZE = 20


def parse(content):
    return records_from_pickle(content, SIZE, "data_batch_1")


def batch(records, **changes):
    """Return what a good batch holds, with some of it changed."""
    good = {"labels": records[:, 0].tolist(), "data": np.ascontiguousarray(records[:, 1:])}
    return {key.encode(): value for key, value in (good | changes).items()}


def python_2_batch(records):
    """Return a batch as the Python 2 of the official files pickled it: byte strings, no codec."""

    def text(value):
        if len(value) < 256:
            return b"U" + bytes([len(value)]) + value
        return b"T" + struct.pack("<i", len(value)) + value

    labels = b"".join(b"K" + bytes([label]) for label in records[:, 0])
    dtype = b"cnumpy\ndtype\n" + text(b"u1") + b"K\x00K\x01\x87R"
    dtype += b"(K\x03" + text(b"|") + b"NNN" + 2 * b"J\xff\xff\xff\xff" + b"K\x00tb"
    array = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85" + text(b"b")
    array += b"\x87R(K\x01K" + bytes([len(records)]) + b"M\x00\x0c\x86" + dtype
    array += b"\x89" + text(records[:, 1:].tobytes()) + b"tb"
    parts = [b"\x80\x02}(", text(b"labels"), b"](", labels, b"e", text(b"data"), array, b"u."]
    return b"".join(parts)


def test_the_fixture_is_a_pickle(toy):
    loaded = pickle.loads(python_2_batch(toy.test), encoding="bytes")
    assert np.array_equal(loaded[b"data"], toy.test[:, 1:])


def test_official_pickles_are_read(toy):
    assert np.array_equal(parse(python_2_batch(toy.test)), toy.test)


@pytest.mark.parametrize("protocol", range(2, 5))
def test_python_3_pickles_are_read(toy, protocol):
    assert np.array_equal(parse(pickle.dumps(batch(toy.test), protocol)), toy.test)


class Call:
    """Pickles as a call of `function`."""

    def __init__(self, function, *arguments):
        self.parts = function, arguments

    def __reduce__(self):
        return self.parts


@pytest.mark.parametrize("place", ["root", "labels", "data", "batch_label"])
def test_hostile_pickle_is_not_executed(toy, tmp_path, place):
    victim = tmp_path / "victim"
    attack = Call(os.mkdir, str(victim))
    content = attack if place == "root" else batch(toy.test, **{place: attack})
    with pytest.raises(DataIntegrityError, match=r"it asks for (posix|nt)\.mkdir"):
        parse(pickle.dumps(content, 2))
    assert not victim.exists()


@pytest.mark.parametrize("function", [eval, getattr, __import__, np.load, np.frombuffer])
def test_other_functions_are_refused(toy, function):
    with pytest.raises(DataIntegrityError, match=rf"it asks for .*{function.__name__}"):
        parse(pickle.dumps(batch(toy.test, batch_label=Call(function, "1")), 2))


def test_other_encodings_are_refused(toy):
    content = batch(toy.test, batch_label=Call(codecs.encode, "abc", "rot13"))
    with pytest.raises(DataIntegrityError, match="it wants the encoding 'rot13'"):
        parse(pickle.dumps(content, 2))


def wrong_parts(records):
    pixels = np.ascontiguousarray(records[:, 1:])
    labels = records[:, 0].tolist()
    return {
        "no data": {"data": None},
        "data of another type": {"data": pixels.tolist()},
        "too few images": {"data": pixels[:-1]},
        "too few pixels": {"data": np.ascontiguousarray(pixels[:, 1:])},
        "signed pixels": {"data": pixels.view(np.int8)},
        "objects": {"data": pixels.astype(object)},
        "column-major": {"data": np.asfortranarray(pixels)},
        "other axes": {"data": pixels.reshape(SIZE, 3, 1024)},
        "no labels": {"labels": None},
        "too few labels": {"labels": labels[:-1]},
        "a true label": {"labels": [True, *labels[1:]]},
        "a text label": {"labels": ["1", *labels[1:]]},
        "a negative label": {"labels": [-1, *labels[1:]]},
        "a large label": {"labels": [256, *labels[1:]]},
    }


@pytest.mark.parametrize("kind", wrong_parts(np.zeros((SIZE, 3073), dtype=np.uint8)))
def test_wrong_content_is_refused(toy, kind):
    content = pickle.dumps(batch(toy.test, **wrong_parts(toy.test)[kind]), 2)
    with pytest.raises(DataIntegrityError, match=r"^data_batch_1 is not a batch of CIFAR-10"):
        parse(content)


@pytest.mark.parametrize("cut", [0, 1, 100, 30_000, -1])
def test_broken_pickles_are_refused(toy, cut):
    with pytest.raises(DataIntegrityError, match="cannot be read"):
        parse(pickle.dumps(batch(toy.test), 2)[:cut])


def test_other_pickles_are_refused():
    with pytest.raises(DataIntegrityError, match="is not a dictionary"):
        parse(pickle.dumps([1, 2]))
