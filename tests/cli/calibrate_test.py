# SPDX-License-Identifier: Apache-2.0
"""hdpsim calibrate, and compare --at: knobs are turned until a run meets its targets."""
import json
import os
import unittest

from support import TRACE, CliTest, hdpsim

MOST_DEVIATION = 0.005
QUICK = os.environ.get("HDPSIM_QUICK")  # a build that is checked, and slow
SMALL = {"model": "bert_tiny", "n": 32, "layers": 3, "heads": 12}
DECODE = {"model": "gpt2", "stage": "decode", "n_ctx": 40, "steps": 3, "layers": 2, "heads": 3}


def measure(report, key):
    """A measure of a report, but for prune_ratio, which is none of its keys."""
    if key in ("mass_kept", "relative_frobenius"):
        return report["error"]["total"][key]
    return report["decisions"][key]


class CalibrateTest(CliTest):
    def setUp(self):
        super().setUp()
        self.small = self.file("small.json", json.dumps(SMALL))
        self.decode = self.file("decode.json", json.dumps(DECODE))

    def calibrate(self, *arguments):
        found = json.loads(self.succeed("calibrate", *arguments, "--json"))
        self.assertEqual(found["format"], "calibration-1")
        return found

    def test_the_file_that_is_written_runs_to_the_value(self):
        cases = (("hdp_edge", TRACE, "block_sparsity", 0.5), ("token_picker", self.decode, "mass_kept", 0.97),
                 ("hdp_edge", TRACE, "mass_kept", 0.8), ("spatten", TRACE, "mass_kept", 0.9),
                 ("leopard_ae", TRACE, "relative_frobenius", 0.1))
        for machine, workload, key, wanted in cases[:2] if QUICK else cases:
            with self.subTest(f"{machine} {key}"):
                out = self.folder / "machine.json"
                found = self.calibrate(machine, "-w", workload, "--target", f"{key}={wanted}",
                                       "--out", out)
                target, = found["targets"]
                self.assertEqual((target["key"], target["target"], target["reach"], found["met"]),
                                 (key, wanted, "reached", True))
                self.assertLessEqual(abs(target["reached"] - wanted), MOST_DEVIATION * wanted)
                report = self.report(out, "-w", workload, "--baseline", "none")
                self.assertEqual(measure(report, key), target["reached"])
                self.assertEqual(report["machine"], machine)
                # What was set is all that is another.
                sets = [word for change in found["set"] for word in ("--set", change)]
                again = self.folder / "again"
                self.succeed("run", machine, "-w", workload, "--baseline", "none", *sets, "--out",
                             again)
                self.assertEqual((again / "config.json").read_text(), out.read_text())

    def test_nine_of_thirty_six_heads(self):
        out = self.folder / "machine.json"
        text = self.succeed("calibrate", "hdp_edge", "-w", self.small, "--target",
                            "head_sparsity=0.26", "--out", out)
        self.assertIn("head_sparsity 0.25 (9 of 36) for 0.26: the nearest there is, between 0.25 "
                      "and 0.277778\n", text)
        decisions = self.report(out, "-w", self.small)["decisions"]
        self.assertEqual((decisions["heads_pruned"], decisions["heads_total"]), (9, 36))

    def test_what_cannot_be_reached_is_said_and_nothing_is_written(self):
        before = self.left()
        run = hdpsim("calibrate", "hdp_edge", "-w", self.small, "--target", "mass_kept=0.001",
                     "--out", self.folder / "machine.json")
        self.assertEqual((run.returncode, run.stderr), (1, b""))
        self.assertRegex(run.stdout.decode(),
                         r"mass_kept 0\.\d+ for 0\.001: out of reach, 0\.\d+ to 1 can be had\n")
        self.assertEqual(self.left(), before)
        found = json.loads(hdpsim("calibrate", "hdp_edge", "-w", self.small, "--target",
                                  "mass_kept=0.001", "--json").stdout)
        target, = found["targets"]
        self.assertEqual((found["met"], target["reach"]), (False, "out_of_reach"))
        self.assertEqual(target["reached"], target["least"])

    def test_two_targets_and_a_second_trace(self):
        out = self.folder / "machine.json"
        other = self.file("other.json", json.dumps(SMALL | {"seed": 2}))
        found = self.calibrate("hdp_edge", "-w", self.small, "-w", other, "--target",
                               "head_sparsity=0.25", "--target", "block_sparsity=0.5", "--out", out)
        self.assertEqual([target["key"] for target in found["targets"]],
                         ["block_sparsity", "head_sparsity"])
        self.assertEqual([change.split("=")[0] for change in found["set"]],
                         ["prune.rho", "prune.tau"])
        for workload, given in zip((self.small, other), found["workloads"], strict=True):
            decisions = self.report(out, "-w", workload)["decisions"]
            self.assertEqual(given["measures"], {key: decisions[key] for key in given["measures"]})
        self.assertNotEqual(*(given["measures"] for given in found["workloads"]))

    def test_layers_of_their_own(self):
        out = self.folder / "machine.json"
        found = self.calibrate("leopard_ae", "-w", self.small, "--target", "prune_ratio=0.6",
                               "--per-layer", "--out", out)
        self.assertEqual([target["layer"] for target in found["targets"]], [0, 1, 2])
        thresholds = json.loads(out.read_text())["prune"]["threshold"]
        self.assertEqual(len(thresholds), 3)
        layers = self.report(out, "-w", self.small)["decisions"]["layers"]
        for layer, threshold in zip(layers, thresholds, strict=True):
            self.assertEqual(layer["threshold"], threshold)
            self.assertLess(abs(layer["prune_ratio"] - 0.6), 0.6 * MOST_DEVIATION)

    def test_the_same_bytes_for_any_number_of_threads_and_changes_first(self):
        arguments = ("calibrate", "spatten", "-w", self.decode, "--target", "prune_ratio=0.6",
                     "--set", "prune.query_bits=10", "--json")
        out = [self.folder / "one.json", self.folder / "three.json"]
        self.assertEqual(self.succeed(*arguments, "-j", 1, "--out", out[0]),
                         self.succeed(*arguments, "-j", 3, "--out", out[1]))
        self.assertEqual(out[0].read_bytes(), out[1].read_bytes())
        self.assertEqual(json.loads(out[0].read_text())["prune"]["query_bits"], 10)

    def test_a_table_at_equal_mass(self):
        out = self.folder / "table"
        arguments = ("compare", "hdp_edge", "dense", "leopard_ae", "-w", self.small, "--out", out)

        def rows(*more):
            return json.loads(self.succeed(*arguments, "--json", *more))["rows"]

        plain, at = rows(), rows("--at", "mass_kept=0.7")
        self.assertEqual(len(list((out / "rows").iterdir())), 6)
        for row in (at[0], at[2]):
            self.assertLess(abs(row["mass_kept"] - 0.7), 0.7 * MOST_DEVIATION)
            self.assertEqual(row["remark"].split()[0], "mass_kept")
        self.assertIn(" with prune.rho=", at[0]["remark"])
        self.assertEqual(at[1], plain[1] | {"remark": "no knob: as it stands"})
        # What a row says to set gives the row.
        changes = at[0]["remark"].split(" with ")[1].split()
        report = self.report("hdp_edge", "-w", self.small,
                             *(word for change in changes for word in ("--set", change)))
        self.assertEqual(at[0]["cycles"], report["cycles"])
        # Rows of one target are not those of another, nor those without.
        kept = {path: path.stat().st_ino for path in (out / "rows").iterdir()}
        self.assertEqual(rows("--at", "mass_kept=0.7"), at)
        self.assertEqual(rows(), plain)
        self.assertEqual({path: path.stat().st_ino for path in (out / "rows").iterdir()}, kept)
        self.assertNotEqual(rows("--at", "mass_kept=0.8")[0], at[0])

    def test_mistakes(self):
        def refuse(message, *arguments):
            self.refuse(message, "calibrate", *arguments)

        small = ("-w", "small.json", "--target")
        refuse("dense: kind hdp has no knob to calibrate, as this machine stands", "dense", *small,
               "mass_kept=0.9")
        refuse("block_sparsity: spatten (kind spatten) has no knob that moves it; allowed: "
               "head_sparsity, prune_ratio, mass_kept, relative_frobenius", "spatten", *small,
               "block_sparsity=0.5")
        refuse("--per-layer: hdp_edge (kind hdp) has no knob with a value a layer; allowed: one "
               "value for all layers", "hdp_edge", *small, "mass_kept=0.5", "--per-layer")
        refuse("mas_kept: is no measure; allowed: block_sparsity, head_sparsity, net_sparsity, "
               "prune_ratio, mass_kept, relative_frobenius; did you mean 'mass_kept'?", "hdp_edge",
               *small, "mas_kept=0.5")
        refuse("mass_kept: '95'; allowed: a share from 0 to 1", "hdp_edge", *small, "mass_kept=95")
        refuse("--target is required, see hdpsim --help", "hdp_edge", "-w", "small.json")
        refuse("prune.rhoo: no such setting; did you mean 'prune.rho'?", "hdp_edge", *small,
               "mass_kept=0.5", "--set", "prune.rhoo=1")
        refuse("small.json: is in use by this command, which would write over it; allowed: a file "
               "that is neither input nor log", "hdp_edge", *small, "mass_kept=0.5", "--out",
               "small.json")
        self.succeed("workload", "generate", "gpt2_small_per8", "--set", "prompt=60", "--set",
                     "generated=2", "--out", self.folder / "rows.csv")
        for workloads in (("-w", "rows.csv"), ("-w", "small.json", "-w", "rows.csv")):
            refuse("rows: holds rows, which bring their decisions: nothing is left to calibrate; "
                   "allowed: a trace, a batch, an encoder", "spatten", *workloads, "--target",
                   "mass_kept=0.5")
        self.refuse("block_sparsity: leopard_ae (kind leopard) has no knob that moves it; allowed: "
                    "prune_ratio, mass_kept, relative_frobenius", "compare", "hdp_edge",
                    "leopard_ae", "-w", "small.json", "--at", "block_sparsity=0.5")


if __name__ == "__main__":
    unittest.main()
