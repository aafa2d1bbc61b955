# SPDX-License-Identifier: Apache-2.0
"""A sweep of as many points as are wanted, made of the reports of a small one by other numbers: playing them
all would take a test too long."""
import copy
import json
import random

VARIED = ("cycles", "time_ns", "units", "critical_path", "memory", "energy_pj", "performance", "error")


def line_of(point):
    return json.dumps(point, separators=(",", ":"))


def value_of(place, values):
    return round((place + 1) / values, 4)


def jittered(value, draw):
    """The same values with other numbers: as long, and not the same twice."""
    if isinstance(value, dict):
        return {key: jittered(inner, draw) for key, inner in value.items()}
    if isinstance(value, float):
        return value * draw.uniform(0.5, 1.0)
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value * draw.uniform(0.5, 1.0))
    return value


def lines(points, count, axes):
    """`count` points made of a few, over a grid of {path: how many values}."""
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
            changes[path] = value_of(place, values)
            config = config.replace(f'"@{path}@"', str(changes[path]))
        moved = line_of({"point": number, "set": changes} | {key: jittered(point[key], draw) for key in VARIED})
        yield f'{moved[:-1]},{rest},"config":{config}}}\n'


def enlarge(small, large, count, axes):
    """A folder `large` of `count` points, from `small`, which a sweep has made."""
    large.mkdir()
    sweep = json.loads((small / "sweep.json").read_text())
    sweep["axes"] = [{"path": path, "values": [value_of(place, values) for place in range(values)]}
                     for path, values in axes.items()]
    (large / "sweep.json").write_text(json.dumps(sweep))
    points = [json.loads(line) for line in (small / "points.jsonl").read_text().splitlines()]
    with open(large / "points.jsonl", "w", encoding="utf-8") as file:
        file.writelines(lines([point for point in points if point["status"] == "ok"], count, axes))
