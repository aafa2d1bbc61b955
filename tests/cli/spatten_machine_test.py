# SPDX-License-Identifier: Apache-2.0
"""hdpsim run on SpAtten's machines."""
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

    def test_mistakes(self):
        self.refuse("--rows: is for workload files of rows (.csv)", "run", "spatten", "-w", TRACE,
                    "--rows", "3")
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
