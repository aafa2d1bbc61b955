#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws runs over kinds, workloads and settings, and asks --what-if whether the limiter is right.

    tools/confirm_limiter.py [--runs N] [--kind KIND] [--seed S] [--hdpsim PROGRAM] [-j N]

Half of the traces have odd shapes: few or grouped heads, 17 keys, heads of 7, short decodes.

A run is confirmed where relieving the limiter that its report names gains at least half of what the
best relief gains; where none gains 2 % it is called unlimited and counts as neither. Exit code 1
where a run is not confirmed. The same seed draws the same runs.
"""
import argparse
import array
import concurrent.futures
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

HDP = {
    "cores": [1, 2, 3, 4, 6, 8, 12],
    "core.contexts": [1, 2, 3, 4],
    "core.pe_array.rows": [4, 8, 16, 32],
    "core.pe_array.columns": [4, 8, 16, 32],
    "core.pe_array.precision": ["uniform", "fused", "split"],
    "core.softmax.lanes": [1, 2, 4, 8, 16, 64],
    "core.softmax.latency_cycles": [1, 20, 87, 300],
    "core.k_sram.word_bits": [16, 32, 64, 128, 256, 512],
    "core.v_sram.word_bits": [16, 32, 64, 128, 256, 512],
    "core.k_sram.banks": [1, 2, 4, 8],
    "core.v_sram.banks": [1, 2, 4, 8],
    "core.sparsity_engine.blocks_per_cycle": [1, 2, 8],
    "core.sparsity_engine.compares_per_cycle": [1, 4, 16],
    "core.sparsity_engine.threshold_cycles": [0, 4, 100],
    "core.sparsity_engine.top_k.parallelism": [1, 4, 16],
    "core.sparsity_engine.top_k.round_cycles": [0, 3, 30],
    "core.fetch.requests_in_flight": [4, 16, 64, 256],
    "core.fetch.request_bytes": [32, 64, 256],
    "prune.rule": ["threshold", "top_k"],
    "prune.rho": [-0.5, 0.0, 0.3, 0.6],
    "prune.importance": ["absolute", "signed"],
    "prune.tau": [-1, 0.5, 2],
    "scheduling.slice_heads": [1, 2, 3],
    "cascade.token.keep": ["linear"],
    "cascade.top_k.parallelism": [1, 4, 16],
    "clock_mhz": [1, 250, 500, 700, 1000, 2000],
}
SPATTEN = {
    "multipliers": [16, 32, 64, 128, 256, 512, 1024],
    "softmax.lanes": [1, 2, 4, 8, 16, 64],
    "softmax.latency_cycles": [1, 20, 87, 300],
    "top_k.parallelism": [1, 2, 4, 8, 16],
    "top_k.round_cycles": [0, 3, 30],
    "heads_in_flight": [1, 2, 4, 16],
    "score_rows": [1, 2, 4, 16],
    "converter_lines": [1, 2, 4],
    "converter_latency_cycles": [1, 3, 30],
    "cascade_ranking": ["true", "false"],
    "layer_barrier": ["true", "false"],
    "prune.value_keep": [0.2, 0.5, 1],
    "prune.requantise_threshold": [0.0, 0.1, 1.0],
    "fetch.requests_in_flight": [8, 64, 1024],
    "fetch.requests_per_cycle": [1, 4, 32],
    "clock_mhz": [1, 250, 500, 700, 1000, 2000],
}
# What probability estimation needs: drawn together, with its own settings.
ESTIMATES = {"prune.split": "floor", "prune.masked": "exclude", "prune.probability": "{}"}
ESTIMATING = {
    "prune.probability.threshold": [1e-4, 1e-3, 1e-2],
    "core.probability_unit.tests_per_cycle": [1, 4, 16],
    "core.probability_unit.latency_cycles": [1, 6, 60],
    "core.probability_unit.margin_elements": [1, 8, 64],
}
TOKEN_PICKER = {
    "lane.lanes": [1, 2, 4, 16, 64],
    "lane.dimensions": [4, 16, 64],
    "lane.key_bits": [1, 4, 12],
    "lane.latency_cycles": [1, 8, 60],
    "probability.tests_per_cycle": [1, 4, 16],
    "probability.latency_cycles": [1, 6, 60],
    "probability.margin_elements": [1, 8, 64],
    "scoreboard_entries": [1, 4, 32, 512],
    "kv_buffer.bytes": [512, 4096, 65536],
    "kv_buffer.word_bits": [16, 64, 256],
    "slices_in_flight": [1, 2, 4, 8],
    "slice_heads": [0, 1],
    "fetch.requests_in_flight": [8, 64, 512],
    "fetch.requests_per_cycle": [1, 4, 16],
    "softmax.lanes": [1, 2, 16],
    "softmax.latency_cycles": [1, 16, 300],
    "prune.estimation": ["true", "false"],
    "prune.threshold": [1e-4, 1e-3, 1e-2],
    "prune.chunk_bits": ["[4,4,4]", "[6,6]", "[12]"],
    "prune.issue": ["out_of_order", "in_order"],
    "prune.value_pruning": ["true", "false"],
    "clock_mhz": [1, 250, 500, 700, 1000, 2000],
}
LEOPARD = {
    "dot_product.units": [1, 2, 6, 8, 32],
    "dot_product.taps": [8, 16, 64],
    "value.lanes": [1, 2, 4],
    "value.macs": [8, 16, 64],
    "value.exponential_cycles": [1, 4, 60],
    "value.divide_cycles": [1, 16, 200],
    "score_fifo_entries": [2, 8, 512],
    "key_buffer_bytes": [4096, 16384, 49152],
    "value_buffer_bytes": [4096, 16384, 65536],
    "row_buffer_bytes": [1024, 4096, 8192],
    "fetch.requests_in_flight": [8, 64, 256],
    "fetch.requests_per_cycle": [1, 4, 16],
    "prune.pruning": ["true", "false"],
    "prune.early_termination": ["true", "false"],
    "prune.calibrate": [0.2, 0.75, 0.9],
    "prune.margin": ["sign_pairs", "all_magnitudes"],
    "prune.step_bits": [1, 2, 4, 12],
    "clock_mhz": [1, 400, 800, 2000],
}
STA = {
    "array.rows": [1, 4, 16, 64],
    "array.columns": [1, 4, 16, 64],
    "array.depth": [1, 2, 8],
    "array.latency_cycles": [1, 4, 40],
    "softmax.lanes": [1, 2, 16, 64],
    "softmax.latency_cycles": [1, 16, 300],
    "score_buffer_bytes": [16384, 131072],
    "layer.weight_buffer_bytes": [4096, 16384, 65536],
    "layer.activation_bits": [4, 6, 8],
    "layer.vector_lanes": [1, 4, 16],
    "layer.vector_latency_cycles": [1, 4, 40],
    "layer.fetch.requests_in_flight": [4, 16, 64],
    "layer.fetch.request_bytes": [64, 256],
    "clock_mhz": [50, 200, 500, 1000],
}
RTL = {
    "multipliers": [64, 128, 256, 512, 1024],
    "bandwidth_downsample": [1, 2, 4, 8, 16],
    "top_k_parallelism": [1, 2, 4, 8, 16, 32],
    "fetch_padding": [1, 2, 8],
    "requantise": ["eligible", "none"],
}
DRAM = {
    "memory.dram.controller": ["frfcfs_shared_queue", "bank_queues"],
    "memory.dram.organisation.channels": [1, 2, 4],
}
MACHINES = {"hdp_edge": HDP, "hdp_edge_split": HDP, "hdp_server": HDP, "dense": HDP,
            "spatten": SPATTEN, "spatten_eighth": SPATTEN, "spatten_rtl_artifact": RTL,
            "token_picker": TOKEN_PICKER, "leopard_ae": LEOPARD, "leopard_hp": LEOPARD,
            "leopard_base": LEOPARD, "sta": STA}
KINDS = {"hdp": [name for name, knobs in MACHINES.items() if knobs is HDP],
         "spatten": [name for name, knobs in MACHINES.items() if knobs is SPATTEN],
         "spatten_rtl": ["spatten_rtl_artifact"], "token_picker": ["token_picker"],
         "leopard": [name for name, knobs in MACHINES.items() if knobs is LEOPARD],
         "sta": ["sta"], "all": list(MACHINES)}
MEMORIES = ["ideal", "ddr4_3200aa", "ddr4_2400r", "lpddr4_3200", "hbm2_2000"]
UNLIMITED, PART = 0.02, 0.5
CHANGED = 0.35  # share of the settings that a draw changes


def write_odd_trace(rng, path):
    """Normal values in a shape that fits no machine."""
    kv_heads, group = rng.choice([1, 2, 3, 5]), rng.choice([1, 1, 1, 2, 3])
    n, d = rng.choice([1, 5, 17, 33, 71, 130]), rng.choice([7, 8, 16, 24, 64, 72])
    decode = rng.random() < 0.4
    n_ctx, steps = rng.choice([0, 4, 40, 300]), rng.choice([1, 3, 5])
    if decode:
        n = steps
    header = {"__metadata__": {"stage": "decode" if decode else "prefill",
                               "causal": "true" if decode or rng.random() < 0.4 else "false"}}
    if decode:
        header["__metadata__"].update(n_ctx=str(n_ctx), steps=str(steps))
    scale, data = rng.choice([0.5, 1, 3]), b""
    for layer in range(rng.choice([1, 2])):
        for tensor, heads, rows in (("q", kv_heads * group, n),
                                    ("k", kv_heads, n + n_ctx if decode else n),
                                    ("v", kv_heads, n + n_ctx if decode else n)):
            values = array.array("f", (rng.gauss(0, scale) for _ in range(heads * rows * d)))
            header[f"layers.{layer}.{tensor}"] = {
                "dtype": "F32", "shape": [heads, rows, d],
                "data_offsets": [len(data), len(data) + 4 * len(values)]}
            data += values.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def draw_trace(rng, folder, number):
    """The shipped trace, a synthetic one, or one of an odd shape."""
    if rng.random() < 0.5:
        path = folder / f"odd{number}.safetensors"
        write_odd_trace(rng, path)
        return str(path)
    if rng.random() < 0.2:
        return "minilm_sotu_n64"
    stage = rng.choice(["prefill", "decode"])
    model = rng.choice(["bert_tiny", "bert_base", "gpt2", "smollm2_135m"])
    settings = {"model": model, "stage": stage, "layers": rng.choice([1, 2]),
                "heads": rng.choice([3, 6, 9, 12]), "seed": rng.randrange(1000)}
    if stage == "prefill":
        settings["n"] = rng.choice([16, 40, 64, 100, 128, 200])
    else:
        settings.update(n_ctx=rng.choice([16, 100, 300, 600]), steps=rng.choice([1, 2, 4]))
    path = folder / f"trace{number}.json"
    path.write_text(json.dumps(settings))
    return str(path)


def draw_rows(rng, folder, number, program):
    """Rows of a generation, as the authors' bench reads them."""
    settings = {"model": "gpt2", "layers": rng.choice([1, 2]), "heads": rng.choice([2, 4, 12]),
                "prompt": rng.choice([60, 250, 700]), "generated": rng.choice([1, 2]),
                "keep": rng.choice(["1", "0.5"]), "value_keep": rng.choice(["1", "0.3"]),
                "requantise_share": rng.choice(["0", "0.5"]), "requantise_threshold": 0.1,
                "seed": rng.randrange(1000)}
    written = folder / f"rows{number}.json"
    written.write_text(json.dumps(settings))
    path = folder / f"rows{number}.csv"
    subprocess.run([program, "workload", "generate", str(written), "--out", str(path)], check=True,
                   capture_output=True)
    return str(path)


