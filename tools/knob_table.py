#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns the knobs of HDP's machines one at a time: each must move what it must, in its direction.

usage: knob_table.py [MACHINE...] [--hdpsim PROGRAM] [--workload W] [-j N]
Prints a Markdown table: a row a machine and knob, with what follows at each of its values; the
present value of the machine is marked *. exit code 0: every knob is right; 1: the wrong ones, one a
line, behind the table; 2: a mistake.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import subprocess
import sys

UP, DOWN = "rises", "falls"


@dataclasses.dataclass(frozen=True)
class Knob:
    """Settings that turn together, times a factor; or, of a choice, the words in their order."""
    name: str
    paths: tuple
    moves: dict  # what -> direction, from the smallest value to the largest
    factors: tuple = (0.25, 0.5, 1, 2, 4)
    words: tuple = ()
    beside: tuple = ()  # changes without which it cannot show


V_SRAM = ("core.v_sram.bytes",)
WIDTH = ("core.k_sram.word_bits", "core.v_sram.word_bits")
KNOBS = (
    Knob("V SRAM bytes", V_SRAM, {"cycles": DOWN, "area": UP}, (1 / 64, 1 / 8, 1 / 4, 1, 4)),
    Knob("SRAM word width", WIDTH, {"cycles": DOWN}, (1 / 64, 1 / 16, 1 / 4, 1)),
    # A core with one head a layer has nothing for a second context.
    Knob("contexts (2 cores)", ("core.contexts",), {"cycles": DOWN, "area": UP}, (0.5, 1, 2),
         beside=(("cores", 2),)),
    # Consecutive bursts in another bank, in another bank group, and in one row across the groups.
    Knob("DRAM map", ("memory.dram.map",), {"bytes/ACT": UP, "DRAM energy": DOWN},
         words=("ro co ba bg {ends}", "ro ba {ends_first} co bg {channel}")),
    Knob("PE columns", ("core.pe_array.columns",), {"cycles": DOWN, "area": UP},
         (0.5, 1, 2)),
    Knob("softmax lanes", ("core.softmax.lanes",), {"cycles": DOWN, "area": UP}),
    Knob("cores", ("cores",), {"cycles": DOWN, "area": UP}),
)
# A step may go the other way by so much: another order on something that is shared.
SLACK = 0.01


def measured(report):
    commands = report["memory"].get("commands", {})
    return {"cycles": report["cycles"], "area": report["area_um2"]["total"],
            "DRAM energy": sum(report["energy_pj"]["units"]["memory"].values()),
            "bytes/ACT": report["memory"]["moved_bytes"] / max(1, commands.get("ACT", 0))}


def value_at(config, path):
    for name in path.split("."):
        config = config[name]
    return config


def maps_of(config, words):
    """The same orders for a DRAM with ranks and for one with pseudo-channels."""
    pseudo = value_at(config, "memory.dram.organisation.pseudo_channels") > 1
    names = {"ends": "pc ch" if pseudo else "ra ch", "ends_first": "" if pseudo else "ra",
             "channel": "pc ch" if pseudo else "ch"}
    return [" ".join(word.format(**names).split()) for word in words]


class Table:
    def __init__(self, program, workload):
        self.program, self.workload = program, workload

    def run(self, machine, changes=()):
        command = [self.program, "run", machine, "-w", self.workload, "--baseline", "none",
                   "--fidelity", "off", "--json"]
        for path, value in changes:
            command += ["--set", f"{path}={value}"]
        run = subprocess.run(command, capture_output=True, check=False)
        if run.returncode != 0:
            return run.stderr.decode().strip()
        return json.loads(run.stdout)

    def row(self, machine, knob):
        """Values as shown, and the report or refusal at each."""
        config = self.run(machine)["config"]
        present = [value_at(config, path) for path in knob.paths]
        settings = [[word] for word in maps_of(config, knob.words)] or [
            [max(1, round(value * factor)) for value in present] for factor in knob.factors]
        settings = [values for i, values in enumerate(settings) if values not in settings[:i]]
        shown, reports = [], []
        for values in settings:
            shown.append(f"{values[0]}{'*' if values == present else ''}")
            reports.append(self.run(machine, [*knob.beside, *zip(knob.paths, values)]))
        return shown, reports


def is_right(values, direction):
    first, last = values[0], values[-1]
    sign = 1 if direction == UP else -1
    steps = zip(values, values[1:])
    return sign * (last - first) > 0 and all(
        sign * (b - a) >= -SLACK * abs(a) for a, b in steps)


def text_of(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def lines_of(machine, knob, shown, reports):
    """The lines of the table, and what is wrong."""
    lines, wrong = [], []
    refused = [value for value, text in zip(shown, reports) if isinstance(text, str)]
    taken = [(value, measured(report)) for value, report in zip(shown, reports)
             if not isinstance(report, str)]
    for what, direction in knob.moves.items():
        values = [report[what] for _, report in taken]
        right = len(values) > 1 and is_right(values, direction)
        cells = ", ".join(f"{value}: {text_of(number)}"
                          for (value, _), number in zip(taken, values))
        if refused:
            cells += f" (refused: {', '.join(refused)})"
        lines.append(f"| {machine} | {knob.name} | {what} {direction} | {cells} | "
                     f"{'yes' if right else 'NO'} |")
        if not right:
            wrong.append(f"{machine}, {knob.name}: {what} should be one that {direction}: {cells}")
    return lines, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("machines", nargs="*", default=["hdp_edge", "hdp_server", "dense"])
    parser.add_argument("--hdpsim", default="build/release/tools/hdpsim/hdpsim")
    parser.add_argument("--workload", default="minilm_sotu_n64")
    parser.add_argument("-j", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    table = Table(arguments.hdpsim, arguments.workload)
    wrong = []
    print(f"On `{arguments.workload}`.\n\n| machine | knob | must | value: what follows | right |\n"
          "|---|---|---|---|---|")
    with concurrent.futures.ThreadPoolExecutor(arguments.j) as pool:
        rows = [(machine, knob, pool.submit(table.row, machine, knob))
                for machine in arguments.machines for knob in KNOBS]
        for machine, knob, row in rows:
            lines, mistakes = lines_of(machine, knob, *row.result())
            print("\n".join(lines), flush=True)
            wrong += mistakes
    print("\n" + "\n".join(f"wrong: {line}" for line in wrong) if wrong else "\nEvery knob is right.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
