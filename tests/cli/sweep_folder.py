# SPDX-License-Identifier: Apache-2.0
"""Folders as hdpsim sweep writes them, for tests of what reads them: of real runs, and as many more as are
wanted, made of them by other numbers."""
import copy
import itertools
import json
import random

from support import hdpsim

REFUSED = "tiles of 5 x 2 do not fit into blocks of 2 x 2; allowed: rows that are a multiple of 2"


def report(machine, workload, changes):
    flags = [flag for path, value in changes.items() for flag in ("--set", f"{path}={value}")]
    run = hdpsim("run", machine, "-w", workload, *flags, "--json")
    if run.returncode != 0:
        raise AssertionError(run.stderr.decode())
    return json.loads(run.stdout)


def points_of(machine, workload, axes):
    """A point for every combination of {path: values}, the last axis fastest."""
    for number, values in enumerate(itertools.product(*axes.values())):
        changes = dict(zip(axes, values))
        yield {"point": number, "set": changes, "status": "ok", **report(machine, workload, changes)}


def refused(number, changes, machine, workload):
    return {"point": number, "set": changes, "status": REFUSED, "machine": machine,
            "workload": {"name": workload}}


def write(folder, axes, points, machines=("hdp_edge",), workloads=("minilm_sotu_n64",)):
    """`axes` is what sweep.json has under that name."""
    folder.mkdir()
    (folder / "sweep.json").write_text(json.dumps({
        "format": "sweep-1", "machine": list(machines), "workload": list(workloads), "set": {}, "baseline": "same",
        "fidelity": True, "axes": axes, "sample": {"method": "grid", "count": None, "seed": None}}))
    with open(folder / "points.jsonl", "w", encoding="utf-8") as file:
        for point in points:
            file.write(json.dumps(point, separators=(",", ":")) + "\n")
    return folder


def jittered(value, draw):
    """The same report with other numbers: as long, and not the same twice."""
    if isinstance(value, dict):
        return {key: jittered(inner, draw) for key, inner in value.items()}
    if isinstance(value, float):
        return value * draw.uniform(0.5, 1.5)
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value * draw.uniform(0.5, 1.5))
    return value


def many(points, count, axes):
    """`count` points made of a few, over a grid of {path: how many values}."""
    draw = random.Random(16)
    for number in range(count):
        point = copy.deepcopy(points[number % len(points)])
        changes, rest = {}, number
        for path, values in axes.items():
            rest, place = divmod(rest, values)
            changes[path] = round((place + 1) / values, 4)
        for key in ("cycles", "time_ns", "units", "critical_path", "memory", "energy_pj", "performance", "error"):
            point[key] = jittered(point[key], draw)
        group = point["config"]
        for path, value in changes.items():
            *groups, name = path.split(".")
            target = group
            for part in groups:
                target = target[part]
            target[name] = value
        yield {**point, "point": number, "set": changes}
