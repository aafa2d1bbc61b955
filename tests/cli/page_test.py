# SPDX-License-Identifier: Apache-2.0
"""hdpsim report: one page, in one file, of what the other commands left; page_browser_test.py looks at it."""
import hashlib
import json
import os
import re
import shlex
import subprocess
import unittest

import sweep_folder
from support import HDPSIM, SOURCE, TRACE, CliTest, hdpsim

ALLOWED = ("allowed: a folder that hdpsim run, compare, ablate or sweep wrote with --out (report.json, table.json, "
           "or sweep.json)")
SWEEP = {"machine": "hdp_edge", "workload": TRACE, "axes": [
    {"path": "prune.rho", "values": [0, 0.5, 7]}, {"path": "prune.importance", "values": ["signed", "absolute"]}]}
REFUSED = "prune.rho: 7 is outside (-1, 1)"
SCRIPT = re.compile(r"<script[^>]*>.*?</script>", re.DOTALL)


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL).group(1))


class PageTest(CliTest):
    def page(self, *folders, name="page.html"):
        self.assertEqual(self.succeed("report", *folders, "--html", name, cwd=self.folder), "")
        return (self.folder / name).read_text()

    def figures(self, page, name):
        data = data_of(page)
        place = [metric["name"] for metric in data["metrics"]].index(name)
        return [point["figures"][place] if "figures" in point else None for point in data["points"]]

    def commands(self, page):
        """What every command of the page says when it is run, beside the point that it is of."""
        for point in data_of(page)["points"]:
            program, *arguments = shlex.split(point["command"])
            self.assertEqual(program, "hdpsim")
            run = hdpsim(*arguments, "--json", cwd=self.folder)
            self.assertEqual((run.returncode, run.stderr), (0, b""), point["command"])
            yield point, json.loads(run.stdout)

    def test_a_run(self):
        self.succeed("run", "hdp_edge", "-w", TRACE, "--set", "prune.rho=0.5", "--out", "out", cwd=self.folder)
        page = self.page("out")
        (point, report), = self.commands(page)
        self.assertEqual(point["command"], f"hdpsim run hdp_edge -w {TRACE} --set prune.rho=0.5")
        self.assertEqual(report, json.loads((self.folder / "out/report.json").read_text()))
        self.assertEqual(self.figures(page, "cycles"), [report["cycles"]])
        self.assertEqual(self.figures(page, "relative_frobenius"), [report["error"]["total"]["relative_frobenius"]])

    def test_a_run_of_synthetic_values(self):
        """Whose trace has another name than the file that describes it."""
        self.succeed("run", "hdp_edge", "-w", "bert_tiny_n128", "--out", "out", cwd=self.folder)
        (point, report), = self.commands(self.page("out"))
        self.assertEqual(point["command"], "hdpsim run hdp_edge -w bert_tiny_n128")
        self.assertEqual(report, json.loads((self.folder / "out/report.json").read_text()))

    def test_maps_of_heads(self):
        self.succeed("run", "leopard_ae", "-w", TRACE, "--map", "5:11,0:3", "--out", "out", cwd=self.folder)
        page = self.page("out")
        (point, report), = self.commands(page)
        self.assertTrue(point["command"].endswith("--map 5:11 --map 0:3"))
        self.assertEqual(report, json.loads((self.folder / "out/report.json").read_text()))
        for drawn, told in zip(point["maps"], report["maps"], strict=True):
            flat = {name: sum(told[name], []) for name in ("kept", "allowed")}
            self.assertEqual(drawn, told | flat)
        bad = {"cell_keys": 0, "keys": 10**9, "kept": [[1]], "allowed": "x", "head": -1, "queries": None}
        for name, value in bad.items():
            maps = [report["maps"][0] | {name: value}]
            self.file("out/report.json", json.dumps(report | {"maps": maps}))
            run = hdpsim("report", "out", "--html", "page2.html", cwd=self.folder)
            self.assertEqual(run.returncode, 2, name)
            self.assertRegex(run.stderr.decode(), r"^hdpsim: out/report.json: maps\[0\]: [^\n]*\n$")
        maps = [report["maps"][0] | {"allowed": [[0] * 64] * 64}]
        self.file("out/report.json", json.dumps(report | {"maps": maps}))
        self.refuse("out/report.json: maps[0]: keeps more than is allowed; allowed: a map of a report, of at most "
                    "64 x 64 cells", "report", "out", "--html", "page2.html")

    def test_a_machine_of_ones_own_comes_from_its_configuration(self):
        self.file("mine.json", '{"base": "hdp_edge", "name": "mine", "cores": 3}')
        self.succeed("run", "mine.json", "-w", TRACE, "--baseline", "none", "--out", "out", cwd=self.folder)
        page = self.page("out")
        (point, report), = self.commands(page)
        self.assertEqual(point["command"], f"hdpsim run out/config.json -w {TRACE} --baseline none")
        self.assertEqual(report, json.loads((self.folder / "out/report.json").read_text()))

    def test_tables_say_how_each_row_is_made_again(self):
        self.succeed("compare", "hdp_edge", "spatten", "-w", TRACE, "--set", "hdp_edge:prune.rho=0.25", "--baseline",
                     "dense", "--layer", "whole", "--hidden", "384", "--ffn", "1536", "--out", "table", cwd=self.folder)
        self.succeed("ablate", "hdp_edge", "-w", TRACE, "--out", "steps", cwd=self.folder)
        for folder in ("table", "steps"):
            page = self.page(folder)
            rows = json.loads((self.folder / folder / "table.json").read_text())["rows"]
            self.assertEqual(self.figures(page, "energy_pj"), [row["energy_pj"] for row in rows])
            for row, (point, report) in zip(rows, self.commands(page), strict=True):
                self.assertEqual((row["cycles"], row["config_sha256"], row["workload_facts"]),
                                 (report["cycles"], report["config_sha256"], report["workload"]), point["command"])

    def sweep(self, **changes):
        self.file("sweep.json", json.dumps(SWEEP | changes))
        hdpsim("sweep", "sweep.json", "--out", "sweep", cwd=self.folder).check_returncode()
        return [json.loads(line) for line in (self.folder / "sweep/points.jsonl").read_text().splitlines()]

    def test_a_sweep(self):
        points = self.sweep()
        page = self.page("sweep")
        data = data_of(page)
        self.assertEqual(data["studies"][0]["command"], "hdpsim run sweep --point")
        again = json.loads(hdpsim(*shlex.split(data["studies"][0]["command"])[1:], 3, "--json",
                                  cwd=self.folder).stdout)
        self.assertEqual(again["cycles"], points[3]["cycles"])
        self.assertEqual([point["axes"] for point in data["points"]], [list(point["set"].values()) for point in points])
        self.assertEqual(self.figures(page, "cycles"), [point.get("cycles") for point in points])
        self.assertEqual(data["points"][4]["status"], points[4]["status"])
        self.assertIn(REFUSED, points[4]["status"])
        self.assertEqual([axis["labels"] for axis in data["studies"][0]["axes"]], [["0", "0.5"], ["signed", "absolute"]])
        spread, = (spread for spread in data["studies"][0]["axes"][0]["spreads"] if spread["metric"] == "time_ns")
        times = [point["time_ns"] for point in points[:2]]
        self.assertEqual(spread["values"][0], [2, min(times), sum(times) / 2, max(times)])

    def test_axes_of_a_workload_are_compared(self):
        self.file("small.json", json.dumps({"model": "bert_tiny", "n": 16, "layers": 1}))
        self.sweep(workload="small.json", axes=[{"path": "workload.n", "values": [16, 32]}])
        study, = data_of(self.page("sweep"))["studies"]
        spread = next(one for one in study["axes"][0]["spreads"] if one["metric"] == "time_ns")
        self.assertEqual([values[0] for values in spread["values"]], [1, 1])

    def test_it_is_one_file_that_loads_nothing_and_the_same_twice(self):
        self.succeed("run", "hdp_edge", "-w", TRACE, "--out", "a", cwd=self.folder)
        self.succeed("compare", "hdp_edge", "sta", "-w", TRACE, "--out", "b", cwd=self.folder)
        page = self.page("a", "b")
        self.assertEqual(self.page("a", "b", name="again.html"), page)
        outside = SCRIPT.sub("", page)
        self.assertNotRegex(outside, r"https?:|src\s*=|@import|url\(|<link|<iframe|<object|<img")
        self.assertEqual(set(re.findall(r'href="([^"]*)"', outside)), {"#table"})
        self.assertNotRegex(page, r"<script[^>]+src")
        self.assertIn("default-src 'none'; script-src 'sha256-", outside)
        self.assertEqual(len(re.findall(r"'sha256-", outside)), len(SCRIPT.findall(page)) - 1)

    @unittest.skipIf("HDPSIM_QUICK" in os.environ, "sanitizers need more memory, and time")
    def test_a_thousand_points_are_less_than_three_megabytes_and_memory_stays(self):
        axes = {"prune.rho": 10, "prune.tau": 10, "memory.dram.timing.cl": 10}
        self.sweep()
        sweep_folder.enlarge(self.folder / "sweep", self.folder / "large", 1000, axes)
        process = subprocess.Popen([HDPSIM, "report", "large", "--html", "page.html"], cwd=self.folder)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        page = (self.folder / "page.html").read_text()
        self.assertEqual(len(data_of(page)["points"]), 1000)
        self.assertLess(len(page.encode()), 3_000_000)
        self.assertGreater((self.folder / "large/points.jsonl").stat().st_size, 20_000_000)
        self.assertLess(usage.ru_maxrss * 1024, 50_000_000)

    def test_names_are_text_whatever_they_hold(self):
        hostile = "</script><script>alert(1)</script>"
        self.file("mine.json", json.dumps({"base": "hdp_edge", "name": hostile}))
        self.succeed("run", "mine.json", "-w", TRACE, "--out", "out $(x)", cwd=self.folder)
        page = self.page("out $(x)")
        self.assertNotIn(hostile, page)
        self.assertIn(hostile, data_of(page)["names"])
        (_, report), = self.commands(page)
        self.assertEqual(report["machine"], hostile)

    def test_mistakes_are_one_line(self):
        self.refuse(f"none: no such folder; {ALLOWED}", "report", "none", "--html", "page.html")
        self.file("file", "x")
        self.refuse(f"file: is no folder; {ALLOWED}", "report", "file", "--html", "page.html")
        (self.folder / "empty").mkdir()
        self.refuse(f"empty: holds no results; {ALLOWED}", "report", "empty", "--html", "page.html")
        self.refuse("--html is required, see hdpsim --help", "report", "empty")
        self.succeed("run", "hdp_edge", "-w", TRACE, "--out", "out", cwd=self.folder)
        self.refuse("out/.: is given twice; allowed: each folder once", "report", "out", "out/.", "--html", "p.html")
        self.refuse("out/report.json: is in use by this command, which would write over it; allowed: a file that is "
                    "neither input nor log", "report", "out", "--html", "out/report.json")
        report = self.folder / "out/report.json"
        report.write_text(report.read_text().replace('"busy": ', '"bus": ', 1))
        self.refuse("out/report.json: units.core0.pe_array.cycles.busy: is missing, or none that a report has; allowed: "
                    "a report of format report-1", "report", "out", "--html", "page.html")
        self.assertFalse((self.folder / "page.html").exists())

    def test_the_bundles_are_those_that_their_table_names(self):
        page = SOURCE / "assets/page"
        table = re.findall(r"^\| `([\w.-]+)` \| .* `(\w{64})` \|$", (page / "README.md").read_text(), re.MULTILINE)
        self.assertEqual({name for name, _ in table}, {path.name for path in page.glob("*.min.js")})
        for name, digest in table:
            self.assertEqual(hashlib.sha256((page / name).read_bytes()).hexdigest(), digest, name)


if __name__ == "__main__":
    unittest.main()
