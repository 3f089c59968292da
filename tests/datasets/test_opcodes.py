import pickle

import numpy as np
import pytest

from companion.datasets._opcodes import check_opcodes

SIZE = 20


@pytest.mark.parametrize("protocol", [2, 3, 4])
@pytest.mark.parametrize("size", [SIZE, 10_000])
def test_honest_batches_pass(protocol, size):
    pixels = np.zeros((size, 10), np.uint8)
    batch = {"labels": [7] * size, "data": pixels, "filenames": [str(n) for n in range(size)]}
    check_opcodes(pickle.dumps(batch, protocol), size)


def test_instructions_are_counted():
    check_opcodes(b"N" * (999 + 8 * SIZE) + b".", SIZE)
    with pytest.raises(ValueError, match="more instructions than a batch needs"):
        check_opcodes(b"N" * (1000 + 8 * SIZE) + b".", SIZE)


def test_nesting_is_counted():
    check_opcodes(b")" + b"\x85" * 99 + b".", SIZE)
    with pytest.raises(ValueError, match="more instructions than a batch needs"):
        check_opcodes(b")" + b"\x85" * 100 + b".", SIZE)


def test_memo_is_bounded():
    check_opcodes(b"Nr" + (999 + 8 * SIZE).to_bytes(4, "little") + b".", SIZE)
    with pytest.raises(ValueError, match="numbers more objects"):
        check_opcodes(b"Nr" + (1000 + 8 * SIZE).to_bytes(4, "little") + b".", SIZE)


def test_nothing_is_read_behind_the_end():
    check_opcodes(b"N.\x82\x01", SIZE)


@pytest.mark.parametrize(
    "content", [b"", b"N", b"\x80\x02]", b"S'\\A'\n.", b"\x8f.", b"cos\nsystem\n)\x81."]
)
def test_other_instructions_are_refused(content):
    with pytest.raises(ValueError, match="ends early or uses the instruction b"):
        check_opcodes(content, SIZE)


@pytest.mark.parametrize("content", [b"U\x05ab", b"B\xff\xff\xff\x7fab", b"cos", b"\x80"])
def test_incomplete_instructions_are_refused(content):
    with pytest.raises(ValueError, match=r"expected|not enough data|no newline"):
        check_opcodes(content, SIZE)
