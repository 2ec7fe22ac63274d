"""The command line: ``python -m certgap.cluster up | down | test``.

Exit code 0 when all went well, 1 when a test failed or a table differs, 2 when nothing was judged.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb

from certgap.cluster.proof import TESTS, Proof
from certgap.cluster.server import Cluster
from certgap.errors import UserError

PROJECT = Path(__file__).resolve().parents[3]


def main(arguments: list[str] | None = None) -> int:
    """Start, stop or test the cluster."""
    parser = argparse.ArgumentParser(prog="python -m certgap.cluster", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start a master, two workers and a Thrift server")
    commands.add_parser("down", help="stop them")
    test = commands.add_parser("test", help="build on both engines and compare every table")
    test.add_argument("--tests", choices=TESTS, default="all", help="short: keys and joins")
    test.add_argument("--kill-a-worker", action="store_true", help="in the middle of the build")
    test.add_argument("--raw", default="sample_data", help="folder of raw deliveries")
    test.add_argument("--sources", default="", help="comma-separated; default: all vendors")
    options = parser.parse_args(arguments)
    cluster = Cluster(PROJECT)
    try:
        if options.command == "up":
            started = cluster.start()
            words = "answers" if started else "was up already, and answers"
            print(f"The cluster {words} at 127.0.0.1:{cluster.thrift_port}; logs: {cluster.folder}")
        elif options.command == "down":
            print("The cluster is stopped." if cluster.stop() else "No cluster was running.")
        else:
            sources = tuple(name for name in options.sources.split(",") if name)
            proof = Proof(cluster, options.raw, sources, options.tests, options.kill_a_worker)
            return 0 if proof.run() else 1
    except UserError as error:
        print(f"{error.problem} {error.remedy}", file=sys.stderr)
        return error.exit_code
    except duckdb.Error as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
