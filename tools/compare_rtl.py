#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares spatten_rtl_artifact with cycles measured on the SpAtten authors' RTL, tolerance 0.

usage: compare_rtl.py CYCLES.CSV... --workloads FOLDER [--hdpsim PROGRAM] [--at-most CYCLES]
Total cycles and DRAM reads of every run; where rows/<run>.csv exists, also each of its rows.
The workload files of the runs lie in inputs/ beside CYCLES.CSV, or in FOLDER.
exit code 0: all equal; 1: one line per run that differs; 2: a mistake in the arguments
"""
import argparse
import csv
import json
import pathlib
import subprocess
import sys

SETTINGS = ("buffer_lines", "top_k_parallelism", "multipliers", "bandwidth_downsample",
            "fetch_padding")
COLUMNS = ("top_k_latency", "first_pass_last_score_cycle", "second_pass_last_score_cycle",
           "response_cycle")


def command_of(program, workload, run):
    rows = [int(row) for row in run["requantised_rows"].split()]
    command = [program, "run", "spatten_rtl_artifact", "--workload", str(workload), "--baseline",
               "none", "--json", "--detail", "--set", f"requantise={json.dumps(rows)}"]
    for setting in SETTINGS:
        command += ["--set", f"{setting}={run[setting]}"]
    for column, option in (("iteration", "--iteration"), ("row_limit", "--rows")):
        if run[column]:
            command += [option, run[column]]
    return command


def differences(run, rows_file, report):
    for column, value in (("cycles", report["cycles"]),
                          ("dram_reads", report["memory"]["reads"])):
        if int(run[column]) != value:
            yield f"{column} {run[column]} != {value}"
    if not rows_file.is_file():
        return
    with rows_file.open(newline="") as file:
        for expected, actual in zip(csv.DictReader(file), report["rows"], strict=True):
            for column in COLUMNS:
                if int(expected[column] or 0) != (actual[column] or 0):
                    yield f"row {expected['row']} {column} {expected[column]} != {actual[column]}"


def workload_of(run, inputs, folder):
    return next(path for path in (inputs / run["input"], folder / run["input"]) if path.is_file())


def runs_of(table, at_most):
    with table.open(newline="") as file:
        return [(table.parent, run) for run in csv.DictReader(file)
                if not at_most or int(run["cycles"]) <= at_most]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cycles", type=pathlib.Path, nargs="+",
                        help="the references, each a cycles.csv")
    parser.add_argument("--workloads", type=pathlib.Path, required=True,
                        help="the published workload files")
    parser.add_argument("--hdpsim", default="hdpsim", help="the program")
    parser.add_argument("--at-most", type=int, default=None, metavar="N",
                        help="only runs of at most N cycles")
    options = parser.parse_args()
    runs = []
    for table in options.cycles:
        if not table.is_file():
            print(f"compare_rtl: {table}: no such file", file=sys.stderr)
            return 2
        runs += runs_of(table, options.at_most)
    equal = 0
    for folder, run in runs:
        try:
            workload = workload_of(run, folder / "inputs", options.workloads)
        except StopIteration:
            print(f"compare_rtl: no file {run['input']}", file=sys.stderr)
            return 2
        done = subprocess.run(command_of(options.hdpsim, workload, run), capture_output=True,
                              text=True, check=False)
        rows_file = folder / "rows" / f"{run['run']}.csv"
        found = ([done.stderr.strip()] if done.returncode != 0 else
                 list(differences(run, rows_file, json.loads(done.stdout))))
        equal += not found
        if found:
            print(f"{run['run']}: {', '.join(found[:3])}", flush=True)
    print(f"{equal} of {len(runs)} runs equal")
    return 0 if runs and equal == len(runs) else 1


if __name__ == "__main__":
    sys.exit(main())
