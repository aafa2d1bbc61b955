#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Instructions a DRAM request costs, by callgrind: 30,000 requests less 10,000, over 20,000.

usage: count_instructions.py [--hdpsim PROGRAM]
exit code 0: all within their limits; 1: one is not; 2: a mistake in the arguments
Repeatable for one binary, whatever else the machine does. The limits are a tenth of what Ramulator
2.1 costs on the same streams; beside them stands what was measured when they were last looked at.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

# memory, pattern, map, feed, limit; burst20k is held against seq, both in instructions a request.
STREAMS = [("ddr4_2400r", "seq", "ro co ba bg ra ch", "inorder", 3700),
           ("ddr4_2400r", "rand", "ro co ba bg ra ch", "inorder", 5900),
           ("hbm2_2000", "seq", "ro co ba bg pc ch", "perchan", 1900),
           ("hbm2_2000", "rand", "ro co ba bg pc ch", "perchan", 5400),
           ("hbm2_2000", "burst20k", "ro co ba bg pc ch", "perchan", None)]
IDLE_IS_FREE = 1.4  # burst20k over seq


def instructions(program, memory, pattern, fields, feed, requests):
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", program, "dram",
             memory, "--pattern", pattern, "--map", fields, "--feed", feed, "--limit",
             str(requests), "--json"], capture_output=True, text=True, check=True)
    played = json.loads(run.stdout)
    if played["reads"] + played["writes"] != requests:
        sys.exit(f"{memory} {pattern}: {requests} requests were asked for")
    return int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--hdpsim", default=pathlib.Path("build/release/tools/hdpsim/hdpsim"))
    program = parser.parse_args().hdpsim
    each, failed = {}, False
    for memory, pattern, fields, feed, limit in STREAMS:
        many, few = (instructions(program, memory, pattern, fields, feed, n)
                     for n in (30_000, 10_000))
        each[memory, pattern] = count = (many - few) / 20_000
        print(f"{memory:12} {pattern:10} {count:8.0f} a request; limit {limit or '-'}")
        failed |= limit is not None and count > limit
    ratio = each["hbm2_2000", "burst20k"] / each["hbm2_2000", "seq"]
    print(f"hbm2_2000 burst20k / seq {ratio:.3f}; limit {IDLE_IS_FREE}")
    return 1 if failed or ratio > IDLE_IS_FREE else 0


if __name__ == "__main__":
    sys.exit(main())
