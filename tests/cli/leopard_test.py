# SPDX-License-Identifier: Apache-2.0
"""LeOPArd's machines: they decide as `prune` does, whatever the bits of a step and the buffers."""
import json
import unittest

from support import TRACE, CliTest

THRESHOLDS = [4.5, 4, 0, 1.5, -1.25, 7]
IDEAL = ("--set", "memory.model=ideal", "--baseline", "none")


class LeopardTest(CliTest):
    def run_with(self, machine, *changes):
        return self.report(machine, "-w", TRACE, *IDEAL, *(f"--set={c}" for c in changes))

    def decided(self, **settings):
        """The total that `prune` gives, without what only decides how soon others go."""
        cases = self.file("cases.json", json.dumps(
            [{"name": "a", "system": "leopard", "settings": settings}]))
        self.succeed("prune", TRACE, "--cases", cases, "--out", "out.json", cwd=self.folder)
        return json.loads((self.folder / "out.json").read_text())["cases"][0]["total"]

    def test_the_run_decides_as_prune_does(self):
        thresholds = self.file("thresholds.json", json.dumps(THRESHOLDS))
        survivors = set()
        for bits in (1, 2, 3, 4, 6, 12):
            for margin in ("sign_pairs", "all_magnitudes"):
                run = self.run_with("leopard_hp", f"prune.threshold=@{thresholds}",
                                    f"prune.step_bits={bits}", "key_buffer_bytes=900",
                                    *[f"prune.margin={margin}"] * (bits < 12))
                layers = run["decisions"].pop("layers")
                self.assertEqual(run["decisions"], self.decided(
                    threshold=THRESHOLDS, step_bits=bits, margin=margin))
                self.assertEqual([layer["threshold"] for layer in layers], THRESHOLDS)
                survivors.add(tuple(layer["survivors"] for layer in layers))
        self.assertEqual(len(survivors), 1)

    def test_a_share_is_calibrated(self):
        run = self.run_with("leopard_ae", "prune.calibrate=0.6")
        decided = self.decided(calibrate=0.6)
        self.assertEqual(run["decisions"]["survivors"], decided["survivors"])
        self.assertEqual(run["decisions"]["pruned_at_step"], decided["pruned_at_step"])
        after = run["sections"]["leopard"]["pruned_share_after_step"]
        self.assertEqual(after, sorted(after))
        self.assertAlmostEqual(after[-1], 0.6, 4)

    def test_one_full_width_unit_takes_a_pair_a_cycle(self):
        base, ae, hp = (self.run_with(name) for name in ("leopard_base", "leopard_ae",
                                                         "leopard_hp"))
        pairs = base["decisions"]["pairs"]
        self.assertGreaterEqual(base["cycles"], pairs)
        self.assertLess(base["cycles"], 1.001 * pairs)
        self.assertLess(hp["cycles"], ae["cycles"])
        for run, units in ((ae, 6), (hp, 8)):
            section = run["sections"]["leopard"]
            front = section["front_cycles"]
            self.assertEqual(front["busy"], run["decisions"]["steps_total"])
            # All that is missing from the model is the wait at the end of a row.
            expected = section["model_pairs_per_cycle"] * (1 - front["row"] / units / run["cycles"])
            self.assertAlmostEqual(section["pairs_per_cycle"] / expected, 1, 2)

    def test_an_ablation_ends_as_the_machine(self):
        rows = json.loads(self.succeed("ablate", "leopard_ae", "-w", TRACE, "--json"))["rows"]
        self.assertEqual([row["step"] for row in rows],
                         ["dense", "+ threshold", "+ early termination",
                          "+ margin of sign pairs"])
        cycles = [row["cycles"] for row in rows]
        self.assertEqual(cycles, sorted(cycles, reverse=True))
        self.assertEqual(cycles[-1], self.report("leopard_ae", "-w", TRACE)["cycles"])

    def test_more_units_or_a_longer_fifo(self):
        for changes, unit, resource in (((), "dot_product_unit", "multipliers"),
                                        (("value.macs=4",), "value_unit", "value_unit")):
            report = self.report("leopard_ae", "-w", TRACE, "--fidelity", "off", "--what-if",
                                 *IDEAL, *(f"--set={c}" for c in changes))
            self.assertEqual(report["limiter"]["name"], unit)
            self.assertEqual(report["limiter"]["best"], resource)
            self.assertTrue(report["limiter"]["confirmed"])

    def test_keys_that_do_not_fit_are_said(self):
        run = self.run_with("leopard_ae", "key_buffer_bytes=960")  # 20 keys: pieces of 10
        section = run["sections"]["leopard"]
        self.assertEqual((section["groups"], section["pieces"]), (72, 72 * 7))
        self.assertIn("K and V of 72 of 72 heads do not fit the buffers: they are played in 504 "
                      "pieces, and the sums of a row go to memory and back 27648 times.",
                      run["remarks"])
        self.assertEqual(run["memory"]["read_bytes"]["partial"],
                         run["memory"]["written_bytes"]["partial"])


if __name__ == "__main__":
    unittest.main()
