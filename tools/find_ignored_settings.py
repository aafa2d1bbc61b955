#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes each setting of each kind in turn, and looks whether a number of the report follows.

usage: find_ignored_settings.py [KIND...] [--only PATTERN] [--hdpsim PROGRAM] [-j N] [--all]
Scenes set the stage: a DRAM or the ideal memory, pruning on or off, ...; in each of them the small
workloads of a form (prefill, decode, rows) are played. In some scene every setting must change a
number, but for the texts below. What a scene refuses as ignored must change nothing there either
when a machine's file says it, which may hold values for alternatives.
--all also lists, scene by scene, what was taken there and changed nothing: a workload that is too
small to show it, or a setting that should be refused there.
exit code 0: none; 1: a line per setting that never changes anything, or counts where it is refused
"""
import argparse
import concurrent.futures
import fnmatch
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import setting_space

# What is in truth only text, and why it may change no number.
TEXTS = {
    "name": "how reports call the machine",
    "energy.name": "how reports call the table",
    "*.source": "where a value comes from",
    "source": "where a value comes from",
    "*.standard": "what the device is; its values say the rest",
    "standard": "what the device is; its values say the rest",
    "*interface.leaves_out": "what the energies leave out",
    "memory.dram.name": "how reports call the memory",
    "energy_table": "read into `energy`",
}
# Of a report, what repeats the settings.
REPEATS = ("config", "config_sha256", "provenance", "machine", "remarks")

IDEAL = ("memory.model=ideal",)
RECALLED = ("energy_table=recalled_45nm",)
QUEUES = ("memory.dram.controller=bank_queues",)
CASCADE = ("cascade.token.keep=linear", "cascade.head.keep=linear")
SLEEP = ("memory.dram.power_down.when_idle=true",)
ESTIMATES = ("prune.split=floor", "prune.rho=-0.5", 'prune.probability={"threshold": 0.02}')
EDGE, SPATTEN, PICKER, LEOPARD = "hdp_edge", "spatten", "token_picker", "leopard_ae"
DDR4, HBM2 = "ddr4_2400r", "hbm2_2000"
LISTS = ((6, 6), (5, 6), (4, 8))  # of chunks
# Kind -> scene -> machine or memory, and its changes.
SCENES = {
    "hdp": {
        "as shipped": (EDGE,), "ideal memory": (EDGE, *IDEAL), "dense": (EDGE, "pruning=false"),
        "cascade, bank queues": (EDGE, *CASCADE, *QUEUES), "power-down": (EDGE, *SLEEP),
        "signed, split, heads": (EDGE, "prune.importance=signed", "prune.tau=1", "prune.rho=-0.2",
                                 "core.pe_array.precision=split", "prune.fraction_bits=auto"),
        "ranked blocks": (EDGE, "prune.rule=top_k"), "heads pruned": (EDGE, "prune.tau=100"),
        "recalled energies": (EDGE, *RECALLED),
        "tight": (EDGE, "core.k_sram.bytes=1024", "core.v_sram.bytes=512",
                  "core.score_store=recompute", "core.early_keep=true", "prune.tau=1",
                  "core.contexts=1"),
        "probability": (EDGE, *ESTIMATES, "prune.importance=signed"),
        "probability, tight": (EDGE, *ESTIMATES, *CASCADE, "core.k_sram.bytes=1024", "prune.tau=1"),
    },
    "token_picker": {
        "as shipped": (PICKER,), "ideal memory": (PICKER, *IDEAL),
        "recalled energies": (PICKER, *RECALLED), "bank queues": (PICKER, *QUEUES),
        "power-down": (PICKER, *SLEEP), "everything": (PICKER, "prune.estimation=false"),
        "in order, doubles": (PICKER, "prune.issue=in_order", "prune.exponential=double",
                              "prune.threshold=0.02", "slices_in_flight=2"),
        "tight": (PICKER, "scoreboard_entries=4", "kv_buffer.bytes=256", "slice_heads=1",
                  "slices_in_flight=1", "lane.lanes=2", "softmax.lanes=1"),
    },
    "leopard": {
        "as shipped": (LEOPARD,), "ideal memory": (LEOPARD, *IDEAL),
        "recalled energies": (LEOPARD, *RECALLED), "bank queues": (LEOPARD, *QUEUES),
        "power-down": (LEOPARD, *SLEEP), "everything": (LEOPARD, "prune.pruning=false"),
        "every bit": (LEOPARD, "prune.early_termination=false"), "one step": ("leopard_base",),
        "given": (LEOPARD, "prune.threshold=0.5", "prune.step_bits=3"),
        "tight": (LEOPARD, "score_fifo_entries=2", "key_buffer_bytes=480", "row_buffer_bytes=200",
                  "value_buffer_bytes=640", "dot_product.units=8", "value.macs=8"),
    },
    "sta": {
        "as shipped": ("sta",), "ideal memory": ("sta", *IDEAL),
        "recalled energies": ("sta", *RECALLED), "bank queues": ("sta", *QUEUES),
        "power-down": ("sta", *SLEEP), "dense": ("sta", 'layer={"kept": 0, "of": 0}'),
        "tight": ("sta", "array.rows=4", "layer.weight_buffer_bytes=1024",
                  "score_buffer_bytes=4096", "softmax.lanes=1", "layer.vector_lanes=1"),
    },
    "spatten": {
        "as shipped": (SPATTEN,), "ideal memory": (SPATTEN, *IDEAL),
        "recalled energies": (SPATTEN, *RECALLED),
        "bank queues": (SPATTEN, *QUEUES), "one part": (SPATTEN, "prune.progressive=false"),
        "prefill pruned": (SPATTEN, "prune.prefill_progressive=true",
                           "prune.prefill_value_pruning=true"),
        "eighth": ("spatten_eighth", "top_k.parallelism=4", "heads_in_flight=2"),
        "power-down": (SPATTEN, *SLEEP),
    },
    "spatten_rtl": {"as shipped": ("spatten_rtl_artifact",),
                    "no row again": ("spatten_rtl_artifact", "requantise=none")},
    "memory": {
        "as shipped": (DDR4,), "bank queues": (DDR4, "controller=bank_queues"),
        "two ranks": (DDR4, "organisation.ranks=2"),
        "two ranks, bank queues": (DDR4, "organisation.ranks=2", "controller=bank_queues"),
        "closed rows": (DDR4, "row_policy=closed"), "no refresh": (DDR4, "refresh=false"),
        "slow ACT": (DDR4, "timing.act_cycles=2"), "pseudo-channels": (HBM2,),
        "power-down": (DDR4, "power_down.when_idle=true"),
    },
}


def value_at(config, path):
    for name in path.split("."):
        config = config.get(name) if isinstance(config, dict) else None
    return config


def values_near(setting, value):
    """Other values of a setting, as --set takes them: near the present one first, then the ends."""
    values = [word for word in setting.words]
    if setting.type == "boolean":
        values += ["true", "false"]
    if setting.type in ("integer", "number"):
        base = value if isinstance(value, (int, float)) else 8
        near = [base * 2, base // 2 if setting.type == "integer" else base / 2, base + 1, base - 1,
                base * 8, base // 8, setting.low, 64]
        near += [] if setting.type == "integer" else [base + 0.1, base - 0.1, 0.9]
        values += [v for v in near if setting.low <= v <= setting.high and v != base]
    if setting.listed:
        values += [[0, 3], *([first, rest] for first, rest in LISTS)]
    if setting.type == "string":
        values += {"keep": ["linear", "0.5", "0.9, 0.5"],
                   "map": ["ro co ba bg ra ch", "ro ba bg ra co ch", "ch ro ba bg ra co",
                           "ro ba bg co pc ch"],
                   "model": ["ideal", "hbm2_2000"]}.get(setting.path.rsplit(".", 1)[-1], ["other"])
    texts = [v if isinstance(v, str) else json.dumps(v) for v in values]
    return [text for text in dict.fromkeys(texts) if text not in (value, json.dumps(value))]


def as_json(value):
    try:
        return json.loads(value)
    except ValueError:
        return value


def numbers(report):
    return {key: value for key, value in report.items() if key not in REPEATS}


class Search:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        trace = setting_space.write_trace
        forms = {
            "prefill": [("-w", trace(folder / "prefill.safetensors", 1, layers=2, heads=4,
                                     kv_heads=4, queries=24, size=16)),
                        ("-w", trace(folder / "long.safetensors", 3, causal=False, layers=3,
                                     heads=4, kv_heads=4, queries=96, size=32))],
            "decode": [("-w", trace(folder / "decode.safetensors", 2, context=40, layers=3, heads=4,
                                    kv_heads=2, queries=2, size=16))]}
        rows = ("-w", setting_space.write_rows(
            program, folder / "rows.csv", "prompt=200", "generated=2", "layers=2", "heads=4",
            "keep=0.9, 0.6", "head_keep=1", "value_keep=0.7", "requantise_share=0.4"))
        streams = [("--pattern", name, "--limit", "4000") for name in
                   ("seq", "rand", "mix3", "attn128s")]
        seldom = folder / "seldom.txt"  # ranks idle between requests, past refreshes
        seldom.write_text("".join(f"R {line * 8256} {line * 3000}\n" for line in range(40)))
        streams.append(("--requests", seldom))
        self.workloads = {"hdp": forms, "token_picker": forms, "leopard": forms, "sta": forms,
                          "spatten": {**forms, "rows": [rows]},
                          "spatten_rtl": {"rows": [(*rows, "--rows", "12")]},
                          "memory": {"requests": streams}}

    def machine_file(self, base, changes):
        """A file over `base` with `path=value` changes; it may hold what the scene ignores."""
        name = hashlib.sha256(repr((str(base), changes)).encode()).hexdigest()[:16]
        file = self.folder / f"{name}.json"
        if not file.exists():
            machine = {"base": str(base)}
            for change in changes:
                path, _, value = change.partition("=")
                *groups, last = path.split(".")
                group = machine
                for step in groups:
                    group = group.setdefault(step, {})
                group[last] = as_json(value)
            file.write_text(json.dumps(machine))
        return file

    def report(self, kind, scene, workload, change=None, machine=None):
        """The report; the line of a refusal as text."""
        shipped, *changes = SCENES[kind][scene]
        if kind != "memory":
            shipped, changes = self.machine_file(shipped, changes), []
        machine = machine or shipped
        command = [self.program, "dram" if kind == "memory" else "run", machine, *workload, "--json"]
        if kind != "memory":
            command += ["--baseline", "none", "--detail"]
        for setting in (*changes, *([change] if change else [])):
            command += ["--set", setting]
        run = subprocess.run([str(word) for word in command], capture_output=True, check=False,
                             cwd=self.folder)
        if run.returncode != 0:
            return run.stderr.decode().strip()
        return json.loads(run.stdout)

    def counts_in_a_file(self, kind, scene, workload, known, path, value):
        """Whether a machine's file with the value gives other numbers than without."""
        if kind == "memory":
            return False  # its files extend no other
        shipped, *changes = SCENES[kind][scene]
        # A file over the scene's: its settings are behind the change as those of --set would be.
        file = self.machine_file(self.machine_file(shipped, changes), [f"{path}={value}"])
        after = self.report(kind, scene, workload, machine=file)
        return isinstance(after, dict) and numbers(after) != numbers(known)

    def verdict(self, kind, scene, form, setting, before):
        """changes; nothing: some value was taken and changed nothing; wrongly refused; refused."""
        nothing = False
        for value in values_near(setting, value_at(before[0]["config"], setting.path)):
            for workload, known in zip(self.workloads[kind][form], before):
                after = self.report(kind, scene, workload, f"{setting.path}={value}")
                if isinstance(after, str):
                    if "changes nothing" in after and self.counts_in_a_file(
                            kind, scene, workload, known, setting.path, value):
                        return "wrongly refused"
                    continue
                if numbers(after) != numbers(known):
                    return "changes"
                nothing = True
        return "nothing" if nothing else "refused"


