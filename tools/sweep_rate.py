#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Points a second: of a sweep on all cores, on one, and of as many `run` processes at a time.

usage: sweep_rate.py [SWEEP] [--points N] [-j N] [--hdpsim PROGRAM]
N points of the sweep, next to each other, are played in all three ways, one behind the other; that
cycle counts agree is checked.
exit code 0: at least 1.8 times one thread (with two) and 3 times the processes; 1: less
"""
import argparse
import concurrent.futures
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sweep", nargs="?", type=pathlib.Path,
                        default=ROOT / "configs/sweeps/hdp_edge_10000.json")
    parser.add_argument("--points", type=int, default=400)
    parser.add_argument("-j", "--threads", type=int, default=2)
    parser.add_argument("--hdpsim", default=ROOT / "build/release/tools/hdpsim/hdpsim")
    return parser.parse_args()


def first_points(sweep, points):
    """The sweep with its slowest axes cut, so that about so many points are left."""
    for axis in sweep["axes"]:
        count = axis.get("count") or len(axis["values"])
        others = 1
        for other in sweep["axes"]:
            if other is not axis:
                others *= other.get("count") or len(other["values"])
        keep = max(1, min(count, -(-points // others)))
        if "values" in axis:
            axis["values"] = axis["values"][:keep]
        elif keep < count:
            step = (axis["to"] - axis["from"]) / (count - 1)
            values = [round(axis["from"] + step * i, 9) for i in range(keep)]
            path = axis["path"]
            axis.clear()
            axis.update({"path": path, "values": values})
    return sweep


def timed(work):
    start = time.monotonic()
    result = work()
    return time.monotonic() - start, result


def rows_of(out):
    with (out / "points.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sweep = first_points(json.loads(options.sweep.read_text()), options.points)
        sweep.pop("$schema", None)
        (folder / "sweep.json").write_text(json.dumps(sweep))
        paths = [axis["path"] for axis in sweep["axes"]]

        def play(threads):
            out = folder / f"out{threads}"
            subprocess.run([options.hdpsim, "sweep", folder / "sweep.json", "--out", out, "-j",
                            str(threads)], check=True, stdout=subprocess.DEVNULL)
            return rows_of(out)

        def run(row):
            settings = [word for path in paths for word in ("--set", f"{path}={row[path]}")]
            said = subprocess.run([options.hdpsim, "run", sweep["machine"], "-w", sweep["workload"],
                                   "-j", "1", "--json", *settings], check=True,
                                  capture_output=True).stdout
            return json.loads(said)["cycles"]

        many, rows = timed(lambda: play(options.threads))
        one, same = timed(lambda: play(1))
        with concurrent.futures.ThreadPoolExecutor(options.threads) as pool:
            alone, cycles = timed(lambda: list(pool.map(run, rows)))
    if rows != same or cycles != [int(row["cycles"]) for row in rows]:
        sys.exit("sweep_rate: the three ways differ")
    count = len(rows)
    print(f"{count} points: {count / many:.1f} a second on {options.threads} threads, "
          f"{count / one:.1f} on one ({one / many:.2f} times), {count / alone:.1f} as "
          f"{options.threads} processes at a time ({alone / many:.2f} times)")
    return 0 if alone / many >= 3 and one / many >= 0.9 * options.threads else 1


if __name__ == "__main__":
    sys.exit(main())
