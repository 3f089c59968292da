"""A training function that needs no framework and no data: for examples and tests."""

from companion.experiments.study import Config, History, Report


def count(config: Config, seed: int, report: Report) -> History:
    """Return seed + 1, seed + 2, ...: as many numbers as the configuration has epochs."""
    values = []
    for epoch in range(int(config["epochs"])):
        values.append(float(seed + epoch + 1))
        report((epoch + 1) / int(config["epochs"]))
    return {"count": values}
