"""A study: the question, the arms that are compared, and the function that trains one run."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from companion._validate import check_each_integer, check_instance, check_text

Config = Mapping[str, Any]
History = dict[str, list[float]]
Report = Callable[[float], None]

REHEARSAL_IMAGES = 500
DATA_KEY = "data_fingerprint"  # the runner adds it to every configuration that it hands out
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Study:
    """What a record holds the answer to; a run is one arm trained with one seed.

    Attributes:
        name: Name of the study and of its record.
        question: What it answers, in one sentence.
        train: `"module:function"` of a function `(config, seed, report) -> history`; it calls
            `report(fraction)` as it advances and returns a list of values, one an epoch, a metric.
        arms: What is compared: name of the arm to its configuration (plain JSON values).
        seeds: One run of every arm is made with each; a seed fixes weights, batches and split.
        dataset: Name of the data set that all runs use, or None for a study without data.

    Example:
        >>> study = Study("toy", "Does it run?", "math:sqrt", {"only": {"epochs": 9}}, (1, 2))
        >>> study.runs
        (('only', 1), ('only', 2))
    """

    name: str
    question: str
    train: str
    arms: Mapping[str, Config]
    seeds: tuple[int, ...]
    dataset: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could not run, and names that could not be names of files."""
        owner, remedy = "Study", "{'small': {'epochs': 1}}"
        check_instance(self.arms, "arms", owner, Mapping, "a mapping of name to config", remedy)
        check_each_integer(self.seeds, "seeds", owner, "[1, inf)", (1, 2, 3))
        for name in (self.name, *self.arms):
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise ValueError(
                    f"Names of a study and its arms must be lowercase letters, digits and hyphens. "
                    f"Got {name!r}. Try 'l2-strength'."
                )

    @property
    def runs(self) -> tuple[tuple[str, int], ...]:
        """Every (arm, seed), seed by seed, so that an unfinished study is still paired."""
        return tuple((arm, seed) for seed in self.seeds for arm in self.arms)

    def with_seeds(self, seeds: object) -> "Study":
        """Return the same study with other seeds, each at least 1."""
        chosen = check_each_integer(seeds, "seeds", f"study {self.name}", "[1, inf)", (1, 2, 3))
        return replace(self, seeds=tuple(dict.fromkeys(chosen)))

    def rehearsal(self) -> "Study":
        """Return the study shrunk to one seed, one epoch, 500 images: does the code still run?"""
        small = {"epochs": 1, "train_size": REHEARSAL_IMAGES, "evaluation_size": REHEARSAL_IMAGES}
        arms = {
            arm: {**config, **{key: value for key, value in small.items() if key in config}}
            for arm, config in self.arms.items()
        }
        return replace(self, arms=arms, seeds=self.seeds[:1])


def check_study(study: object, owner: str) -> Study:
    """Return `study` if it is one."""
    checked: Study = check_instance(study, "study", owner, Study, "a Study", "STUDIES['baseline']")
    return checked


def load_function(address: str) -> Callable[..., Any]:
    """Import the function at `"module:name"`."""
    check_text(address, "address", "load_function", "companion.models:build_cnn")
    module, _, name = address.partition(":")
    return getattr(import_module(module), name)
