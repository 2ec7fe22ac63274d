"""What the figures were measured on: a timing without its machine says nothing."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb")


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0))


def memory_bytes() -> int:
    """Memory of the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def processor() -> str:
    """The processor's name, as the kernel reports it; empty where it does not."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return ""


def describe() -> dict[str, str]:
    """Words for the report, heading → value."""
    gib = memory_bytes() / 2**30
    described = {
        "machine": f"{cores()} cores, {gib:.0f} GiB memory",
        "processor": processor() or platform.machine(),
        "system": f"{platform.system()}, Python {platform.python_version()}",
    }
    return described | {package: version(package) for package in PACKAGES}
