"""One line of the table that `make bench` prints."""


def row(what: str, value: str, note: str = "") -> None:
    """Print what was measured, the value with its unit, and what to compare it with."""
    print(f"{what:<44}{value:>12}   {note}".rstrip(), flush=True)
