"""Refuse a pickle by its instructions before one of them is carried out.

Even where a pickle may name nothing, its instructions can harm: one of five bytes asks for
gigabytes of memo, and tuples in tuples, a byte each, overflow the C stack as soon as they are
hashed. An honest batch needs few of the instructions, and not many more of them than it has images.
"""

import io
import pickletools
from collections.abc import Iterator
from typing import Any

_NESTING = (
    "GLOBAL",
    "STACK_GLOBAL",
    "REDUCE",
    "BUILD",
    "EMPTY_TUPLE",
    "TUPLE",
    "TUPLE1",
    "TUPLE2",
    "TUPLE3",
)
_FLAT = """
    PROTO FRAME MARK STOP NONE NEWTRUE NEWFALSE BININT BININT1 BININT2 LONG1 SHORT_BINSTRING
    BINSTRING SHORT_BINBYTES BINBYTES BINBYTES8 SHORT_BINUNICODE BINUNICODE BINUNICODE8 EMPTY_LIST
    EMPTY_DICT APPEND APPENDS SETITEM SETITEMS BINPUT LONG_BINPUT MEMOIZE BINGET LONG_BINGET
"""
_MOST_NESTING = 100  # an honest batch has about a dozen
_OPCODES = {
    opcode.code.encode("latin1"): opcode
    for opcode in pickletools.opcodes
    if opcode.name in (*_NESTING, *_FLAT.split())
}


def check_opcodes(content: bytes, size: int) -> None:
    """Check that the instructions are those of a batch.

    Args:
        content: The pickle.
        size: Number of images in the batch, each with a label and a file name.

    Raises:
        ValueError: An instruction is not needed, needed less often, or incomplete.
    """
    most, nesting = 1000 + 8 * size, 0
    for count, (name, argument) in enumerate(_instructions(content), start=1):
        nesting += name in _NESTING
        if count > most or nesting > _MOST_NESTING:
            raise ValueError("it has more instructions than a batch needs")
        if name.endswith("PUT") and argument >= most:
            raise ValueError("it numbers more objects than a batch has")


def _instructions(content: bytes) -> Iterator[tuple[str, Any]]:
    """Yield name and argument of each; unlike `pickletools.genops`, read no unneeded one's."""
    file, name = io.BytesIO(content), ""
    while name != "STOP":
        code = file.read(1)
        if code not in _OPCODES:
            raise ValueError(f"it ends early or uses the instruction {code!r}")
        name, argument = _OPCODES[code].name, _OPCODES[code].arg
        yield name, argument.reader(file) if argument else None