def draw(rng, folder, number, program, machines):
    """The arguments of a run."""
    machine = rng.choice(machines)
    rows = machine == "spatten_rtl_artifact" or (machine.startswith("spatten")
                                                 and rng.random() < 0.4)
    workload = draw_rows(rng, folder, number, program) if rows else draw_trace(rng, folder, number)
    changes = {path: rng.choice(values) for path, values in MACHINES[machine].items()
               if rng.random() < CHANGED}
    if MACHINES[machine] is HDP and machine != "dense" and rng.random() < 0.2:
        changes |= ESTIMATES | {path: rng.choice(values) for path, values in ESTIMATING.items()
                                if rng.random() < CHANGED}
    if machine != "spatten_rtl_artifact" and rng.random() < 0.7:
        changes["memory.model"] = rng.choice(MEMORIES)
        if changes["memory.model"] == "ideal":
            changes["memory.bandwidth_mb_per_s"] = rng.choice([500, 2_000, 8_000, 25_600, 200_000])
            changes["memory.latency_cycles"] = rng.choice([0, 30, 100, 500])
        else:
            changes.update((path, rng.choice(values)) for path, values in DRAM.items()
                           if rng.random() < CHANGED)
    return [machine, "-w", workload] + [f"--set={path}={value}" for path, value in changes.items()]


