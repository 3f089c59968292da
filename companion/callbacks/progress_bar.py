"""One line of progress for a whole fit: epochs, a few metrics, time left."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
from tqdm.auto import tqdm

from companion._progress import is_interactive
from companion._validate import check_instance, check_text

_FORMAT = "{desc}{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} epochs, {remaining} left{postfix}"


class ProgressBar(keras.callbacks.Callback):
    """Show one progress bar per fit, in a terminal or a notebook; stay silent anywhere else.

    Use it with `verbose=0` in place of Keras' own output, one line instead of one per epoch. It
    prints nothing at all when nobody is looking: output to a file, `CI` or `TQDM_DISABLE` set.

    Args:
        metrics: Names of the epoch's logs to show, such as `("accuracy", "val_accuracy")`; one that
            an epoch does not have is shown as `?`. None (the default) shows `loss` and, if there is
            validation data, `val_loss`.

    Raises:
        TypeError: `metrics` is not a list or tuple of strings.
        ValueError: A name is blank.

    Example:
        >>> import keras, numpy as np
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile(loss="mse")
        >>> x = np.zeros((4, 1))
        >>> history = model.fit(x, x, epochs=2, callbacks=[ProgressBar()], verbose=0)

    Source:
        Book: start/baseline.
    """

    def __init__(self, metrics: Sequence[str] | None = None) -> None:
        super().__init__()
        self.metrics = None if metrics is None else _check_names(metrics)
        self._bar: tqdm | None = None

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Close the bar that an interrupted fit left behind."""
        del logs
        self._close()

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Open the bar with the first epoch, which is not 0 when training is resumed."""
        del logs
        if self._bar is None and is_interactive():
            self._bar = tqdm(
                total=self.params["epochs"], initial=epoch, bar_format=_FORMAT, dynamic_ncols=True
            )

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Advance by one epoch."""
        del epoch
        if self._bar is not None:
            self._bar.set_postfix_str(summary(logs or {}, self.metrics), refresh=False)
            self._bar.update()

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        """Leave the finished line."""
        del logs
        if self._bar is not None and self._bar.n < self.params["epochs"]:
            self._bar.set_description("stopped early")
            self._bar.total = self._bar.n  # else a notebook paints the bar red, as for a failure
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
        self._bar = None


def summary(logs: Mapping[str, float], metrics: Sequence[str] | None) -> str:
    """Return the chosen metrics of an epoch as one short text.

    Example:
        >>> summary({"loss": 1.5, "val_loss": 2.0, "accuracy": 0.25}, None)
        'loss 1.5, val_loss 2'
        >>> summary({"loss": 1.5}, ["loss", "accuracy"])
        'loss 1.5, accuracy ?'
    """
    if metrics is None:
        metrics = [name for name in ("loss", "val_loss") if name in logs]
    return ", ".join(
        f"{name} {logs[name]:.4g}" if name in logs else f"{name} ?" for name in metrics
    )


def _check_names(metrics: Any) -> tuple[str, ...]:
    remedy = '("accuracy", "val_accuracy")'
    check_instance(
        metrics, "metrics", "ProgressBar", (list, tuple), "a list or tuple of names", remedy
    )
    return tuple(
        check_text(name, f"metrics[{index}]", "ProgressBar", "'accuracy'")
        for index, name in enumerate(metrics)
    )
