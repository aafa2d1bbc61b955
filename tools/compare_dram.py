#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares hdpsim's DRAM with reference results: every row of cycles.csv, tolerance 0.

usage: compare_dram.py CYCLES.CSV [--hdpsim PROGRAM] [--at-most REQUESTS]
exit code 0: all equal; 1: one line per row that differs; 2: a mistake in the arguments
A column that is empty in the reference is not compared.
"""
import argparse
import csv
import json
import pathlib
import subprocess
import sys

SCHEDULERS = {"": "frfcfs", "rowhit": "frfcfs_row_hit"}
CONTROLLERS = {"ramulator2": "frfcfs_shared_queue", "dramsim3": "bank_queues"}
MAPS = {"ddr": {"B": "ro co ba bg ra ch", "R": "ro ba bg ra co ch"},
        "hbm": {"B": "ro co ba bg pc ch", "R": "ro ba bg co pc ch", "native": "ro ba bg pc co ch"}}

# Column of the reference -> what hdpsim says, and the digits that the reference has.
COLUMNS = {
    "reads": (lambda r: r["reads"], 0),
    "writes": (lambda r: r["writes"], 0),
    "cycles": (lambda r: r["cycles"], 0),
    "last_read_cycle": (lambda r: r["last_read_cycle"], 0),
    "avg_read_lat_cyc": (lambda r: r["mean_read_latency_cycles"], 3),
    "bw_frac": (lambda r: r["bandwidth_fraction"], 4),
    "row_hits": (lambda r: r["row_hits"], 0),
    "row_misses": (lambda r: r["row_misses"], 0),
    "row_conflicts": (lambda r: r["row_conflicts"], 0),
    "act": (lambda r: r["commands"]["ACT"], 0),
    "pre": (lambda r: r["commands"]["PRE"], 0),
    "ref": (lambda r: r["commands"]["REF"], 0),
}


def command_of(program, row):
    memory, _, scheduler = row["dram"].partition("+")
    command = [program, "dram", memory, "--pattern", row["trace"], "--feed", row["feed"],
               "--controller", CONTROLLERS[row["sim"]], "--json"]
    maps = MAPS["hbm" if memory.startswith("hbm2_2000") else "ddr"]
    if row["map"] in maps:  # else the map that the device is shipped with
        command += ["--map", maps[row["map"]]]
    if CONTROLLERS[row["sim"]] == "frfcfs_shared_queue":  # bank_queues has no other
        command += ["--set", f"scheduler={SCHEDULERS[scheduler]}"]
    return command


def differs(column, expected, actual):
    digits = COLUMNS[column][1]
    return abs(float(expected) - actual) > (0.50001 * 10 ** -digits if digits else 0)


def latency_is_exact(row):
    """DRAMsim3 counts the reads of mixed streams in another way."""
    return row["sim"] != "dramsim3" or row["writes"] == "0"


def differences(row, report):
    for column, (value, _) in COLUMNS.items():
        if not row.get(column) or (column == "avg_read_lat_cyc" and not latency_is_exact(row)):
            continue
        if differs(column, row[column], value(report)):
            yield f"{column} {row[column]} != {value(report)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cycles", type=pathlib.Path, help="the reference, cycles.csv")
    parser.add_argument("--hdpsim", default="hdpsim", help="the program")
    parser.add_argument("--at-most", type=int, default=None, metavar="N",
                        help="only rows of at most N requests")
    options = parser.parse_args()
    if not options.cycles.is_file():
        print(f"compare_dram: {options.cycles}: no such file", file=sys.stderr)
        return 2
    with options.cycles.open(newline="") as file:
        rows = list(csv.DictReader(file))
    equal = different = 0
    for row in rows:
        if options.at_most and int(row["reads"]) + int(row["writes"]) > options.at_most:
            continue
        run = subprocess.run(command_of(options.hdpsim, row), capture_output=True, text=True,
                             check=False)
        found = ([run.stderr.strip()] if run.returncode != 0 else
                 list(differences(row, json.loads(run.stdout))))
        name = " ".join(row[key] for key in ("dram", "trace", "map", "feed", "sim"))
        if found:
            different += 1
            print(f"{name}: {', '.join(found)}", flush=True)
        else:
            equal += 1
    print(f"{equal} of {equal + different} rows equal")
    return 1 if different or not equal else 0


if __name__ == "__main__":
    sys.exit(main())