def play(program, arguments):
    """The arguments without the changes that would change nothing, and the report of that run with
    --what-if; no report where the machine refuses."""
    always = ["--what-if", "--json", "--baseline", "none", "-j", "1"]
    if not arguments[2].endswith(".csv"):  # rows have no outputs to compare
        always += ["--fidelity", "off"]
    while True:
        done = subprocess.run([program, "run", *arguments, *always], capture_output=True, text=True,
                              check=False)
        if done.returncode == 0:
            return arguments, json.loads(done.stdout)
        if done.returncode != 2:
            raise RuntimeError(f"{' '.join(arguments)}: exit {done.returncode}: {done.stderr}")
        ignored = re.match(r"hdpsim: ([\w.]+): \S+ changes nothing:", done.stderr)
        if not ignored:
            return arguments, None
        arguments = [a for a in arguments if not a.startswith(f"--set={ignored[1]}=")]


def judge(report):
    """(verdict, gain of the limiter, best gain, best resource)."""
    gains = [row for row in report["what_if"] if row["gain"] is not None]
    best = max(gains, key=lambda row: row["gain"])
    named = max((row["gain"] for row in gains if row["unit"] == report["limiter"]["name"]),
                default=0.0)
    if best["gain"] < UNLIMITED:
        return "unlimited", named, best["gain"], best["resource"]
    verdict = "confirmed" if named >= PART * best["gain"] else "REFUTED"
    return verdict, named, best["gain"], best["resource"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--kind", choices=KINDS, default="all", help="of the machines drawn")
    parser.add_argument("--seed", type=int, default=None, help="drawn and printed without it")
    parser.add_argument("--hdpsim", default=os.environ.get("HDPSIM", "hdpsim"))
    parser.add_argument("-j", "--threads", type=int, default=1, help="runs at a time")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    counts, refused = {"confirmed": 0, "REFUTED": 0, "unlimited": 0}, 0
    with tempfile.TemporaryDirectory() as name, \
            concurrent.futures.ThreadPoolExecutor(options.threads) as pool:
        folder, number = Path(name), 0
        while sum(counts.values()) < options.runs:
            batch = [draw(rng, folder, number + i, options.hdpsim, KINDS[options.kind])
                     for i in range(options.runs - sum(counts.values()))]
            number += len(batch)
            played = pool.map(lambda arguments: play(options.hdpsim, arguments), batch)
            for arguments, report in played:
                if report is None:
                    refused += 1
                    continue
                verdict, named, best, resource = judge(report)
                counts[verdict] += 1
                limiter = report["limiter"]
                print(f"{verdict:9} {limiter['name']:17} {100 * limiter['share']:5.1f} %  gains "
                      f"{100 * named:5.1f} %, best {100 * best:5.1f} % ({resource})  "
                      f"{' '.join(arguments).replace(name, '')}", flush=True)
    print(", ".join(f"{count} {word}" for word, count in counts.items()), f"({refused} refused)")
    return 1 if counts["REFUTED"] else 0


if __name__ == "__main__":
    sys.exit(main())
