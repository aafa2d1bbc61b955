# SPDX-License-Identifier: Apache-2.0
"""The data of a page (format page-1), and the choices that the page makes of them: assets/page/data.js."""
import dataclasses
import json
import re

from plot.mistake import Mistake, known
from plot.shape import Misshapen, amount, count, maybe, number, scale, setting, taken, text

FORMAT = "page-1"
DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
A_PAGE = "a file of hdpsim report DIR... --html FILE"

PARTS = [(count, amount)]
SPREAD = {"workload": count, "metric": text, "values": [maybe((count, number, number, number))]}
MAP = {"sequence": count, "layer": count, "head": count, "queries": count, "keys": count, "cell_queries": count,
       "cell_keys": count, "kept": [count], "allowed": [count]}
SHAPE = {
    "names": [text],
    "metrics": [{"name": text, "title": text, "scale": scale}],
    "studies": [{"name": text, "kind": text,
                 "axes": [{"paths": [text], "labels": [text], "spreads": [SPREAD]}]}],
    "points": [{"study": count, "number": count, "machine": count, "workload": count, "axes": [setting],
                "status?": text, "step?": count, "baseline?": count, "figures?": [maybe(number)],
                "path?": PARTS, "energy?": PARTS, "bytes?": PARTS, "maps?": [MAP]}],
    "fronts": [{"workload": count, "cost": text, "error": text, "points": [count]}],
}


@dataclasses.dataclass(frozen=True)
class Point:
    """A run; `parts` are the pairs (name, value) of its path, energy and bytes."""
    index: int
    study: int
    number: int
    ok: bool
    machine: str
    workload: str
    step: str
    baseline: str
    axes: list
    figures: list
    parts: dict
    maps: list  # what heads kept


