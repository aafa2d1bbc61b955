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


def line_of(point):
    return json.dumps(point, separators=(",", ":"))


def write(folder, axes, lines, machines=("hdp_edge",), workloads=("minilm_sotu_n64",)):
    """`axes` is what sweep.json has under that name."""
    folder.mkdir()
    (folder / "sweep.json").write_text(json.dumps({
        "format": "sweep-1", "machine": list(machines), "workload": list(workloads), "set": {}, "baseline": "same",
        "fidelity": True, "axes": axes, "sample": {"method": "grid", "count": None, "seed": None}}))
    with open(folder / "points.jsonl", "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
    return folder


def jittered(value, draw):
    """The same values with other numbers: as long, and not the same twice."""
    if isinstance(value, dict):
        return {key: jittered(inner, draw) for key, inner in value.items()}
    if isinstance(value, float):
        return value * draw.uniform(0.5, 1.0)
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value * draw.uniform(0.5, 1.0))
    return value


VARIED = ("cycles", "time_ns", "units", "critical_path", "memory", "energy_pj", "performance", "error")


def many(points, count, axes):
    """Lines of `count` points made of a few, over a grid of {path: how many values}."""
    draw = random.Random(16)
    parts = []
    for point in points:
        config = copy.deepcopy(point["config"])
        for path in axes:
            *groups, name = path.split(".")
            group = config
            for part in groups:
                group = group[part]
            group[name] = f"@{path}@"
        rest = {key: value for key, value in point.items() if key not in (*VARIED, "config", "point", "set")}
        parts.append((point, line_of(rest)[1:-1], line_of(config)))
    for number in range(count):
        point, rest, config = parts[number % len(parts)]
        changes, left = {}, number
        for path, values in axes.items():
            left, place = divmod(left, values)
            changes[path] = round((place + 1) / values, 4)
            config = config.replace(f'"@{path}@"', str(changes[path]))
        moved = line_of({"point": number, "set": changes} | {key: jittered(point[key], draw) for key in VARIED})
        yield f'{moved[:-1]},{rest},"config":{config}}}'
