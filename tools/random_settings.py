#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random settings of each kind on small workloads: whatever they are, the report must make sense.

usage: random_settings.py [KIND...] [--hdpsim PROGRAM] [-n COUNT] [--seed N] [--first I] [-j N]
                          [--keep FOLDER]
Settings are drawn from the schema of the kind, beside a machine's own, and given as a machine's file.
A run ends with exit code 0, or 2 and one line; and in its report
- every unit's total = idle + busy + blocked = cycles of the run,
- no share is outside 0 .. 1, no energy or area below 0, no number infinite,
- memory moved no more than its peak, and no more came than was asked for in whole accesses.
exit code 0: all runs are so; 1: a line per run that is not, with its file under --keep.
"""
import argparse
import concurrent.futures
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import setting_space

MACHINES = {"hdp": ("hdp_edge", "hdp_server", "dense"), "spatten": ("spatten", "spatten_eighth"),
            "spatten_rtl": ("spatten_rtl_artifact",), "token_picker": ("token_picker",),
            "leopard": ("leopard_ae", "leopard_hp", "leopard_base"), "sta": ("sta",)}
MEMORIES = ("ideal", "dram", "ddr4_2400r", "ddr4_3200aa", "lpddr4_3200", "hbm2_2000",
            "ddr4_2400_stock", "ddr4_3200_stock", "lpddr4_2400_stock", "hbm2_stock")
MAPS = ("ro co ba bg ra ch", "ro ba bg ra co ch", "ro ba ra co bg ch", "ch ra ro co bg ba",
        "ro ba co bg pc ch", "ro ba bg pc co ch")
KEEPS = ("1", "linear", "0.5", "0", "0.9..0.2x2", "1, 0.3")
CHUNKS = ([4, 4, 4], [6, 6], [12], [2, 2, 2, 2, 2, 2], [1, 7], [8, 8])
WORDS = {"model": MEMORIES, "chunk_bits": CHUNKS, "map": MAPS, "keep": KEEPS,
         "energy_table": ("recalled_45nm", "inline")}
SHARES = ("fraction", "share", "utilisation", "mass_kept", "_sparsity")
SECONDS = 120


def draw_value(setting, draw):
    """Near the default as a rule, at an end now and then, within what a small run can hold."""
    last = setting.path.rsplit(".", 1)[-1]
    if last in WORDS:
        return draw.choice(WORDS[last])
    if setting.type == "string":
        return setting.default
    if setting.listed:
        return draw.choice([*setting.words, [], [0], [0, 2]])
    if setting.words and (setting.type == "" or draw.random() < 0.3):
        return draw.choice(setting.words)
    if setting.type == "boolean":
        return draw.random() < 0.5
    default = setting.default if isinstance(setting.default, (int, float)) else 8
    low, high = max(setting.low, -1e6), min(setting.high, 64 * abs(default) + 64)
    if setting.type == "number":
        near = default * 2 ** draw.uniform(-3, 3) if default > 0 and high > 1 else None
        value = draw.choice([near, draw.uniform(low, high)]) if near else draw.uniform(low, high)
        return min(max(value, low + 1e-9), high - 1e-9)
    if draw.random() < 0.1:
        return int(draw.choice([low, high]))
    if default > 0 and draw.random() < 0.7:
        return int(min(max(round(default * 2 ** draw.randint(-3, 3)), low), high))
    return draw.randint(math.ceil(low), math.floor(high))


def draw_machine(kind, settings, draw):
    machine = {"base": draw.choice(MACHINES[kind])}
    if kind == "hdp" and draw.random() < 0.25:  # what else it needs is seldom drawn together
        machine["prune"] = {"probability": {}, "split": "floor", "rho": -0.5}
    share = draw.choice([0.02, 0.05, 0.15, 0.4])
    for setting in settings:
        # A memory of random parts contradicts itself as a rule: few of them change.
        few = 0.2 if setting.path.startswith("memory.dram.") else 1
        if setting.path == "name" or setting.default is None or draw.random() > share * few:
            continue
        *groups, last = setting.path.split(".")
        group = machine
        for name in groups:
            group = group.setdefault(name, {})
        group[last] = draw_value(setting, draw)
    return machine


def make_workloads(program, folder):
    trace = setting_space.write_trace
    traces = [
        trace(folder / "square.safetensors", 1, layers=2, heads=3, kv_heads=3, queries=13, size=8),
        trace(folder / "full.safetensors", 2, causal=False, heads=2, kv_heads=2, queries=24),
        trace(folder / "grouped.safetensors", 3, layers=2, heads=4, kv_heads=2, queries=9, size=6),
        trace(folder / "decode.safetensors", 4, context=30, layers=2, heads=4, kv_heads=1,
              queries=2, size=8),
        trace(folder / "one.safetensors", 5, heads=1, kv_heads=1, queries=1, size=3)]
    rows = setting_space.write_rows(program, folder / "rows.csv", "prompt=70", "generated=2",
                                    "layers=2", "heads=3", "keep=0.9, 0.5", "head_keep=1",
                                    "value_keep=0.7", "requantise_share=0.4")
    few = [("-w", rows, "--rows", n) for n in (1, 5, 12)]
    traces = [("-w", path) for path in traces]
    return {"hdp": traces, "spatten": traces + few, "spatten_rtl": few, "token_picker": traces,
            "leopard": traces, "sta": traces}


def numbers_in(fact, path=""):
    """Every number of a report, with its path."""
    if isinstance(fact, dict):
        for name, value in fact.items():
            yield from numbers_in(value, f"{path}.{name}" if path else name)
    elif isinstance(fact, list):
        for i, value in enumerate(fact):
            yield from numbers_in(value, f"{path}[{i}]")
    elif isinstance(fact, (int, float)) and not isinstance(fact, bool):
        yield path, fact


def faults_of(report):
    """What cannot be so, a line each."""
    report = {key: value for key, value in report.items() if key != "config"}
    for path, value in numbers_in(report):
        last = path.rsplit(".", 1)[-1]
        if not math.isfinite(value):
            yield f"{path} is {value}"
        share = (last.endswith(SHARES) or ".load." in path) and not path.startswith("macs.")
        if share and not -1e-9 <= value <= 1 + 1e-9:
            yield f"{path} is {value}, a share"
        if value < 0 and path.startswith(("energy_pj", "area_um2", "memory", "units", "macs")):
            yield f"{path} is {value}"
    cycles = report["cycles"]
    for name, unit in report["units"].items():
        split = unit["cycles"]
        if split["total"] != split["idle"] + split["busy"] + sum(split["blocked"].values()):
            yield f"units.{name} does not add up"
        if split["total"] != cycles:
            yield f"units.{name} counts {split['total']} of {cycles} cycles"
    memory, peak = report["memory"], report["resources"]["peak_bytes_per_s"]
    moved = memory.get("moved_bytes", 0)
    # What is still buffered at the end is drained behind it.
    ns = report["time_ns"] + memory.get("drain_cycles", 0) * memory.get("tck_ps", 0) / 1e3
    if peak and moved > peak * ns * 1e-9 * (1 + 1e-9) + 1:
        yield f"memory.moved_bytes {moved} in {report['time_ns']} ns is above {peak} B/s"
    asked = sum(memory["read_bytes"].values()) + sum(memory["written_bytes"].values())
    spared = sum(memory.get(kind, 0) for kind in ("forwarded_reads", "merged_reads", "merged_writes"))
    if moved and not spared and moved < asked:
        yield f"memory.moved_bytes {moved} is less than the {asked} asked for"


def play(program, machine, workload, folder):
    """Accepted or refused, and what was wrong with it."""
    (folder / "machine.json").write_text(json.dumps(machine))
    command = [program, "run", "machine.json", *map(str, workload), "--json", "--detail"]
    try:
        run = subprocess.run(command, capture_output=True, check=False, cwd=folder, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "refused", [f"took more than {SECONDS} s"]
    said = run.stderr.decode(errors="replace")
    if run.returncode == 2:
        one_line = said.count("\n") == 1 and said.startswith("hdpsim: ") and not run.stdout
        return "refused", [] if one_line else [f"exit code 2 without one line: {said[:200]!r}"]
    if run.returncode != 0:
        return "refused", [f"exit code {run.returncode}: {said.strip()[:200]}"]
    return "played", [*faults_of(json.loads(run.stdout))]


def try_one(program, kind, settings, workloads, seed, index, folder, keep):
    draw = random.Random(f"{seed} {kind} {index}")
    machine, workload = draw_machine(kind, settings, draw), draw.choice(workloads)
    own = folder / f"{kind}{index}"
    own.mkdir()
    what, faults = play(program, machine, workload, own)
    if faults and keep:
        (keep / f"{kind}-{seed}-{index}.json").write_text(json.dumps(machine, indent=1) + "\n")
    (own / "machine.json").unlink()
    own.rmdir()
    words = " ".join(str(word).rsplit("/", 1)[-1] for word in workload)
    return what, [f"{kind} {seed} {index} {words}: {fault}" for fault in faults]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kinds", nargs="*", default=list(MACHINES), metavar="KIND")
    parser.add_argument("--hdpsim", default="build/release/tools/hdpsim/hdpsim")
    parser.add_argument("-n", type=int, default=10_000, help="runs a kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first run")
    parser.add_argument("-j", type=int, default=os.cpu_count())
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the files of faults")
    arguments = parser.parse_args()
    program = str(pathlib.Path(arguments.hdpsim).resolve())
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    print(f"seed {arguments.seed}")
    bad = 0
    with tempfile.TemporaryDirectory() as name, \
            concurrent.futures.ThreadPoolExecutor(arguments.j) as pool:
        folder = pathlib.Path(name)
        workloads = make_workloads(program, folder)
        for kind in arguments.kinds:
            if kind not in MACHINES:
                parser.error(f"{kind} is none of {', '.join(MACHINES)}")
            settings = setting_space.settings_of(program, kind)
            runs = [pool.submit(try_one, program, kind, settings, workloads[kind], arguments.seed,
                                index, folder, arguments.keep)
                    for index in range(arguments.first, arguments.first + arguments.n)]
            played = 0
            for run in runs:
                what, faults = run.result()
                played += what == "played"
                bad += bool(faults)
                print("".join(line + "\n" for line in faults), end="", flush=bool(faults))
            print(f"{kind}: {arguments.n} runs, {played} played, the others refused")
            if played * 5 < arguments.n:
                print(f"{kind}: fewer than a fifth was played: the search sees too little")
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
