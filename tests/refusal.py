"""Numbers that no argument may be, and the sentence with which a wrong one is refused."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

INF, NAN = float("inf"), float("nan")


@contextmanager
def refused(error: type[Exception], sentence: str) -> Iterator[None]:
    """Expect `error` with this sentence, word for word."""
    with pytest.raises(error) as caught:
        yield
    assert str(caught.value) == sentence
