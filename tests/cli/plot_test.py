# SPDX-License-Identifier: Apache-2.0
"""tools/plot.py: the figures of a page as PDF, at both widths: no text cut or on another, nothing empty, the numbers of
the page. Ends with 77, which is no failure, where there is no matplotlib."""
import contextlib
import copy
import importlib.util
import io
import json
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import unittest

DEBIAN = "/usr/bin/python3"  # has the packages of Debian, whatever Python comes first
try:
    import matplotlib  # noqa: F401
except ImportError:
    if sys.executable != DEBIAN and subprocess.run([DEBIAN, "-c", "import matplotlib"], check=False,
                                                   stderr=subprocess.DEVNULL).returncode == 0:
        os.execv(DEBIAN, [DEBIAN, "-B", *sys.argv])
    print("SKIPPED: no matplotlib; tools/setup test installs it (python3-matplotlib)")
    sys.exit(77)

from support import HDPSIM, SOURCE, TRACE, CliTest, hdpsim

sys.path.insert(0, str(SOURCE / "tools"))
import plot_audit
from plot import figures, machines, maps, parallel, roofline, stacks, style, words
from plot.choice import COSTS, ERRORS, Choice
from plot.mistake import Mistake, NothingToDraw
from plot.page import read_page

PLOT = SOURCE / "tools/plot.py"
EVERY = list(figures.FIGURES)
ALL = [name for name in EVERY if name != "maps"]  # of a sweep
NO_MAPS = "plot.py: maps is left out: needs a run with --map LAYER:HEAD\n"
OF_SWEEP = "a file of hdpsim report DIR... --html FILE"
SWEEP = {"machine": "hdp_edge_split", "workload": TRACE, "axes": [
    {"path": "prune.rho", "values": [-0.5, 0, 0.5, 7]}, {"path": "prune.tau", "values": [0, 2]},
    {"path": "prune.importance", "values": ["signed", "absolute"]}]}
LONG = "an_accelerator_of_a_very_long_name_" * 4
STRANGE = "_a$b$ \\frac{x} \x07\n</script> 漢字 \ud800 " + "word " * 400


def plot(*arguments, cwd, **more):
    return subprocess.run([sys.executable, "-B", PLOT, "--hdpsim", HDPSIM, *map(str, arguments)], cwd=cwd,
                          capture_output=True, text=True, check=False, **more)


def main_of_program():
    """plot.py in this process, where nothing has to be imported again."""
    spec = importlib.util.spec_from_file_location("plot_program", PLOT)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    return program.main


def dominates(a, b):
    """As good in both and better in one."""
    return a[0] <= b[0] and a[1] <= b[1] and a != b


