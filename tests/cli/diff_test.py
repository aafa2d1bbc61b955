# SPDX-License-Identifier: Apache-2.0
"""hdpsim diff: why cycles moved between two reports."""
import json
import unittest

from support import CliTest, hdpsim

SMALL = {"model": "bert_tiny", "n": 16, "layers": 1, "heads": 2}


class DiffTest(CliTest):
    def setUp(self):
        super().setUp()
        small = self.file("small.json", json.dumps(SMALL))
        self.succeed("run", "hdp_edge", "-w", small, "--out", self.folder / "a")
        self.succeed("run", "hdp_edge", "-w", small, "--out", self.folder / "b", "--set",
                     "core.pe_array.rows=4", "--set", "prune.rho=0.25")

    def diff(self, code, *arguments):
        run = hdpsim("diff", *arguments, cwd=self.folder)
        self.assertEqual((run.returncode, run.stderr), (code, b""))
        return run.stdout.decode()

    def test_cycles_then_settings_then_counters(self):
        reports = [json.loads((self.folder / name / "report.json").read_text()) for name in "ab"]
        a, b = (report["cycles"] for report in reports)
        said = self.diff(1, "a/report.json", "b/report.json")
        lines = said.splitlines()
        self.assertEqual(lines[0], f"cycles {a} -> {b} ({b - a:+}, {100 * (b - a) / a:+.3f} %)")
        moved = []
        for group, name in (("prune", "rho"), ("core.pe_array", "rows")):
            values = [report["config"] for report in reports]
            for step in (*group.split("."), name):
                values = [value[step] for value in values]
            moved.append(f"  config.{group}.{name} {values[0]} -> {values[1]}")
        self.assertEqual((lines[1:3], sorted(lines[3:5])), (["", "settings (2)"], sorted(moved)))
        self.assertRegex(lines[6], r"^counters by relative change \(\d+\)$")
        self.assertIn("(--all shows them)", said)
        whole = self.diff(1, "a/report.json", "b/report.json", "--all").splitlines()
        self.assertEqual(whole[:27], lines[:27])
        self.assertGreater(len(whole), len(lines))
        self.assertNotIn("--all", "".join(whole))

    def test_json_has_all_of_it(self):
        diff = json.loads(self.diff(1, "a/report.json", "b/report.json", "--json"))
        self.assertEqual(diff["format"], "diff-1")
        self.assertEqual((diff["a"]["file"], diff["b"]["machine"]), ("a/report.json", "hdp_edge"))
        sizes = [abs(line["relative"]) for line in diff["counters"] if line.get("relative")]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        self.assertGreater(len(sizes), 30)

    def test_a_report_differs_in_nothing_from_itself(self):
        cycles = json.loads((self.folder / "a/report.json").read_text())["cycles"]
        self.assertEqual(self.diff(0, "a/report.json", "a/report.json"),
                         f"cycles {cycles}, nothing differs\n")

    def test_what_is_no_report(self):
        no = "is no report; allowed: a report of format report-1 (report.json of run --out)"
        self.refuse(f"a/config.json: {no}", "diff", "a/report.json", "a/config.json")
        self.refuse("none.json: cannot open: No such file or directory", "diff", "none.json",
                    "a/report.json")
        self.refuse("B is required, see hdpsim --help", "diff", "a/report.json")


if __name__ == "__main__":
    unittest.main()
