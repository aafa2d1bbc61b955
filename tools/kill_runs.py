#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills commands at random moments, some of them on a disk that is full, and looks at what is left.

usage: kill_runs.py [-n KILLS] [--seed N] [--hdpsim PROGRAM] [--keep FOLDER]
After each kill (KILL, TERM or INT)
- inputs are as they were; results are all as before or all new, under their names;
- TERM and INT leave nothing that was not there before, a KILL at most names that begin with .hdpsim-;
- the same command, not disturbed, ends with the bytes of one that was never killed, and with
  nothing else.
A table keeps its rows; of its two files, table.json is there only with the table.txt of its own.
exit code 0: all of it held; 1: a line per kill where it did not, with its folder under --keep.
"""
import argparse
import contextlib
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRACE = ROOT / "configs/workloads/minilm_sotu_n64.safetensors"
CASES = [{"name": "a", "system": "hdp", "settings": {}},
         {"name": "b", "system": "hdp", "settings": {"rho": 0.3}}]
RUN = ["run", "hdp_edge", "-w", "t.safetensors"]
TABLE = ["compare", "hdp_edge", "spatten", "spatten_eighth", "-w", "t.safetensors", "--out", "o"]
# What is run, and what makes the results that lie there before (none: nothing lies there).
COMMANDS = {
    "run": ([*RUN, "--out", "a/o"], None),
    "run again": ([*RUN, "--out", "o", "--set", "cores=2"], [*RUN, "--out", "o"]),
    "run beside": ([*RUN, "--out", "o", "--timeline", "t.json"],
                   [*RUN, "--out", "o", "--timeline", "t.json", "--set", "cores=2"]),
    "compare": (TABLE, None),
    "compare again": ([*TABLE, "--set", "clock_mhz=500"], TABLE),
    "ablate": (["ablate", "hdp_edge", "-w", "t.safetensors", "--out", "o"], None),
    "prune": (["prune", "t.safetensors", "--cases", "cases.json", "--out", "d.json"],
              ["prune", "t.safetensors", "--cases", "one.json", "--out", "d.json"]),
    "generate": (["workload", "generate", "gpt2_small_per8", "--set", "generated=40", "--out",
                  "rows.csv"],
                 ["workload", "generate", "gpt2_small_per8", "--set", "generated=2", "--out",
                  "rows.csv"])}


def contents(folder):
    """Every file by its name, without what only a kill leaves."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")
            if path.is_file() and ".hdpsim-" not in str(path)}


def leftovers(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob(".hdpsim-*"))


def results(files):
    """Without inputs, and without the rows of a table."""
    return {name: data for name, data in files.items() if not name.startswith(("in/", "o/rows/"))}


class Disk:
    """A folder with little room: a small file system where one can be mounted, else a limit."""

    def __init__(self, folder, room):
        self.folder, self.room, self.mounted = folder, room, False
        folder.mkdir()
        if os.geteuid() == 0:
            self.mounted = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", folder],
                capture_output=True, check=False).returncode == 0

    def limit(self):
        if not self.mounted:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.room // 8, self.room // 8))

    def close(self):
        if self.mounted:
            subprocess.run(["umount", "-l", self.folder], check=True)


class Killer:
    def __init__(self, hdpsim):
        self.hdpsim = hdpsim
        self.known = {}

    def inputs(self, folder):
        shutil.copy(TRACE, folder / "t.safetensors")
        (folder / "cases.json").write_text(json.dumps(CASES))
        (folder / "one.json").write_text(json.dumps(CASES[:1]))

    def run(self, command, folder, **options):
        return subprocess.run([self.hdpsim, *command], cwd=folder, capture_output=True, check=False,
                              **options)

    def must(self, command, folder):
        run = self.run(command, folder)
        if run.returncode != 0:
            raise RuntimeError(f"{command}: {run.stderr.decode()}")

    def undisturbed(self, name):
        """Files before and after a run that nobody kills, and the seconds it takes."""
        if name not in self.known:
            command, earlier = COMMANDS[name]
            with tempfile.TemporaryDirectory() as scratch:
                folder = pathlib.Path(scratch)
                self.inputs(folder)
                if earlier:
                    self.must(earlier, folder)
                before, start = contents(folder), time.monotonic()
                self.must(command, folder)
                self.known[name] = before, contents(folder), time.monotonic() - start
        return self.known[name]

    def kill(self, name, number, share, folder, disk=None):
        """What is wrong after the kill; nothing where all is as it must be."""
        command, earlier = COMMANDS[name]
        before, after, seconds = self.undisturbed(name)
        self.inputs(folder)
        if earlier:
            self.must(earlier, folder)
        process = subprocess.Popen([self.hdpsim, *command], cwd=folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, preexec_fn=disk and disk.limit)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(share * seconds)
        process.send_signal(number)
        code = process.wait()
        if code not in (0, -number, *([2] if disk else [])):
            yield f"ended with {code}"
        left = contents(folder)
        for file in ("t.safetensors", "cases.json", "one.json"):
            if left.get(file) != before[file]:
                yield f"{file}, an input, is another"
        yield from self.torn(results(left), results(before), results(after))
        for file in left:
            if file.startswith("o/rows/"):
                json.loads(left[file])
        if number != signal.SIGKILL:
            yield from (f"{file} is left" for file in leftovers(folder)
                        if not file.startswith("o/rows/"))
            if not set(left) - set(before) and (folder / "a").exists():
                yield "an empty folder is left"
        if disk:
            return
        self.must(command, folder)
        again = contents(folder)
        if again != after:
            yield f"resumed, {sorted(set(again.items()) ^ set(after.items()))[0][0]} is another"
        yield from (f"{file} is left in the end" for file in leftovers(folder))

    @staticmethod
    def torn(left, before, after):
        """A table, whose folder holds more, may lack the sign that it is whole."""
        states = [before, after]
        if "o/table.json" in after:
            states += [{k: v for k, v in state.items() if k != "o/table.json"} for state in states]
            states.append({k: v for k, v in before.items() if not k.startswith("o/")})
        if "t.json" in after:  # one file and a folder appear one after the other
            states.append(before | {"t.json": after["t.json"]})
        if left not in states:
            yield f"results are torn: {sorted(left)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--hdpsim", default=ROOT / "build/release/tools/hdpsim/hdpsim")
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    killer = Killer(pathlib.Path(options.hdpsim).resolve())
    print(f"seed {options.seed}")
    failed = 0
    for i in range(options.n):
        name, number = draw.choice(list(COMMANDS)), draw.choice([signal.SIGKILL, signal.SIGTERM,
                                                                  signal.SIGINT])
        share, full = draw.uniform(0, 1.05), draw.random() < 0.25
        scratch = pathlib.Path(tempfile.mkdtemp())
        # Room for the inputs and older results, not for all that is to come.
        disk = Disk(scratch / "disk", (1 << 20) + draw.randrange(1 << 18)) if full else None
        folder = disk.folder if disk else scratch
        try:
            faults = list(killer.kill(name, number, share, folder, disk))
        except RuntimeError as fault:  # the full disk took the results that lie there before
            faults = [] if disk else [str(fault)]
        for fault in faults:
            failed += 1
            print(f"{i}: {name}, {signal.Signals(number).name} at {share:.0%}"
                  f"{', full disk' if full else ''}: {fault}")
        if faults and options.keep:
            shutil.copytree(folder, options.keep / str(i), symlinks=True)
        if disk:
            disk.close()
        shutil.rmtree(scratch)
    print(f"{options.n} kills, {failed} faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
