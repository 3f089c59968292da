"""Settings of all tests: property tests draw the same examples everywhere and have no deadline.

A campaign draws others every time, and many: `--hypothesis-profile=campaign`.
"""

import os

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.refusal")  # where it fails, both sentences are shown
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile(
    "campaign",
    max_examples=int(os.environ.get("CAMPAIGN_EXAMPLES", "1000")),
    derandomize=False,  # Hypothesis makes it True where CI is set
    deadline=None,
    database=None,
    print_blob=True,
)


def pytest_configure(config: pytest.Config) -> None:
    """Load the command line's choice, also in workers, where this file is read later."""
    settings.load_profile(config.getoption("--hypothesis-profile") or "repeatable")
