"""What a campaign raises when a promise does not hold."""


class ViolationError(AssertionError):
    """The package did what it promises never to do."""


def demand(held: bool, sentence: str) -> None:
    """Raise a `ViolationError` that says what did not hold."""
    if not held:
        raise ViolationError(sentence)
