# SPDX-License-Identifier: Apache-2.0
"""What limits a run, and `run --what-if`, which relieves the machine to find out."""
import json
import os
import re
import unittest

from support import TRACE, CliTest

QUICK = unittest.skipIf("HDPSIM_QUICK" in os.environ, "a release build has these numbers")
FAST = ("--baseline", "none", "--fidelity", "off")
ROWS = {"model": "gpt2", "layers": 1, "heads": 4, "prompt": 250, "generated": 1, "keep": "0.5",
        "value_keep": "0.3"}


class WhatIfTest(CliTest):
    def played(self, machine, *arguments, workload=TRACE):
        fast = FAST if workload == TRACE else FAST[:2]  # rows have no outputs to compare
        return self.report(machine, "-w", workload, *fast, "--what-if", *arguments)

    def rows(self):
        settings = self.file("rows.json", json.dumps(ROWS))
        self.succeed("workload", "generate", settings, "--out", self.folder / "rows.csv")
        return self.folder / "rows.csv"

    def confirmed(self, report, name):
        limiter = report["limiter"]
        self.assertEqual((limiter["name"], limiter["confirmed"]), (name, True), limiter)
        gains = [row["gain"] for row in report["what_if"] if row["unit"] == name]
        self.assertEqual(limiter["gain"], max(gains))
        self.assertEqual(limiter["best_gain"], max(row["gain"] for row in report["what_if"]))
        self.assertTrue(0 < limiter["share"] <= 1)

    @QUICK
    def test_each_part_is_named_where_it_is_the_narrow_one(self):
        narrow = {
            "pe_array": ("hdp_edge",),
            "softmax": ("hdp_edge", "--set", "core.softmax.lanes=1", "--set", "cores=12", "--set",
                        "pruning=false", "--set", "memory.model=hbm2_2000"),
            "sparsity_engine": ("hdp_edge", "--set",
                                "core.sparsity_engine.threshold_cycles=1000", "--set", "cores=12"),
            "sram": ("hdp_edge", "--set", "core.k_sram.word_bits=8", "--set", "core.k_sram.banks=1",
                     "--set", "cores=12"),
            "memory": ("hdp_edge", "--set", "memory.model=ideal", "--set",
                       "memory.bandwidth_mb_per_s=100"),
            "core": ("hdp_edge", "--set", "core.pe_array.precision=split", "--set", "cores=1",
                     "--set", "core.contexts=1", "--set", "core.softmax.lanes=2"),
        }
        for name, arguments in narrow.items():
            with self.subTest(name):
                self.confirmed(self.played(*arguments), name)

    def test_an_engine_that_ranks_is_relieved_of_its_ranking(self):
        rank = ("--set", "prune.rule=top_k", "--set", "core.sparsity_engine.top_k.parallelism=1",
                "--set", "core.sparsity_engine.top_k.round_cycles=30", "--set", "cores=4")
        report = self.played("hdp_edge", *rank)
        self.confirmed(report, "sparsity_engine")
        row = next(row for row in report["what_if"] if row["resource"] == "decision")
        changes = [f"--set={path}={value}" for path, value in row["settings"].items()]
        again = self.report("hdp_edge", "-w", TRACE, *FAST, *rank, *changes)
        self.assertEqual(again["cycles"], row["cycles"])

    @QUICK
    def test_multipliers_are_named_where_operands_only_keep_pace_with_them(self):
        for change in ("clock_mhz=700", "clock_mhz=500", "clock_mhz=900", "memory.model=hbm2_2000",
                       "memory.dram.organisation.channels=4"):
            with self.subTest(change):
                report = self.played("hdp_edge_split", "--set", change, workload="bert_tiny_n128")
                self.confirmed(report, "pe_array")

    def test_cores_are_not_named_where_each_slice_has_one(self):
        group = {"model": "gpt2", "n": 130, "layers": 1, "heads": 2}
        report = self.played("hdp_edge_split", "--set", "clock_mhz=1",
                             workload=self.file("two.json", json.dumps(group)))
        self.assertEqual({row["resource"]: row["gain"] for row in report["what_if"]}["cores"], 0)
        self.confirmed(report, "pe_array")

    def test_operands_have_an_account_of_their_own_beside_a_cascade(self):
        report = self.played("hdp_server", "--set", "cascade.token.keep=linear", "--set",
                             "core.k_sram.word_bits=16", "--set", "core.k_sram.banks=1")
        self.assertIn("top_k_engine", report["critical_path"])
        self.confirmed(report, "sram")

    def test_a_decision_that_ranks_is_relieved_of_ranking(self):
        report = self.played("hdp_edge", "--set", "prune.rule=top_k")
        rows = {row["resource"]: row for row in report["what_if"]}
        self.assertIn("core.sparsity_engine.top_k.parallelism", rows["decision"]["settings"])

    def test_latency_is_told_from_bandwidth(self):
        report = self.played("hdp_edge", "--set", "memory.model=ideal", "--set",
                             "memory.latency_cycles=3000")
        self.confirmed(report, "memory")
        gains = {row["resource"]: row["gain"] for row in report["what_if"]}
        self.assertGreater(gains["memory_latency"], 5 * gains["memory_bandwidth"])
        path = report["critical_path"]["memory"]
        self.assertGreater(path["latency"], 10 * path["work"])

    def test_softmax_limits_spatten_where_it_is_always_busy(self):
        workload = self.file("long.json", json.dumps({"model": "minilm_l6", "n": 256, "layers": 1,
                                                      "heads": 2}))
        report = self.played("spatten", workload=workload)
        self.confirmed(report, "softmax")
        self.assertGreater(report["limiter"]["gain"], 0.3)

    def test_the_rtl_is_limited_by_its_memory(self):
        self.confirmed(self.played("spatten_rtl_artifact", workload=self.rows()), "memory")

    def test_cores_without_work_are_no_limit(self):
        report = self.played("hdp_edge", "--set", "cores=24")
        self.assertNotEqual(report["limiter"]["name"], "core")
        cores = [row for row in report["what_if"] if row["resource"] == "cores"]
        self.assertEqual([row["cycles"] for row in cores], [report["cycles"]])

    def test_a_critical_path_adds_up_to_the_run(self):
        for machine in ("hdp_edge", "hdp_server", "dense", "spatten", "spatten_eighth", "sta"):
            report = self.report(machine, "-w", TRACE, *FAST)
            path = report["critical_path"].values()
            self.assertEqual(sum(part["work"] + part["latency"] for part in path),
                             report["cycles"], machine)
            self.assertNotIn("what_if", report)
            self.assertNotIn("confirmed", report["limiter"])

    @QUICK
    def test_what_bounds_the_tokens_under_way(self):
        decode = self.file("decode.json", json.dumps(
            {"model": "gpt2", "stage": "decode", "layers": 1, "heads": 2, "n_ctx": 300, "steps": 2}))
        for change, resource in (("scoreboard_entries=4", "scoreboard"),
                                 ("kv_buffer.bytes=512", "kv_buffer"),
                                 ("slices_in_flight=1", "slices_in_flight"),
                                 ("probability.tests_per_cycle=1", "probability")):
            report = self.played("token_picker", "--set", change, workload=decode)
            self.assertEqual(report["limiter"]["best"], resource)
            rows = {row["resource"]: row for row in report["what_if"]}
            self.assertEqual(rows["probability"]["unit"], "probability_unit")
        self.assertTrue(report["limiter"]["confirmed"])

    def test_banks_that_are_slower_than_the_lanes(self):
        report = self.played("token_picker", "--set", "kv_buffer.word_bits=16")
        self.confirmed(report, "sram")

    @QUICK
    def test_what_bounds_sta(self):
        self.confirmed(self.played("sta"), "matrix_engine")
        for change, unit in (("softmax.lanes=2", "softmax"), ("layer.vector_lanes=1", "vector_unit"),
                             ("memory.bandwidth_mb_per_s=600", "memory")):
            self.confirmed(self.played("sta", "--set", "memory.model=ideal", "--set", change), unit)

    @QUICK
    def test_a_row_says_what_was_changed_and_can_be_played_by_hand(self):
        report = self.played("hdp_edge")
        rows = {row["resource"]: row for row in report["what_if"]}
        self.assertEqual(rows["softmax_lanes"]["settings"], {"core.softmax.lanes": 16})
        self.assertEqual(rows["cores"]["settings"], {"cores": 4})
        for name in ("multipliers", "multiplier_rows", "softmax_lanes", "sram_ports", "decision",
                     "memory_latency", "memory_bandwidth", "cores"):
            changes = [f"--set={path}={json.dumps(value)}"
                       for path, value in rows[name]["settings"].items()]
            again = self.report("hdp_edge", "-w", TRACE, *FAST, *changes)
            self.assertEqual(again["cycles"], rows[name]["cycles"], name)
            self.assertEqual(rows[name]["gain"], 1 - again["cycles"] / report["cycles"])

    def test_the_same_for_any_number_of_threads(self):
        arguments = ("run", "spatten", "-w", TRACE, "--what-if", "--json")
        self.assertEqual(self.succeed(*arguments, "-j", 1), self.succeed(*arguments, "-j", 3))

    def test_the_text_has_the_table_and_the_verdict(self):
        text = self.succeed("run", "hdp_edge", "-w", TRACE, *FAST, "--what-if")
        self.assertRegex(text, r"\ncores +core +\d+ +\d+\.\d%   cores=4\n")
        self.assertRegex(text, r"pe_array gains \d+\.\d %, the best, \w+, \d+\.\d %: the limiter is "
                               r"confirmed\n")
        self.assertIn("\nCritical path", text)

    def test_every_reason_of_every_unit_is_explained(self):
        explained = self.succeed("explain")
        for machine, workload in (("hdp_edge", TRACE), ("spatten", self.rows())):
            for unit in self.report(machine, "-w", workload, *FAST[:2])["units"].values():
                for reason in unit["cycles"]["blocked"]:
                    self.assertTrue(re.search(rf"^every unit +blocked\.{reason} ", explained,
                                              re.MULTILINE), reason)
        self.assertIn("blocked.sram_bank", self.succeed("explain", "sram_bank"))


if __name__ == "__main__":
    unittest.main()
