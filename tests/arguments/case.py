"""One row of the table: a public callable, what it accepts, what it refuses, what it promises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Given = dict[str, Any]
Strategy = st.SearchStrategy[Any]


@dataclass(frozen=True)
class Case:
    """A public callable with all its arguments.

    Attributes:
        call: The function, class or (unbound) method itself; `self` is one of its arguments.
        valid: Draws of all arguments together.
        invalid: For each argument what it refuses: a strategy, or a function that makes one from
            the other arguments.
        promise: Checks the result of a valid call; what it returns is equal for equal arguments.
        owner: What messages call it, if that is not its qualified name.
        ranges: Numbers that have a range of their own, with that range as messages write it.
        whole_ranges: The same for whole numbers.
        summed_up: Arguments whose values a message tells in other words than `argument=value`.
        share: Part of the usual number of valid draws, for calls that take long.
    """

    call: Callable[..., Any]
    valid: Strategy
    invalid: Mapping[str, Strategy | Callable[[Given], Strategy]] = field(default_factory=dict)
    promise: Callable[[Any, Given], object] = lambda _result, _given: None
    owner: str = ""
    ranges: Mapping[str, str] = field(default_factory=dict)
    whole_ranges: Mapping[str, str] = field(default_factory=dict)
    summed_up: frozenset[str] = frozenset()
    share: float = 1.0

    @property
    def name(self) -> str:
        return f"{self.call.__module__}.{self.call.__qualname__}"

    @property
    def named_owner(self) -> str:
        return self.owner or self.call.__qualname__

    def wrong(self, argument: str, given: Given) -> Strategy:
        """Return the strategy of the values that `argument` refuses beside the others given."""
        invalid = self.invalid[argument]
        return invalid if isinstance(invalid, st.SearchStrategy) else invalid(given)
