#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A sweep as a job array on a real Slurm of this computer alone, one task killed and requeued.

usage: try_sweep.py [SWEEP] [--shards N] [--hdpsim PROGRAM]     as root, with Debian's Slurm
exit code 0: merged, the bytes of a sweep without Slurm; 1: they differ, or Slurm does not do it
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ("sweep.json", "points.csv", "points.jsonl")
MOST_SECONDS = 600


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sweep", nargs="?", default="hdp_edge_pruning")
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--hdpsim",
                        default=HERE.parent.parent / "build/release/tools/hdpsim/hdpsim")
    return parser.parse_args()


def said(*command):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True,
                          text=True).stdout.strip()


def wait_for(what, condition):
    start = time.monotonic()
    while time.monotonic() - start < MOST_SECONDS:
        result = condition()
        if result:
            return result
        time.sleep(0.2)
    sys.exit(f"try_sweep: {what} takes more than {MOST_SECONDS} s")


def states(job):
    """Of the tasks: their states by number."""
    lines = said("squeue", "--noheader", "--states=all", "--array", "--format=%K %T", "-j", job)
    return {int(task): state for task, state in (line.split() for line in lines.splitlines())}


def kill_one(job, out, node):
    """Kills the first task that has a point, by taking it back to the queue. Slurm would start it
    again in two minutes; here it may as soon as the node has seen its end."""
    def begun():
        return [task for task, state in states(job).items() if state == "RUNNING" and
                pathlib.Path(f"{out}.shard{task}/points.journal").exists()]
    task = wait_for("a running task", begun)[0]
    number = said("squeue", "--noheader", "--array", "--format=%A", "-j", f"{job}_{task}")
    said("scontrol", "requeue", f"{job}_{task}")
    wait_for("the requeue", lambda: states(job)[task] == "PENDING" and
             f"[{number}.batch] done with job" in (node / "slurmd.log").read_text())
    said("scontrol", "update", f"JobId={job}_{task}", "StartTime=now")
    return task


def restarts(job, task):
    return int(re.search(r"Restarts=(\d+)", said("scontrol", "show", "job", f"{job}_{task}"))[1])


def main():
    options = arguments()
    hdpsim = pathlib.Path(options.hdpsim).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        node, out = folder / "node", folder / "out"
        said(hdpsim, "sweep", options.sweep, "--out", folder / "whole")
        os.environ.update(SLURM_CONF=str(node / "slurm.conf"), HDPSIM=str(hdpsim))
        said(HERE / "start_node", node)
        try:
            job = said("sbatch", "--parsable", f"--array=0-{options.shards - 1}",
                       f"--output={folder}/task%a.log", HERE / "sweep.sbatch", options.sweep, out)
            task = kill_one(job, out, node)
            wait_for("the array", lambda: set(states(job).values()) <=
                     {"COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "NODE_FAIL"})
            ends, again = states(job), restarts(job, task)
        finally:
            said(HERE / "start_node", "--stop", node)
        if set(ends.values()) != {"COMPLETED"}:
            sys.exit(f"try_sweep: {ends}\n" + "".join(
                path.read_text() for path in sorted(folder.glob("task*.log"))))
        shards = [f"{out}.shard{shard}" for shard in range(options.shards)]
        said(hdpsim, "merge", out, *shards)
        differ = [file for file in NAMES
                  if (folder / "whole" / file).read_bytes() != (out / file).read_bytes()]
    print(f"try_sweep: {options.sweep}: {options.shards} tasks, task {task} killed, started "
          f"{again + 1} times: {'other ' + ', '.join(differ) if differ else 'the same bytes'}")
    return 1 if differ or again != 1 else 0


if __name__ == "__main__":
    sys.exit(main())
