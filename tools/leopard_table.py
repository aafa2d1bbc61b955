#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of docs/leopard.md: the machines beside units / mean steps, on a memory that is fast enough.

leopard_table.py --hdpsim build/release/tools/hdpsim/hdpsim TRACE... [--set path=value]...
"""
import argparse
import json
import pathlib
import subprocess

FAST = ("memory.model=ideal", "memory.bandwidth_mb_per_s=1000000")
MACHINES = ("leopard_ae", "leopard_hp")


def report(hdpsim, machine, trace, changes=()):
    command = [hdpsim, "run", machine, "-w", trace, "--json", "--baseline", "none", "--fidelity", "off"]
    command += [f"--set={change}" for change in (*FAST, *changes)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def cells(base, run):
    """Speedup, what the model says, and why it is less."""
    section = run["sections"]["leopard"]
    units = sum(unit["kind"] == "dot_product_unit" for unit in run["units"].values())
    front = section["front_cycles"]["row"] / (units * run["cycles"])
    back = section["back_cycles"]["busy"] / run["cycles"]
    return (f"{base['cycles'] / run['cycles']:.2f}", f"{section['model_pairs_per_cycle']:.2f}",
            f"{100 * front:.1f} %", f"{100 * back:.0f} %")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("traces", nargs="+")
    parser.add_argument("--hdpsim", default="hdpsim")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE",
                        help="of the machines, not of leopard_base")
    options = parser.parse_args()
    print("| trace | steps | `leopard_ae` | model | row | back | `leopard_hp` | model | row | back |")
    print("|" + "---|" * 10)
    for trace in options.traces:
        base = report(options.hdpsim, "leopard_base", trace)
        runs = [report(options.hdpsim, machine, trace, options.set) for machine in MACHINES]
        steps = runs[0]["sections"]["leopard"]["steps_per_pair"]
        row = [f"`{pathlib.Path(trace).stem}`", f"{steps:.2f}"]
        for run in runs:
            row += cells(base, run)
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
