# SPDX-License-Identifier: Apache-2.0
"""hdpsim run on SpAtten's machines, hdpsim compare and hdpsim ablate."""
import json
import unittest

from support import TRACE, CliTest


class SpattenMachineTest(CliTest):
    def rows(self, *options):
        path = self.folder / "rows.csv"
        self.succeed("workload", "generate", "gpt2_small_per8", "--set", "prompt=60", "--set",
                     "generated=2", *options, "--out", path)
        return path

    def run_json(self, *arguments):
        return json.loads(self.succeed("run", *arguments, "--json"))

    def check_identities(self, report):
        for name, unit in report["units"].items():
            cycles = unit["cycles"]
            self.assertEqual(cycles["total"], report["cycles"], name)
            self.assertEqual(cycles["idle"] + cycles["busy"] + sum(cycles["blocked"].values()),
                             cycles["total"], name)
        memory = report["memory"]
        self.assertEqual(sum(memory["read_bytes"].values()),
                         report["units"]["memory"]["read_bytes"])

    def test_a_trace(self):
        report = self.run_json("spatten", "-w", TRACE, "--detail")
        self.check_identities(report)
        self.assertEqual(report["format"], "report-1")
        self.assertEqual(report["workload"]["stage"], "prefill")
        self.assertGreater(report["baseline"]["speedup"], 1)
        self.assertEqual(len(report["error"]["layers"]), 6)
        self.assertGreater(report["error"]["total"]["mass_kept"], 0.5)
        live = [layer["live_tokens"][-1] for layer in report["decisions"]["layers"]]
        self.assertEqual(live[:2], [64, 64])  # the first 15 % of the layers prune nothing
        self.assertEqual(live, sorted(live, reverse=True))
        self.assertEqual({phase["name"] for phase in report["phases"]},
                         {"score", "softmax", "value"})
        self.assertEqual(report["provenance"]["top_k_read_width"], "measured on the authors' RTL")
        self.assertEqual(report["provenance"]["cycle_model"], "ours")

    def test_rows_with_everything(self):
        report = self.run_json("spatten_eighth", "-w", self.rows(), "--set", "memory.model=ideal",
                               "--detail")
        self.check_identities(report)
        self.assertEqual(report["workload"]["stage"], "decode")
        self.assertGreater(report["decisions"]["lsb_rows"], 0)
        self.assertGreater(report["memory"]["read_bytes"]["k_lsb"], 0)
        self.assertIn("top_k", {phase["name"] for phase in report["phases"]})
        self.assertNotIn("error", report)
        one = self.run_json("spatten_eighth", "-w", self.rows(), "--iteration", "1", "--rows", "7")
        self.assertEqual(one["decisions"]["heads"], 7)

    def test_the_configuration_written_gives_the_same_bytes(self):
        rows = self.rows()
        first, again = self.folder / "first", self.folder / "again"
        self.succeed("run", "spatten", "-w", rows, "--out", first)
        self.succeed("run", first / "config.json", "-w", rows, "--out", again)
        self.assertEqual((first / "report.json").read_bytes(), (again / "report.json").read_bytes())

    def test_compare(self):
        rows, out = self.rows(), self.folder / "table"
        arguments = ("compare", "spatten", "spatten_eighth", "spatten_rtl_artifact", "-w", rows)
        text = self.succeed(*arguments, "--json", "--threads", "1")
        table = json.loads(text)
        self.assertEqual(table["format"], "table-1")
        self.assertEqual([row["label"] for row in table["rows"]],
                         ["spatten", "spatten_eighth", "spatten_rtl_artifact"])
        for row in table["rows"]:
            self.assertGreater(row["speedup"], 1)
            machine = self.run_json(row["label"], "-w", rows)
            self.assertEqual(row["run"]["cycles"], machine["cycles"])
            if row["label"] != "spatten_rtl_artifact":  # there the unpruned file has two passes
                self.assertEqual(row["unpruned"]["cycles"], machine["baseline"]["cycles"])
        self.assertEqual(self.succeed(*arguments, "--json", "--out", out, "--threads", "3"), text)
        self.assertEqual(text, (out / "table.json").read_text())

    def test_compare_goes_on_where_it_stopped(self):
        rows, out = self.rows(), self.folder / "table"
        arguments = ("compare", "spatten", "spatten_eighth", "-w", rows, "--out", out)
        text = self.succeed(*arguments)
        kept = sorted((out / "rows").iterdir())
        self.assertEqual(len(kept), 2)
        kept[0].unlink()
        kept[1].write_text(kept[1].read_text().replace('"cycles": ', '"cycles": 1'))
        resumed = self.succeed(*arguments)  # the row that is left is taken as it stands
        self.assertNotEqual(resumed, text)
        kept[1].write_text("cut off")
        self.assertEqual(self.succeed(*arguments), text)
        other = self.succeed(*arguments, "--set", "multipliers=128")
        self.assertNotEqual(other, text)

    def test_ablate(self):
        table = json.loads(self.succeed("ablate", "spatten", "-w", TRACE, "--json"))
        rows = {row["label"]: row["run"] for row in table["rows"]}
        self.assertEqual(list(rows)[:5], ["dense", "+ token", "+ head", "+ local value",
                                          "+ quantisation"])
        self.assertLess(rows["+ token"]["cycles"], rows["dense"]["cycles"])
        self.assertLess(rows["+ head"]["read_bytes"], rows["+ token"]["read_bytes"])
        sweep = [rows[f"top-k x{p}"]["cycles"] for p in (1, 2, 4, 8, 16, 32)]
        self.assertEqual(sweep[:5], sorted(set(sweep[:5]), reverse=True))
        self.assertEqual(sweep[4], sweep[5])  # the buffer gives 16 values a cycle

    def test_mistakes(self):
        rows = self.rows()
        self.refuse("--rows: is for workload files of rows (.csv)", "run", "spatten", "-w", TRACE,
                    "--rows", "3")
        self.refuse("hdp_edge: a machine of kind hdp takes traces, not rows; allowed: machines of "
                    "kind spatten, spatten_rtl", "compare", "hdp_edge", "-w", rows)
        self.refuse("hdp_edge: a machine of kind hdp; allowed: a machine of kind spatten",
                    "ablate", "hdp_edge", "-w", TRACE)
        self.refuse("/prune/value_bits: 16 [bits]; allowed: at most /word_bits, 12",
                    "run", "spatten", "-w", TRACE, "--set", "prune.value_bits=16")
        self.refuse("/prune/token/keep: \"two\"; allowed: shares from 0 to 1 with at most six "
                    "decimals, such as \"0.9, 0.2x4, 0.9..0.3x10\"",
                    "run", "spatten", "-w", TRACE, "--set", "prune.token.keep=two")
        self.refuse("/k_buffer_bytes: step 0 layer 0 head 0 has 64 keys of 32 elements; allowed: "
                    "at most 2 in 96 bytes", "run", "spatten", "-w", TRACE, "--set",
                    "k_buffer_bytes=96")


if __name__ == "__main__":
    unittest.main()