class PlotTest(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folders = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.main = staticmethod(main_of_program())
        (cls.folders / "sweep.json").write_text(json.dumps(SWEEP))
        for arguments in (["sweep", "sweep.json", "--out", "sweep"],
                          ["compare", "hdp_edge", "spatten", "dense", "token_picker", "-w", TRACE, "--out", "table"],
                          ["ablate", "hdp_edge", "-w", TRACE, "--out", "steps"],
                          ["run", "hdp_edge", "-w", TRACE, "--map", "0:3,2:5,5:11", "--out", "run"]):
            hdpsim(*arguments, cwd=cls.folders).check_returncode()
        cls.data = {}
        for name, folders in (("sweep", ["sweep"]), ("table", ["table"]), ("run", ["run"]),
                              ("mixed", ["table", "steps", "run"])):
            hdpsim("report", *folders, "--html", f"{name}.html", cwd=cls.folders).check_returncode()
            text = (cls.folders / f"{name}.html").read_text()
            cls.data[name] = json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL).group(1))

    def page_file(self, data, name="page.html"):
        text = data if isinstance(data, str) else json.dumps(data).replace("<", "\\u003c")
        return self.file(name, f'<script type="application/json" id="data">{text}</script>')

    def page(self, data):
        return read_page(self.page_file(data))

    def draw(self, name, data, **choice):
        return figures.draw(name, self.page(data) if isinstance(data, dict) else data, Choice(**choice))

    def plot(self, *arguments):
        """Exit code, stdout and stderr."""
        out, said = io.StringIO(), io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
            code = self.main(["--hdpsim", HDPSIM, *map(str, arguments)])
        return code, out.getvalue(), said.getvalue().replace(str(self.folder), "FOLDER")

    def audit(self, data, expected):
        """Every figure at both widths; `expected` are those that are there."""
        page, drawn = self.page(data), set()
        for name in EVERY:
            for width in style.WIDTHS.values():
                try:
                    figure = figures.draw(name, page, Choice(width))
                except NothingToDraw:
                    continue
                drawn.add(name)
                self.assertEqual(plot_audit.wrong_with(figure, width), [], f"{name}, {width} in")
        self.assertEqual(drawn, set(expected))

    # What is drawn.

    def test_of_a_sweep_no_text_is_cut_and_no_figure_is_empty(self):
        self.audit(self.data["sweep"], ALL)

    def test_of_a_run_tables_and_all_together(self):
        self.audit(self.data["run"], ["ratios", "cycles", "energy", "bytes", "roofline", "maps"])
        self.audit(self.data["table"], ["front", "ratios", "roofline", "parallel"])
        self.audit(self.data["mixed"], [name for name in EVERY if name != "sensitivity"])

    def test_of_two_points(self):
        data = copy.deepcopy(self.data["sweep"])
        data["points"] = [data["points"][at] for at in (0, 11)]
        data["fronts"] = [front | {"points": [0, 1]} for front in data["fronts"]]
        self.audit(data, ALL)

    def many(self, machines_of=1):
        """1,000 points by other numbers, of several machines."""
        data, draw = copy.deepcopy(self.data["sweep"]), random.Random(7)
        first = len(data["names"])
        data["names"] += [f"machine_{at}" for at in range(machines_of)]
        some = [point for point in data["points"] if "figures" in point]
        data["points"] = [some[at % len(some)] | {
            "number": at, "machine": first + at % machines_of,
            "figures": [value and value * draw.uniform(0.01, 1) for value in some[at % len(some)]["figures"]]}
            for at in range(1000)]
        return data

    def test_of_a_thousand_points_and_twenty_machines(self):
        self.audit(self.many(20), [name for name in ALL if name != "ratios"])

    def test_of_long_and_strange_names(self):
        data = copy.deepcopy(self.data["sweep"])
        data["names"] = [name if name == data["names"][data["points"][0]["workload"]] else f"{STRANGE}{at}"
                         for at, name in enumerate(data["names"])]
        for axis in data["studies"][0]["axes"]:
            axis["paths"] = [f"{STRANGE}.{path}" for path in axis["paths"]]
            axis["labels"] = [f"{LONG}{label}" for label in axis["labels"]]
        self.audit(data, ALL)

    def test_in_grey_series_differ(self):
        marks = machines.marks_of([str(at) for at in range(machines.MOST)])
        looks = {(mark["marker"], mark["facecolor"] == style.PAPER) for mark in marks.values()}
        self.assertEqual(len(looks), machines.MOST)
        self.assertEqual(len(set(style.HATCHES)), stacks.MOST_SERIES)
        data = self.data["sweep"]
        for name in ("cycles", "energy", "bytes", "ratios"):
            axes = self.draw(name, data).axes[0]
            hatches = [bars[0].get_hatch() for bars in axes.containers]
            self.assertEqual(len(set(hatches)), len(hatches), name)

    # The numbers.

    def figures_of(self, data, metric):
        place, scale = next((at, one["scale"]) for at, one in enumerate(data["metrics"]) if one["name"] == metric)
        return [point["figures"][place] * scale if "figures" in point and point["figures"][place] is not None else None
                for point in data["points"]]

    def test_a_front_worked_by_hand(self):
        #       A        B        C (twice)        D: worse than B  E: as slow as C   F: none of an error
        pairs = [(1, 9), (2, 5), (4, 3), (4, 3), (3, 6), (4, 4), (2, None)]
        data = {"format": "page-1", "names": ["m", "w"], "fronts": [
            {"workload": 1, "cost": "time_ns", "error": "mass_lost", "points": [0, 1, 2, 3]}],
            "metrics": [{"name": "time_ns", "title": "time [us]", "scale": 0.5},
                        {"name": "mass_lost", "title": "mass lost [%]", "scale": 10}],
            "studies": [{"name": "s", "kind": "sweep", "axes": []}],
            "points": [{"study": 0, "number": at, "machine": 0, "workload": 1, "axes": [], "figures": list(pair)}
                       for at, pair in enumerate(pairs)]}
        axes = self.draw("front", data).axes[0]
        line, = axes.lines
        self.assertEqual([tuple(at) for at in line.get_xydata()], [(0.5, 90), (1, 50), (2, 30), (2, 30)])
        self.assertEqual(line.get_drawstyle(), "steps-post")
        others, on = axes.collections
        self.assertEqual([tuple(at) for at in others.get_offsets()], [(1.5, 60), (2, 40)])
        self.assertEqual(len(on.get_offsets()), 4)
        self.assertEqual((axes.get_xlabel(), axes.get_ylabel()), ("time [µs]", "mass lost [%]"))

    def test_the_front_is_what_no_other_point_beats(self):
        for name in ("sweep", "table", "mixed"):
            data = self.data[name]
            for cost in COSTS:
                for error in ERRORS:
                    all_of = [pair for pair in zip(self.figures_of(data, cost), self.figures_of(data, error))
                              if None not in pair]
                    front = sorted(a for a in all_of if not any(dominates(b, a) for b in all_of))
                    axes = self.draw("front", data, cost=cost, error=error).axes[0]
                    self.assertEqual([tuple(at) for at in axes.lines[0].get_xydata()], front, (name, cost, error))
                    drawn = [tuple(at) for points in axes.collections for at in points.get_offsets()]
                    self.assertEqual(sorted(drawn), sorted(all_of))

    def test_bars_are_the_parts_of_the_page(self):
        data = self.data["sweep"]
        points = [point for point in data["points"] if "figures" in point]
        for name, field, scale, title in (("cycles", "path", 1, "cycles"), ("energy", "energy", 1e-6, "energy [µJ]"),
                                          ("bytes", "bytes", 1, "DRAM bytes")):
            axes = self.draw(name, data).axes[0]
            self.assertEqual(axes.get_xlabel(), title)
            for row in zip(*axes.containers):  # each part begins where the one before ends
                ends = [0, *(bar.get_x() + bar.get_width() for bar in row)]
                for bar, end in zip(row, ends):
                    self.assertAlmostEqual(bar.get_x(), end)
            bars = {bar.get_label(): [patch.get_width() for patch in bar] for bar in axes.containers}
            parts = [{data["names"][part]: value * scale for part, value in point[field]} for point in points]
            for series, widths in bars.items():
                expected = [part.get(series, 0) if series != stacks.OTHERS else
                            sum(value for other, value in part.items() if other not in bars) for part in parts]
                for width, value in zip(widths, expected, strict=True):
                    self.assertAlmostEqual(width, value, delta=1e-9 * max(1, value))
        ratios = self.draw("ratios", data).axes[0].containers
        for bars, metric in zip(ratios, ("speedup", "energy_ratio"), strict=True):
            self.assertEqual([bar.get_width() for bar in bars],
                             [value for value in self.figures_of(data, metric) if value is not None])

    def test_of_many_runs_the_first_or_the_front_have_bars(self):
        data = self.many()
        data["fronts"] = [front | {"points": [5, 900]} for front in data["fronts"]]
        page = self.page(data)
        self.assertEqual(len(self.draw("cycles", page).axes[0].containers[0]), stacks.MOST_BARS)
        said = " ".join(text.get_text() for text, _ in plot_audit.texts_of(self.draw("cycles", page)))
        self.assertTrue("point 0:" in said and f"point {stacks.MOST_BARS - 1}:" in said, said)
        self.assertEqual(len(self.draw("cycles", page, runs="front").axes[0].containers[0]), 2)
        with self.assertRaisesRegex(NothingToDraw, "1000 runs have a baseline, at most 16"):
            self.draw("ratios", page)

    def test_the_roofline(self):
        data = self.data["table"]
        axes = self.draw("roofline", data).axes[0]
        drawn = sorted(tuple(at) for points in axes.collections for at in points.get_offsets())
        expected = sorted((a / 2, b / 2) for a, b in zip(self.figures_of(data, "ops_per_byte"),
                                                         self.figures_of(data, "gop_per_s")) if a and b)
        self.assertEqual(drawn, expected)
        # 100 G/s under 20 GB/s: up to 5 multiply-adds a byte the bandwidth, then all multipliers.
        self.assertEqual(roofline.line_of((100, 20), 1, 1, 50), [(1, 20), (5, 100), (50, 100)])
        self.assertEqual(roofline.line_of((100, 20), 2, 1, 50), [(1, 20), (10, 200), (50, 200)])
        runs = [roofline.Run("m", 1, 1, roof, 1) for roof in [(at, 10) for at in range(1, 10)] + [(5, 1), (5, 99)]]
        self.assertEqual(set(roofline.roofs_of(runs)), {(1, 10), (9, 10), (5, 1), (5, 99)})

    def test_sensitivity_is_the_spread_of_each_value(self):
        data = self.data["sweep"]
        for metric in ("time_ns", "mass_lost"):
            scale = next(one["scale"] for one in data["metrics"] if one["name"] == metric)
            figure = self.draw("sensitivity", data, metric=metric)
            for axes, axis in zip(figure.axes, data["studies"][0]["axes"], strict=True):
                spread = next(one["values"] for one in axis["spreads"] if one["metric"] == metric)
                self.assertEqual(list(axes.lines[0].get_xdata()), [scale * value[2] for value in spread])
                for bar, (_, least, _, most) in zip(axes.patches, spread, strict=True):
                    self.assertAlmostEqual(bar.get_x(), scale * least)
                    self.assertAlmostEqual(bar.get_x() + bar.get_width(), scale * most)
                self.assertEqual([text.get_text() for text in axes.get_yticklabels()], axis["labels"])

    def test_parallel_coordinates(self):
        self.assertEqual(parallel.row_of("x", [3, 1, None, 2]).places, [1, 0, None, 0.5])
        self.assertEqual(parallel.row_of("x", ["b", "a", "b", "c"]).places, [0, 0.5, 0, 1])
        self.assertEqual(parallel.row_of("x", ["b", "a", 1.0]).words, ["b", "a", "1"])
        self.assertIsNone(parallel.row_of("x", [2, 2, None]))
        axes = self.draw("parallel", self.data["sweep"]).axes[0]
        drawn = {one.get_label(): one.get_segments() for one in axes.collections}
        played = [point for point in self.data["sweep"]["points"] if "figures" in point]
        self.assertEqual(len(drawn["points"]) + len(drawn["front"]), len(played))
        rho = {0: -0.5, 0.5: 0, 1: 0.5}
        self.assertEqual(sorted(rho[line[0][0]] for line in [*drawn["points"], *drawn["front"]]),
                         sorted(point["axes"][0] for point in played))

    def test_maps_of_heads(self):
        head = {"sequence": 0, "layer": 1, "head": 2, "queries": 3, "keys": 5, "cell_queries": 2, "cell_keys": 2,
                "kept": [0, 0, 2, 1, 2, 0], "allowed": [4, 4, 2, 2, 2, 0]}
        self.assertEqual(list(maps.runs_of(head)),
                         [(0, 2, 0, 4, 0), (0, 2, 4, 5, 1), (2, 3, 0, 2, 0.5), (2, 3, 2, 4, 1)])
        self.assertEqual(maps.title_of(head, True), "sequence 0, layer 1, head 2: 35.7 %")
        self.assertEqual([maps.shades(share) for share in (0, 1)], [maps.NONE, style.INK])
        data = copy.deepcopy(self.data["run"])
        data["points"][0]["maps"] = [head] * 20
        page = self.page(data)
        for width in style.WIDTHS.values():
            said = []
            figure = figures.draw("maps", page, Choice(width, say=said.append))
            self.assertEqual((len(figure.axes), said), (maps.MOST_MAPS, ["maps are the first 12 of 20"]))
            self.assertEqual(plot_audit.wrong_with(figure, width), [])
            self.assertLess(figure.get_figheight(), style.MOST_HEIGHT)
        for change in ({"keys": 7}, {"cell_keys": 0}, {"kept": [5, 0, 0, 0, 0, 0]}, {"allowed": []}):
            data["points"][0]["maps"] = [head | change]
            with self.assertRaisesRegex(Mistake, r"points\[0\].maps\[0\]: "):
                self.page(data)

    def test_words(self):
        self.assertEqual(words.tick_texts([0, 50000, 100000]), ["0", "50k", "100k"])
        self.assertEqual(words.tick_texts([-0.5, 0, 0.5]), ["−0.5", "0", "0.5"])
        self.assertEqual(words.tick_texts([1000.25, 1000.5]), ["1000.25", "1000.50"])
        self.assertEqual(words.tick_texts([0, 2e-6, 4e-6]), ["0", "2×10⁻⁶", "4×10⁻⁶"])
        self.assertEqual([words.number(value) for value in (1234567, 0.123456, 1234.56, 2.5e-7, 12.0)],
                         ["1,234,567", "0.12346", "1,234.6", "2.500e-07", "12"])
        text = words.wrapped("a " * 200 + LONG, 60, 6.5)
        self.assertEqual((text.count("\n"), text[-1]), (2, "…"))
        self.assertLess(max(words.width_of(line, 6.5) for line in text.split("\n")), 60.01)

    def test_points_of_another_workload_are_left_out(self):
        data = copy.deepcopy(self.data["sweep"])
        data["names"].append("other")
        for point in data["points"][:4]:
            point["workload"] = len(data["names"]) - 1
        data["points"].append(data["points"].pop(0))
        file = self.page_file(data)
        said = f"plot.py: of other alone; --workload NAME draws another: {TRACE}\n"
        self.assertEqual(self.plot(file, "--figure", "ratios", "-o", "out"), (0, "out/ratios.pdf\n", said))
        page = read_page(file)
        page.choose(TRACE)
        self.assertEqual(len(page.played()), 8)
        self.refuse(f"--workload othre: no such name, did you mean other?; allowed: other, {TRACE}", file, "--workload",
                    "othre")

    # The files.

    def files(self, folder):
        return {path.name: path.read_bytes() for path in (self.folder / folder).iterdir()}

    def test_folders_give_pdfs(self):
        code, out, said = self.plot(self.folders / "sweep")
        self.assertEqual((code, out.split(), said), (0, [f"figures/{name}.pdf" for name in ALL], NO_MAPS))
        self.assertEqual(sorted(self.files("figures")), sorted(f"{name}.pdf" for name in ALL))
        for name, content in self.files("figures").items():
            self.assertEqual(plot_audit.wrong_with_pdf(content, 3.3), [], name)

    def test_the_same_bytes_from_folders_and_from_a_page(self):
        options = ["--width", "page", "--figure", "front", "energy", "parallel"]
        for source, folder in (("sweep", "a"), ("sweep.html", "b")):
            run = plot(self.folders / source, *options, "-o", folder, cwd=self.folder)
            self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertEqual(self.files("a"), self.files("b"))
        for name, content in self.files("a").items():
            self.assertEqual(plot_audit.wrong_with_pdf(content, 7), [], name)

    def test_what_is_left_out_is_said(self):
        code, _, said = self.plot(self.folders / "run.html")
        self.assertEqual(code, 0)
        self.assertEqual(said.splitlines(), [
            "plot.py: front is left out: needs 2 points with an output error",
            "plot.py: sensitivity is left out: needs a sweep over an axis of 2 values",
            "plot.py: parallel is left out: needs 2 points that differ in 3 rows"])

    def refuse(self, message, *arguments):
        self.assertEqual(self.plot(*arguments), (2, "", f"plot.py: error: {message}\n"))

    def test_mistakes_are_one_line(self):
        page = self.folders / "run.html"
        sources = "allowed: folders that hdpsim run, compare, ablate or sweep wrote with --out, or one page (.html)"
        self.refuse(f"none: no such file or folder; {sources}", "none")
        self.refuse(f"{page}: is no folder; {sources}", page, self.folder)
        self.refuse("FOLDER: holds no results; allowed: a folder that hdpsim run, compare, ablate or sweep wrote with --out "
                    "(report.json, table.json, or sweep.json)", self.folder)
        self.refuse("nothing: No such file or directory; allowed: --hdpsim PROGRAM, the program hdpsim", self.folder,
                    "--hdpsim", "nothing")
        self.refuse(f"--figure rooflin: no such name, did you mean roofline?; allowed: {', '.join(EVERY)}", page,
                    "--figure", "front", "rooflin")
        self.refuse("--cost tim: no such name, did you mean time_ns?; allowed: time_ns, energy_pj, bytes", page, "--cost",
                    "tim", "--figure", "energy")
        self.refuse("--out: is empty; allowed: a folder", page, "-o", "")
        self.refuse("--width pages: no such name, did you mean page?; allowed: column, page", page, "--width", "pages")
        self.refuse("--figure front: needs 2 points with an output error; allowed: a figure that these results have", page,
                    "--figure", "front")
        self.refuse("--metric time: no such name, did you mean time_ns?; allowed: time_ns, energy_pj, bytes, "
                    "relative_frobenius, mass_lost, speedup, energy_ratio", self.folders / "sweep.html", "--metric", "time")
        self.refuse("arguments: unrecognized arguments: --figures front; allowed: see plot.py --help", page, "--figures",
                    "front")
        self.file("file", "x")
        self.refuse("file: File exists; allowed: -o FOLDER, one that can be written", page, "--figure", "ratios", "-o",
                    "file")
        self.refuse(f"file: has no data of a page in it; allowed: {OF_SWEEP}", "file")
        self.file("bytes", b"\xff\xfe")
        self.refuse(f"bytes: is no text in UTF-8; allowed: {OF_SWEEP}", "bytes")
        self.assertEqual(self.left(), ["bytes", "file"])

    def test_files_appear_whole_or_not_at_all(self):
        page = self.folders / "sweep.html"
        run = plot(page, "-o", "out", cwd=self.folder,
                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000)))
        self.assertEqual((run.returncode, run.stdout, run.stderr), (2, "", NO_MAPS + "plot.py: error: out: File too large; "
                                                                    "allowed: -o FOLDER, one that can be written\n"))
        self.assertEqual(self.left(), [])
        (self.folder / "out/energy.pdf").mkdir(parents=True)
        self.refuse("out/energy.pdf: is a folder; allowed: -o FOLDER, one that can be written", page, "-o", "out",
                    "--figure", "energy")
        self.assertEqual(self.left(), ["out", "out/energy.pdf"])

    def test_without_matplotlib(self):
        (self.folder / "matplotlib").mkdir()
        self.file("matplotlib/__init__.py", "raise ModuleNotFoundError('none', name='matplotlib')")
        run = plot("page.html", cwd=self.folder, env=os.environ | {"PYTHONPATH": str(self.folder)})
        self.assertEqual((run.returncode, run.stdout, run.stderr), (2, "", f"plot.py: error: {sys.executable}: has no "
                         "matplotlib; allowed: a Python that has it (Debian: /usr/bin/python3 after apt-get install "
                         "python3-matplotlib)\n"))

    def test_data_of_another_shape_are_refused(self):
        def wrong(text, change):
            data = copy.deepcopy(self.data["sweep"])
            change(data)
            with self.assertRaisesRegex(Mistake, f"page.html: .*{text}.*; allowed: "):
                self.page(data)

        wrong("its data have the format page-2", lambda data: data.update(format="page-2"))
        wrong(r"points\[0\].study: is not a whole number", lambda data: data["points"][0].update(study=-1))
        wrong("an index of its data is outside its list", lambda data: data["points"][0].update(machine=10 ** 9))
        wrong(r"points\[0\].figures\[0\]: is not a number between",
              lambda data: data["points"][0]["figures"].__setitem__(0, True))
        wrong(r"points\[0\].figures\[0\]: is not a number between",
              lambda data: data["points"][0]["figures"].__setitem__(0, 1e300))
        wrong("NaN is no number", lambda data: data["points"][0]["figures"].__setitem__(0, float("nan")))
        wrong(r"metrics\[22\]: is no object", lambda data: data["metrics"].append(10 ** 4000))
        wrong("names: is missing", lambda data: data.pop("names"))
        wrong("points: is no list", lambda data: data.update(points={}))
        wrong("points.0..figures: is not a figure a metric", lambda data: data["points"][0]["figures"].pop())
        wrong("points.0..axes: is not a value a path of its study", lambda data: data["points"][0]["axes"].pop())
        for text in ("", "{", "[" * 100000, "[]", '{"format": 1}', "1e999"):
            with self.assertRaises(Mistake):
                self.page(text)

    def test_hostile_data_never_are_more_than_a_mistake(self):
        draw, text = random.Random(3), json.dumps({key: value for key, value in self.data["sweep"].items()
                                                   if key not in ("configs", "differences", "sources", "remarks")})
        values = [*re.finditer(r'-?\d[\d.e+-]*|"[^"]*"|null', text)]
        words_of = ["null", "true", "-1", "0", "1e30", "-1e30", "1e-300", '""', "[]", "{}", '"\\ud800"', "1e400", "7"]
        drawn = 0
        for at in range(40):
            place, word = draw.choice(values), draw.choice(words_of)
            try:
                page = self.page(text[:place.start()] + word + text[place.end():])
                figures.draw(ALL[at % len(ALL)], page, Choice())
                drawn += 1
            except (Mistake, NothingToDraw):
                pass
        self.assertGreater(drawn, 8)


if __name__ == "__main__":
    unittest.main()
