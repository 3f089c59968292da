"""The function of a search, found by what the command line calls it."""

import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType


def load_search(name: str) -> Callable[[], object]:
    """Return the function that `FILE.py:FUNCTION` or `MODULE:FUNCTION` names.

    Raises:
        ValueError: There is none.
    """
    place, _, function = name.rpartition(":")
    if not place or not function:
        raise ValueError(f"{name!r} names no function. Write FILE.py:FUNCTION or MODULE:FUNCTION.")
    module = _load_file(Path(place)) if place.endswith(".py") else _load_module(place)
    found = getattr(module, function, None)
    if not callable(found):
        raise ValueError(f"{place} has no function {function!r}. Define it, or mend the name.")
    return found


def _load_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise ValueError(f"There is no file {path}. Mend its name.")
    if path.stem in sys.modules:
        raise ValueError(f"{path} has the name of another module. Rename it.")
    sys.path.insert(0, str(path.parent.absolute()))  # as for a script
    return importlib.import_module(path.stem)


def _load_module(name: str) -> ModuleType:
    if importlib.util.find_spec(name.partition(".")[0]) is None:
        raise ValueError(f"There is no module {name!r} here. Mend its name, or give its FILE.py.")
    return importlib.import_module(name)
