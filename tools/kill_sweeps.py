#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills a sweep at random moments, goes on with it, and wants the bytes of one that was not killed.

usage: kill_sweeps.py [SWEEP] [-n KILLS] [--shards N] [--seed N] [-j N] [--hdpsim PROGRAM]
Without --shards the whole sweep is killed so often; with them each shard once, and all are merged.
exit code 0: the same bytes; 1: a line on what differs
"""
import argparse
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAMES = ("sweep.json", "points.csv", "points.jsonl")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sweep", nargs="?", default="hdp_edge_10000")
    parser.add_argument("-n", "--kills", type=int, default=5)
    parser.add_argument("--shards", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-j", "--threads", default="2")
    parser.add_argument("--hdpsim", default=ROOT / "build/release/tools/hdpsim/hdpsim")
    return parser.parse_args()


def sweep(options, out, *more, seconds=None):
    """Runs it to its end, or kills it after so many seconds; whether it was killed."""
    command = [options.hdpsim, "sweep", options.sweep, "--out", out, "-j", options.threads, *more]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as run:
        try:
            run.wait(seconds)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            return True
    if run.returncode != 0:
        sys.exit(f"kill_sweeps: {' '.join(map(str, command))}: exit code {run.returncode}")
    return False


def killed(options, out, whole, kills, *more):
    """A sweep that was killed so often, each time within a like part of its work, then finished."""
    count = 0
    for _ in range(kills):
        count += sweep(options, out, *more, seconds=random.uniform(0.2, 1) * whole / (kills + 1))
    sweep(options, out, *more)
    return count


def main():
    options = arguments()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        start = time.monotonic()
        sweep(options, folder / "whole")
        whole = time.monotonic() - start
        other = folder / "other"
        if options.shards:
            shards = [folder / str(shard) for shard in range(options.shards)]
            count = sum(killed(options, out, whole / options.shards, 1, "--shard",
                               f"{shard}/{options.shards}") for shard, out in enumerate(shards))
            subprocess.run([options.hdpsim, "merge", other, *shards], check=True,
                           stdout=subprocess.DEVNULL)
        else:
            count = killed(options, other, whole, options.kills)
        differ = [file for file in NAMES
                  if (folder / "whole" / file).read_bytes() != (other / file).read_bytes()]
    print(f"kill_sweeps: {options.sweep}: {count} kills, {options.shards or 'no'} shards: "
          f"{'other ' + ', '.join(differ) if differ else 'the same bytes'}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
