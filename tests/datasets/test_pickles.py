import codecs
import os
import pickle
import struct
import tracemalloc

import numpy as np
import pytest

from companion.datasets import DataIntegrityError
from companion.datasets._pickles import _ALLOWED, records_from_pickle

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


NESTED = b"\x80\x02})" + b"\x85" * 140_000 + b"NsN."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x80\x02Nr\x00\x00\x00\x40.", "it numbers more objects than a batch has"),
        (b"\x80\x02Np1073741824\n.", "it ends early or uses the instruction b'p'"),
        (NESTED, "more instructions than a batch needs"),
        (b"\x80\x02" + b"]" * 2000 + b".", "more instructions than a batch needs"),
        (b"\x80\x04\x8e" + bytes([0, 0, 0, 0, 1, 0, 0, 0]) + b".", "only 1 remain"),
        (b"S'\\A'\n.", "uses the instruction b'S'"),
        (b"\x80\x02U\x01xQ.", "uses the instruction b'Q'"),
        (b"\x80\x02\x82\x01.", r"uses the instruction b'.x82'"),
        (b"\x80\x05\x97.", r"uses the instruction b'.x97'"),
    ],
)
def test_instructions_that_no_batch_needs_are_not_carried_out(content, reason):
    """Gigabytes of memo, an overflow of the stack, millions of objects, names of other kinds."""
    tracemalloc.start()
    with pytest.raises(DataIntegrityError, match=reason):
        parse(content)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("name", [b"c_codecs\nencode\n", b"cnumpy\nndarray\n"])
@pytest.mark.parametrize("state", [b"}U\x01aK\x01sb.", b"N}X\x0c\x00\x00\x00__defaults__)s\x86b."])
def test_what_a_pickle_may_name_cannot_be_changed(toy, name, state):
    with pytest.raises(DataIntegrityError, match="cannot be read"):
        parse(b"\x80\x02" + name + state)
    assert np.array_equal(parse(pickle.dumps(batch(toy.test), 2)), toy.test)
    for stand_in in _ALLOWED.values():
        assert not hasattr(stand_in, "a")
        assert b"a" not in getattr(stand_in, "__dict__", {})
        assert not hasattr(stand_in, "__defaults__")


def test_names_from_the_file_stay_on_one_short_line():
    with pytest.raises(DataIntegrityError) as caught:
        parse(b"\x80\x02c" + b"\x1b[2J\r" * 1000 + b"\nx\n.")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


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
