"""Simulates companies, builds them and compares every cell with the truth.

``python -m certgap.prove 600:1 3000:11 20000:23`` (employees:seed). Prints what was compared and
exits 1 if a table differs. The companies lie in ``build/truth/<employees>-<seed>``, with
``--sources a,b`` in a folder that names them too; ``--each-adapter`` keeps only those that differ.
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
from certgap.simulate.sources import GENERIC, VENDORS, choose_sources

PROJECT = Path(__file__).resolve().parents[2]
# Two companies became one: two HRIS, five learning platforms, three tools.
MERGER = [
    "workday", "successfactors_ec",
    "cornerstone", "udemy_business", "coursera", "scorm_cloud", "viva_learning",
    "m365_copilot", "github_copilot", "chatgpt_enterprise",
]  # fmt: skip
KEY = "truth"  # companies are invented, so their pseudonyms protect nobody
WITHOUT_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]


def prove(employees: int, seed: int, sources: list[str] | None, folder: Path) -> bool:
    """Simulate, build without tests, compare; True when every cell agrees.

    Raises subprocess.CalledProcessError when dbt fails.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["CERTGAP_PSEUDONYM_KEY"] = KEY
    run(employees, seed, folder / "raw", sources=sources)
    own_reference = folder / "raw" / "reference"
    environment = os.environ | {
        "CERTGAP_RAW": str(folder / "raw"),
        "CERTGAP_WAREHOUSE": str(folder / "certgap.duckdb"),
        "CERTGAP_REFERENCE": str(own_reference if own_reference.is_dir() else PROJECT / "seeds"),
        "CERTGAP_PSEUDONYM_KEY": KEY,
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    enabled = ", ".join(choose_sources(sources).enabled)
    variables = ["--vars", f"{{enabled_sources: [{enabled}]}}"]
    dbt = Path(sys.executable).with_name("dbt")
    subprocess.run(
        [dbt, "--quiet", "build", *WITHOUT_TESTS, *variables],
        check=True, cwd=PROJECT, env=environment,
    )  # fmt: skip
    report = compare(folder / "raw" / "truth", folder / "certgap.duckdb")
    print(f"{employees:,} employees, seed {seed}, on {enabled}")
    print(report.text(), flush=True)
    return report.agrees


def mixes(asked: str, each_adapter: bool) -> list[list[str] | None]:
    """The sources to prove: those asked for, or each adapter alone (an export that has several
    forms, in each of them) and a merger of many."""
    if each_adapter:
        return [*([name] for name in VENDORS if name != GENERIC), MERGER]
    return [[name.strip() for name in asked.split(",") if name.strip()] or None]


def main() -> int:
    """Command line: companies as employees:seed, each on the sources given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("companies", nargs="+", help="employees:seed")
    parser.add_argument("--sources", default="", help="vendors, comma between; none: the sample's")
    parser.add_argument("--each-adapter", action="store_true", help="each alone, and a merger")
    arguments = parser.parse_args()
    verdicts = {}
    for company in arguments.companies:
        employees, _, seed = company.partition(":")
        for sources in mixes(arguments.sources, arguments.each_adapter):
            name = "merger" if sources is MERGER else "-".join(sources or []).replace(":", "-")
            folder = PROJECT / "build" / "truth" / "-".join(filter(None, [employees, seed, name]))
            try:
                agrees = prove(int(employees), int(seed or 1), sources, folder)
            except subprocess.CalledProcessError as error:
                print(f"{folder.name}: dbt stopped with exit code {error.returncode}", flush=True)
                agrees = False
            verdicts[folder.name] = agrees
            if agrees and arguments.each_adapter:
                shutil.rmtree(folder)
    if len(verdicts) > 1:
        wrong = [name for name, agrees in verdicts.items() if not agrees]
        print(f"{len(verdicts) - len(wrong)} of {len(verdicts)} equal to the truth", *wrong)
    return 0 if all(verdicts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
