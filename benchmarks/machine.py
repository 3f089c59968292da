"""Say on what machine, and under which load, the numbers below were measured."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from table import row


def main() -> None:
    """Print the processor, the load and the versions that matter."""
    row("processor", f"{os.cpu_count()} cores", _processor())
    row("load before", f"{os.getloadavg()[0]:.2f}", "times are comparable below 0.5")
    libraries = ", ".join(f"{name} {version(name)}" for name in ("tensorflow", "keras", "numpy"))
    row("Python", platform.python_version(), libraries)


def _processor() -> str:
    description = Path("/proc/cpuinfo")
    lines = description.read_text().splitlines() if description.exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


if __name__ == "__main__":
    main()
