"""Settings of all tests: property tests draw the same examples everywhere and have no deadline."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")
