"""Where a run was made: machine, load, threads, versions."""

import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import companion

PACKAGES = ("tensorflow", "keras", "numpy")


def describe_machine(libraries: Iterable[str] = ()) -> dict[str, Any]:
    """Return hardware, load, threads and versions of this process as plain values.

    Args:
        libraries: Distributions whose versions are of interest besides the usual ones.
    """
    return {
        "hardware": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "threads": int(os.environ.get("TF_NUM_INTRAOP_THREADS", os.cpu_count() or 1)),
        "versions": {
            "python": platform.python_version(),
            "companion": companion.__version__,
            **_versions((*PACKAGES, *libraries)),
        },
    }


def _versions(packages: Iterable[str]) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # a study without a framework can run without one
            found[package] = "not installed"
    return found


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
