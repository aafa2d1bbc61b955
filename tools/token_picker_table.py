#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of docs/token_picker.md: what thresholds do on decode traces.

token_picker_table.py --hdpsim build/release/tools/hdpsim/hdpsim TRACE... [--set path=value]...
A line a trace and threshold, over the same machine that reads everything once, in order. Checks
that the ratios add up: bytes over all chunks and rows = 2 / (1 / K ratio + 1 / V ratio).
"""
import argparse
import json
import pathlib
import subprocess
import sys

THRESHOLDS = ("1e-4", "3e-4", "1e-3", "2e-3", "4e-3")
COLUMNS = ("trace", "threshold", "chunks a token", "K ratio", "V ratio", "both", "K MB", "V MB",
           "speedup", "energy", "error", "mass kept")


def played(hdpsim, trace, changes):
    command = [hdpsim, "run", "token_picker", "-w", trace, "--json"]
    for change in changes:
        command += ["--set", change]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def row(trace, threshold, report):
    decided = report["decisions"]
    ratios = report["sections"]["token_picker"]
    keys, values = ratios["key_ratio"], ratios["value_ratio"]
    chunks = len(report["config"]["prune"]["chunk_bits"])
    both = 2 * decided["tokens"] / (decided["chunks_fetched"] / chunks +
                                    decided["value_rows_fetched"])
    if abs(both - 2 / (1 / keys + 1 / values)) > 1e-9 * both:
        raise SystemExit(f"{trace}: the ratios do not add up")
    if decided["safety_violations"]:
        raise SystemExit(f"{trace}: a token above the threshold was dropped")
    read = report["memory"]["read_bytes"]
    base, error = report["baseline"], report["error"]["total"]
    return (pathlib.Path(trace).stem, threshold, f"{ratios['chunks_per_token']:.3f}",
            f"{keys:.2f}", f"{values:.2f}", f"{both:.2f}", f"{read['k'] / 1e6:.1f}",
            f"{read['v'] / 1e6:.1f}", f"{base['speedup']:.2f}", f"{base['energy_ratio']:.2f}",
            f"{error['relative_frobenius']:.4f}", f"{100 * error['mass_kept']:.1f} %")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--hdpsim", default="hdpsim")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE")
    parser.add_argument("trace", nargs="+")
    options = parser.parse_args()
    print("| " + " | ".join(COLUMNS) + " |")
    print("|---" * len(COLUMNS) + "|")
    for trace in options.trace:
        for threshold in THRESHOLDS:
            changes = [*options.set, f"prune.threshold={threshold}"]
            print("| " + " | ".join(row(trace, threshold, played(options.hdpsim, trace,
                                                                 changes))) + " |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