def _checked(head, path):
    """A map whose cells are as many as it says."""
    sides = [-(-head[extent] // head[cell]) if head[cell] else 0
             for extent, cell in (("queries", "cell_queries"), ("keys", "cell_keys"))]
    if not 1 <= sides[0] * sides[1] <= 64 * 64 or {len(head["kept"]), len(head["allowed"])} != {sides[0] * sides[1]}:
        raise Misshapen(f"{path}: is not a count a cell, of at most 64 x 64")
    if any(kept > allowed for kept, allowed in zip(head["kept"], head["allowed"])):
        raise Misshapen(f"{path}: keeps more than is allowed")
    return head


def setting_text(value):
    """A value of a setting as the page writes it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def last_of(study):
    """What a study is called where there are several: the last part of its path."""
    return study["name"].rstrip("/").split("/")[-1] or study["name"]


class Page:
    """The points of one workload: the first one, until `choose` says another. Makes no figure of its own."""

    def __init__(self, data):
        names = data["names"]
        self.metrics = {metric["name"]: metric for metric in data["metrics"]}
        self.studies = data["studies"]
        self._places = {name: place for place, name in enumerate(self.metrics)}
        self.points = [self._point(index, raw, names) for index, raw in enumerate(data["points"])]
        self._fronts = {(names[front["workload"]], front["cost"], front["error"]): [
            self.points[index] for index in front["points"]] for front in data["fronts"]}
        self._spreads = [{(names[spread["workload"]], spread["metric"]): spread["values"]
                          for spread in axis["spreads"]} for study in self.studies for axis in study["axes"]]
        self.workloads = list(dict.fromkeys(point.workload for point in self.points))
        self.workload = self.workloads[0] if self.workloads else ""

    def _point(self, index, raw, names):
        def name(key):
            return names[raw[key]] if key in raw else ""

        figures = raw.get("figures", [])
        paths = sum(len(axis["paths"]) for axis in self.studies[raw["study"]]["axes"])
        if len(raw["axes"]) != paths:
            raise Misshapen(f"points[{index}].axes: is not a value a path of its study")
        if len(figures) not in (0, len(self.metrics)):
            raise Misshapen(f"points[{index}].figures: is not a figure a metric")
        return Point(index, raw["study"], raw["number"], "status" not in raw, name("machine"), name("workload"),
                     name("step"), name("baseline"), raw["axes"], figures,
                     {kind: [(names[part], value) for part, value in raw.get(kind, [])]
                      for kind in ("path", "energy", "bytes")},
                     [_checked(head, f"points[{index}].maps[{at}]") for at, head in enumerate(raw.get("maps", []))])

    def choose(self, workload):
        self.workload = known("--workload", workload, self.workloads)

    def played(self):
        """The points of the chosen workload that no machine refused."""
        return [point for point in self.points if point.ok and point.workload == self.workload]

    def figure(self, point, metric):
        """A figure of a point in the unit of its title; None where it has none."""
        place = self._places.get(metric, len(point.figures))
        value = point.figures[place] if place < len(point.figures) else None
        return None if value is None else value * self.metrics[metric]["scale"]

    def title(self, metric):
        return self.metrics[metric]["title"].replace("[u", "[µ").replace("^2", "²")

    def front(self, cost, error):
        """The Pareto front, which the page carries, from the least cost up."""
        return self._fronts.get((self.workload, cost, error), [])

    def axes(self):
        """(study, axis, {metric: [count, least, median, most] or None a label}) of every axis of a sweep."""
        pairs = [(study, axis) for study in self.studies for axis in study["axes"]]
        return [(study, axis, {metric: values for (workload, metric), values in spreads.items()
                               if workload == self.workload})
                for (study, axis), spreads in zip(pairs, self._spreads)]

    def paths(self):
        """The settings that axes change, each once, with the place of its value in a study's points."""
        paths = {}
        for index in range(len(self.studies)):
            for place, path in enumerate(self._paths_of(index)):
                paths.setdefault(path, {})[index] = place
        return paths

    def _paths_of(self, study):
        return [path for axis in self.studies[study]["axes"] for path in axis["paths"]]

    def label(self, point):
        """What a point is called in figures."""
        study = self.studies[point.study]
        several = len(self.studies) > 1
        prefix = f"{last_of(study)} " if several else ""
        if study["kind"] == "sweep":
            return f"{prefix}point {point.number}"
        if study["kind"] == "run":
            return last_of(study) if several else point.machine
        if not point.step:
            return prefix + point.machine
        alone = all(other.machine == point.machine for other in self.points if other.study == point.study)
        return prefix + (point.step if alone else f"{point.machine} {point.step}")

    def long_label(self, point):
        """The same with the values of its axes, where runs are told apart by those."""
        paths = self._paths_of(point.study)
        values = [f"{path}={setting_text(value)}" for path, value in zip(paths, point.axes) if path != "machine"]
        machine = f" {point.machine}" if "machine" in paths else ""
        return f"{self.label(point)}{machine}{': ' if values else ''}{', '.join(values)}"


def _no_number(name):
    raise ValueError(f"{name} is no number")


def read_page(path):
    """The page of a file."""
    try:
        found = DATA.search(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise Mistake(path, error.strerror, A_PAGE) from None
    except UnicodeDecodeError:
        raise Mistake(path, "is no text in UTF-8", A_PAGE) from None
    if not found:
        raise Mistake(path, "has no data of a page in it", A_PAGE)
    try:
        data = json.loads(found.group(1), parse_constant=_no_number)
        form = taken(data, {"format": text})["format"]
        if form != FORMAT:
            raise Mistake(path, f"its data have the format {form[:40]}", FORMAT)
        return Page(taken(data, SHAPE))
    except Misshapen as wrong:
        raise Mistake(path, str(wrong), f"data of format {FORMAT}") from None
    except (ValueError, RecursionError) as wrong:
        raise Mistake(path, f"its data are no JSON ({wrong})", A_PAGE) from None
    except IndexError:
        raise Mistake(path, "an index of its data is outside its list", f"data of format {FORMAT}") from None
