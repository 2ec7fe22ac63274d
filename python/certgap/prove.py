"""Simulates companies, builds them and compares every cell with the truth.

``python -m certgap.prove 600:1 3000:11 20000:23`` (employees:seed). Prints what was compared and
exits 1 if a table differs. The companies lie in ``build/truth/<employees>-<seed>``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from certgap.compare import compare
from certgap.simulate.simulation import run

PROJECT = Path(__file__).resolve().parents[2]
KEY = "truth"  # companies are invented, so their pseudonyms protect nobody
WITHOUT_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]


def prove(employees: int, seed: int, sources: list[str] | None, folder: Path) -> bool:
    """Simulate, build without tests, compare; True when every cell agrees.

    Raises subprocess.CalledProcessError when dbt fails.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = os.environ | {
        "CERTGAP_RAW": str(folder / "raw"),
        "CERTGAP_WAREHOUSE": str(folder / "certgap.duckdb"),
        "CERTGAP_REFERENCE": str(PROJECT / "seeds"),
        "CERTGAP_PSEUDONYM_KEY": KEY,
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    os.environ["CERTGAP_PSEUDONYM_KEY"] = KEY
    run(employees, seed, folder / "raw", sources=sources)
    variables = ["--vars", f"{{enabled_sources: [{', '.join(sources)}]}}"] if sources else []
    dbt = Path(sys.executable).with_name("dbt")
    subprocess.run(
        [dbt, "--quiet", "build", *WITHOUT_TESTS, *variables],
        check=True, cwd=PROJECT, env=environment,
    )  # fmt: skip
    report = compare(folder / "raw" / "truth", folder / "certgap.duckdb")
    name = "generic" if sources else "all vendors"
    print(f"{employees:,} employees, seed {seed}, {name}")
    print(report.text())
    return report.agrees


def main() -> int:
    """Command line: companies as employees:seed, each in the vendors' formats."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("companies", nargs="+", help="employees:seed")
    parser.add_argument("--sources", default="", help="generic, or nothing for all vendors")
    arguments = parser.parse_args()
    sources = [arguments.sources] if arguments.sources else None
    verdicts = []
    for company in arguments.companies:
        employees, _, seed = company.partition(":")
        folder = PROJECT / "build" / "truth" / f"{employees}-{seed}"
        verdicts.append(prove(int(employees), int(seed or 1), sources, folder))
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
