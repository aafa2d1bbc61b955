# SPDX-License-Identifier: Apache-2.0
"""Probability estimation behind HDP's blocks and heads: what a user says and is told."""
import json
import unittest

from support import TRACE, CliTest

FLOOR = ["--set", "prune.split=floor", "--set", "prune.importance=signed"]


class ProbabilityStageTest(CliTest):
    def run_with(self, *changes):
        settings = [part for change in changes for part in ("--set", change)]
        return self.report("hdp_edge", "-w", TRACE, "--baseline", "none", *FLOOR, *settings)

    def decisions(self, settings):
        cases = self.file("cases.json", json.dumps(
            [{"name": "a", "system": "hdp", "settings": settings}]))
        self.succeed("prune", TRACE, "--cases", cases, "--out", "out.json", cwd=self.folder)
        return json.loads((self.folder / "out.json").read_text())["cases"][0]

    def test_the_run_decides_as_prune_does(self):
        case = self.decisions({"split": "floor", "importance": "signed", "fraction_bits": 12,
                               "probability": {"threshold": 4e-3, "chunk_bits": [4, 8]}})
        heads = [head["probability"] for layer in case["layers"] for head in layer["heads"]]
        run = self.run_with("prune.fraction_bits=12",
                            'prune.probability={"threshold": 4e-3, "chunk_bits": [4, 8]}')
        of_run = run["sections"]["hdp"]["probability"]
        for name in ("chunks_fetched", "survivors", "empty_rows", "near_ties"):
            self.assertEqual(of_run[name], sum(head[name] for head in heads), name)
        for name in ("pruned_after", "fetched_per_chunk"):
            self.assertEqual(of_run[name], [sum(chunk) for chunk in
                                            zip(*(head[name] for head in heads))], name)

    def test_the_report_says_what_each_stage_removed(self):
        # Some heads, no blocks, a cascade: any of them may be off.
        run = self.run_with("prune.probability.threshold=0.01", "prune.tau=8",
                            "cascade.token.keep=linear", "cascade.head.keep=linear")
        stages = run["sections"]["hdp"]["stages"]
        self.assertEqual([stage["stage"] for stage in stages],
                         ["cascade", "blocks", "heads", "probability"])
        for before, after in zip(stages, stages[1:]):
            self.assertEqual(before["left"], after["reached"])
        for stage in stages:
            self.assertEqual(stage["left"], stage["reached"] - stage["removed"])
        self.assertGreater(stages[0]["removed"], 0)
        self.assertGreater(stages[3]["removed"], 0)
        self.assertEqual(stages[0]["reached"], 6 * 12 * 64 * 64)
        self.assertEqual(run["error"]["total"].keys() & {"mass_kept"}, {"mass_kept"})
        alone = self.run_with("prune.probability={}")["sections"]["hdp"]["stages"]
        self.assertEqual([stage["stage"] for stage in alone], ["blocks", "probability"])
        self.assertNotIn("stages", self.run_with()["sections"]["hdp"])

    def test_the_text_names_the_stages(self):
        text = self.succeed("run", "hdp_edge", "-w", TRACE, *FLOOR, "--set", "prune.probability={}",
                            "--set", "prune.rho=-0.5")
        self.assertRegex(text, r"stages +blocks \d+\.\d%, then probability \d+\.\d% of the entries")

    def test_it_saves_what_it_says(self):
        off, on = self.run_with(), self.run_with("prune.probability.threshold=0.02")
        self.assertLess(on["cycles"], off["cycles"])
        self.assertLess(on["macs"]["value"], off["macs"]["value"])
        self.assertEqual(on["macs"]["value"],
                         32 * on["sections"]["hdp"]["probability"]["survivors"])
        self.assertEqual(self.run_with("prune.probability={}", "prune.probability=null")["cycles"],
                         off["cycles"])

    def test_same_has_no_stage(self):
        run = self.report("hdp_edge", "-w", TRACE, *FLOOR, "--set", "prune.probability={}")
        plain = self.report("hdp_edge", "-w", TRACE, *FLOOR)
        self.assertEqual(run["baseline"]["cycles"], plain["baseline"]["cycles"])

    def test_causes_have_a_step_more(self):
        run = self.report("hdp_edge", "-w", TRACE, "--fidelity", "causes", *FLOOR, "--set",
                          "prune.probability.threshold=0.02")
        causes = run["error"]["total"]["causes"]
        self.assertEqual(list(causes), ["quantisation", "approximation", "pruning", "probability"])
        self.assertEqual(causes["probability"]["relative_frobenius"],
                         run["error"]["total"]["relative_frobenius"])

    def test_mistakes(self):
        run = ["run", "hdp_edge", "-w", TRACE, "--set"]
        needs = "/prune/probability: does not go with "
        self.refuse(needs + "/prune/split trunc; allowed: null, or with /prune/split floor", *run,
                    "prune.probability={}")
        self.refuse(needs + "/prune/masked zero; allowed: null, or with /prune/masked exclude", *run,
                    "prune.probability={}", *FLOOR, "--set", "prune.masked=zero")
        self.refuse(needs + "/core/fetch/reuse false; allowed: null, or with /core/fetch/reuse true",
                    *run, "prune.probability={}", *FLOOR, "--set", "core.fetch.reuse=false")
        self.refuse("/prune/probability/chunk_bits: [4, 4] add up to 8 [bits]; allowed: chunks of "
                    "the 12 fraction bits in use, or []", *run, "prune.probability.chunk_bits=[4,4]",
                    *FLOOR, "--set", "prune.fraction_bits=12")
        self.refuse("prune.probability.threshold: 1 is outside (0, 1)", *run,
                    "prune.probability.threshold=1", *FLOOR)
        self.refuse("prune.probability.treshold: no such setting; did you mean "
                    "'prune.probability.threshold'?", *run, "prune.probability.treshold=0.1", *FLOOR)
        self.refuse("core.probability_unit.latency_cycles: 3 changes nothing: no probability is "
                    "estimated; allowed: with a prune.probability", *run,
                    "core.probability_unit.latency_cycles=3")


if __name__ == "__main__":
    unittest.main()
