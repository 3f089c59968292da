"""One run in three frameworks, and how a notebook shows it."""

from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = ("framework", "the same run", "what differs")
_EQUAL = "nothing"


@dataclass(frozen=True)
class Conversion:
    """The same run as code for three frameworks.

    Attributes:
        keras: The optimizer in Keras 3.
        pytorch: The optimizer in PyTorch; `model` is a `torch.nn.Module`.
        optax: The gradient transformation in Optax.
        pytorch_warning: What still differs in PyTorch; empty where nothing does.
        optax_warning: What still differs in Optax; empty where nothing does.

    Example:
        >>> Conversion("keras.optimizers.SGD()", "torch.optim.SGD(...)", "optax.sgd(...)").optax
        'optax.sgd(...)'
    """

    keras: str
    pytorch: str
    optax: str
    pytorch_warning: str = ""
    optax_warning: str = ""


class ConversionTable(tuple[Conversion, ...]):
    """Conversions, shown by a notebook as a table with three rows for each.

    Example:
        >>> ConversionTable([Conversion("keras.optimizers.SGD()", "torch.optim.SGD(...)", "...")])
        Keras    keras.optimizers.SGD()
        PyTorch  torch.optim.SGD(...)
                 differs: nothing
        Optax    ...
                 differs: nothing
    """

    __slots__ = ()

    def __repr__(self) -> str:
        lines = []
        for framework, code, warning in self._rows():
            lines.append(f"{framework:<9}{code}")
            lines += [f"{'':9}differs: {warning}"] if warning else []
        return "\n".join(lines)

    def _repr_markdown_(self) -> str:
        cells = [_HEADER, ("---",) * 3, *((f, f"`{code}`", w) for f, code, w in self._rows())]
        return "\n".join(f"| {' | '.join(row)} |" for row in cells)

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield framework, code and what differs."""
        for one in self:
            yield "Keras", one.keras, ""
            yield "PyTorch", one.pytorch, one.pytorch_warning or _EQUAL
            yield "Optax", one.optax, one.optax_warning or _EQUAL
