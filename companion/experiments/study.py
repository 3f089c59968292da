"""A study: the question, the arms that are compared, and the function that trains one run."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from companion._validate import check_each_integer, check_instance, check_text, refuse

Config = Mapping[str, Any]
History = dict[str, list[float]]
Report = Callable[[float], None]

REHEARSAL_IMAGES = 500
REHEARSAL_UPDATES = [1]
REHEARSAL_CANDIDATES = 2
DATA_KEY = "data_fingerprint"  # the runner adds it to every configuration that it hands out
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME = 80  # names of files have at most 255 bytes
_ADDRESS = re.compile(r"\w+(\.\w+)*:\w+")


@dataclass(frozen=True)
class Study:
    """What a record holds the answer to; a run is one arm trained with one seed.

    Attributes:
        name: Name of the study and of its record: lowercase letters, digits and hyphens.
        question: What it answers, in one sentence.
        train: `"module:function"` of a function `(config, seed, report) -> history`; it calls
            `report(fraction)` as it advances and returns a list of values, one an epoch, a metric.
        arms: What is compared: name of the arm to its configuration (plain JSON values).
        seeds: One run of every arm is made with each, from 1 to 2147483647; a seed fixes weights,
            batches and split.
        dataset: Name of the data set that all runs use, or None for a study without data.
        libraries: Distributions whose versions each run notes, besides TensorFlow, Keras and NumPy.

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
    libraries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not run, and names that could not be names of files."""
        _check_name(self.name, "name")
        check_text(self.question, "question", "Study", "'Does it help?'")
        _check_address(self.train)
        _check_arms(self.arms)
        if self.dataset is not None:
            check_text(self.dataset, "dataset", "Study", "'cifar-10'")
        _check_libraries(self.libraries)
        object.__setattr__(self, "seeds", _check_seeds(self.seeds, "Study"))

    @property
    def runs(self) -> tuple[tuple[str, int], ...]:
        """Every (arm, seed), seed by seed, so that an unfinished study is still paired."""
        return tuple((arm, seed) for seed in self.seeds for arm in self.arms)

    def with_seeds(self, seeds: object) -> "Study":
        """Return the same study with other seeds, each from 1 to 2147483647, each once."""
        return replace(self, seeds=_check_seeds(seeds, f"study {self.name}"))

    def rehearsal(self) -> "Study":
        """Return the study shrunk to a seed, an epoch, 500 images: does the code still run?

        A search is shrunk to two candidates or trials.
        """
        small = {
            "epochs": 1,
            "updates": REHEARSAL_UPDATES,
            "candidates": REHEARSAL_CANDIDATES,
            "trials": REHEARSAL_CANDIDATES,
            "train_size": REHEARSAL_IMAGES,
            "evaluation_size": REHEARSAL_IMAGES,
        }
        arms = {
            arm: {**config, **{key: value for key, value in small.items() if key in config}}
            for arm, config in self.arms.items()
        }
        return replace(self, arms=arms, seeds=self.seeds[:1])


def _check_name(name: object, argument: str) -> None:
    text = check_text(name, argument, "Study", "'l2-strength'")
    if not _NAME.fullmatch(text) or len(text) > _LONGEST_NAME:
        allowed = f"at most {_LONGEST_NAME} lowercase letters, digits and hyphens"
        refuse(ValueError, name, argument, "Study", allowed, "'l2-strength'")


def _check_address(train: object) -> None:
    remedy = "'companion.experiments.training:train_classifier'"
    if not _ADDRESS.fullmatch(check_text(train, "train", "Study", remedy)):
        refuse(ValueError, train, "train", "Study", "module:function", remedy)


def _check_arms(arms: object) -> None:
    remedy, allowed = "{'small': {'epochs': 1}}", "a mapping of name to config"
    for name, config in check_instance(arms, "arms", "Study", Mapping, allowed, remedy).items():
        _check_name(name, "a name in arms")
        argument, plain = f"arms[{name!r}]", "a mapping of plain JSON values"
        check_instance(config, argument, "Study", Mapping, plain, "{'epochs': 1}")
        try:
            json.dumps(dict(config), allow_nan=False, sort_keys=True)
        except (TypeError, ValueError, RecursionError):
            refuse(ValueError, config, argument, "Study", plain, "{'epochs': 1}")


def _check_libraries(libraries: object) -> None:
    allowed, remedy = "a tuple of names of distributions", "('scikit-learn',)"
    checked = check_instance(libraries, "libraries", "Study", tuple, allowed, remedy)
    for index, library in enumerate(checked):
        check_text(library, f"libraries[{index}]", "Study", "'scikit-learn'")


def _check_seeds(seeds: object, owner: str) -> tuple[int, ...]:
    """Return whole numbers that every library takes as a seed, each once."""
    return tuple(
        dict.fromkeys(check_each_integer(seeds, "seeds", owner, "[1, 2147483647]", (1, 2, 3)))
    )


def check_study(study: object, owner: str) -> Study:
    """Return `study` if it is one."""
    checked: Study = check_instance(study, "study", owner, Study, "a Study", "STUDIES['baseline']")
    return checked


def load_function(address: str) -> Callable[..., Any]:
    """Import the function at `"module:name"`."""
    check_text(address, "address", "load_function", "companion.models:build_cnn")
    module, _, name = address.partition(":")
    return getattr(import_module(module), name)