def look(search, kind, only, pool):
    """Setting -> scene and form -> verdict."""
    settings = [setting for setting in setting_space.settings_of(search.program, kind)
                if fnmatch.fnmatch(setting.path, only)]
    asked = {}
    for scene, (_, *changes) in SCENES[kind].items():
        own = {change.partition("=")[0] for change in changes}
        for form, workloads in search.workloads[kind].items():
            before = [search.report(kind, scene, workload) for workload in workloads]
            for mistake in (text for text in before if isinstance(text, str)):
                sys.exit(f"{kind}, {scene}: {mistake}")
            for setting in (setting for setting in settings if setting.path not in own):
                asked.setdefault(setting.path, {})[f"{scene}, {form}"] = pool.submit(
                    search.verdict, kind, scene, form, setting, before)
    return {path: {scene: job.result() for scene, job in jobs.items()}
            for path, jobs in asked.items()}


def reason_for_text(path):
    return next((why for pattern, why in TEXTS.items() if fnmatch.fnmatch(path, pattern)), None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kinds", nargs="*", default=list(SCENES), metavar="KIND")
    parser.add_argument("--only", default="*", help="settings, as a shell's pattern")
    parser.add_argument("--hdpsim", default="build/release/tools/hdpsim/hdpsim")
    parser.add_argument("-j", type=int, default=os.cpu_count())
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    found = 0
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(arguments.j) as pool:
        search = Search(str(pathlib.Path(arguments.hdpsim).resolve()), pathlib.Path(folder))
        for kind in arguments.kinds:
            if kind not in SCENES:
                parser.error(f"{kind} is none of {', '.join(SCENES)}")
            verdicts = look(search, kind, arguments.only, pool)
            for path, scenes in verdicts.items():
                text = reason_for_text(path)
                for scene in (s for s, verdict in scenes.items() if verdict == "wrongly refused"):
                    print(f"{kind} {path}: refused but counts where: {scene}")
                    found += 1
                if text is None and "changes" not in scenes.values():
                    print(f"{kind} {path}: never changes anything")
                    found += 1
                elif text is None and arguments.all:
                    for scene in (scene for scene, is_ in scenes.items() if is_ == "nothing"):
                        print(f"  {kind} {path}: nothing where: {scene}")
            print(f"{kind}: {len(verdicts)} settings in {len(SCENES[kind])} scenes, "
                  f"{sum(reason_for_text(path) is not None for path in verdicts)} are text")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
