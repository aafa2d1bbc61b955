# SPDX-License-Identifier: Apache-2.0
"""The JSON report: every promised key, sums that add up, decisions that agree with `prune`."""
import json
import unittest

from support import TRACE, CliTest

KEYS = ["format", "hdpsim.version", "machine", "config_sha256", "workload.name", "workload.sha256",
        "workload.stage", "workload.layers", "workload.heads", "seed", "cycles", "clock_mhz",
        "time_ns", "baseline.machine", "baseline.cycles", "baseline.time_ns", "baseline.speedup",
        "baseline.energy_ratio", "limiter.name", "limiter.share", "memory.read_bytes.q_int",
        "memory.read_bytes.q_frac", "memory.read_bytes.k_int", "memory.read_bytes.k_frac",
        "memory.read_bytes.v", "memory.written_bytes.out", "memory.row_hits", "memory.row_misses",
        "memory.row_conflicts", "macs.integer", "macs.fraction", "macs.value", "energy_pj.total",
        "energy_pj.units", "area_um2.total", "decisions.heads_total", "decisions.net_sparsity",
        "error.total.relative_frobenius", "error.total.cosine", "error.total.mass_kept",
        "error.layers", "provenance"]
MACHINES = ["hdp_edge", "hdp_server", "dense"]
DECODE = {"model": "gpt2", "stage": "decode", "n_ctx": 100, "steps": 3, "layers": 2, "heads": 3}
SETTINGS = {"rho": 0.4, "tau": 3.0, "block_size": 4, "fraction_bits": "auto", "split": "nearest",
            "masked": "zero", "importance": "signed", "approximation": False}


class ReportTest(CliTest):
    def test_every_promised_key_is_there(self):
        report = self.report("hdp_edge", "--workload", TRACE)
        self.assertEqual(report["format"], "report-1")
        for key in KEYS:
            value = report
            for part in key.split("."):
                self.assertIn(part, value, key)
                value = value[part]
        for layer in report["error"]["layers"]:
            self.assertEqual(set(layer), {"layer", "relative_frobenius", "cosine", "mass_kept"})
        self.assertEqual([layer["layer"] for layer in report["error"]["layers"]], list(range(6)))

    def test_every_cycle_of_every_unit_is_accounted_for(self):
        for machine in MACHINES:
            for workload in (TRACE, self.file("decode.json", json.dumps(DECODE))):
                report = self.report(machine, "--workload", workload, "--fidelity", "off",
                                     "--baseline", "none")
                self.assertGreater(len(report["units"]), 0)
                for name, unit in report["units"].items():
                    cycles = unit["cycles"]
                    parts = cycles["idle"] + cycles["busy"] + sum(cycles["blocked"].values())
                    self.assertEqual((cycles["total"], parts), (report["cycles"],) * 2, name)
                    self.assertGreaterEqual(min(cycles["idle"], cycles["busy"],
                                                *cycles["blocked"].values(), 0), 0, name)

    def test_bytes_in_are_bytes_out(self):
        report = self.report("hdp_edge", "--workload", TRACE)
        fetch = [u for u in report["units"].values() if u["kind"] == "fetch_unit"]
        for direction in ("read_bytes", "written_bytes"):
            self.assertEqual(sum(report["memory"][direction].values()),
                             sum(unit[direction] for unit in fetch))

    def test_the_energies_of_the_units_add_up(self):
        report = self.report("hdp_edge", "--workload", TRACE)
        for table in ("energy_pj", "area_um2"):
            total = sum(sum(kinds.values()) for kinds in report[table]["units"].values())
            self.assertAlmostEqual(total / report[table]["total"], 1, delta=1e-9)

    def test_the_headline_follows_from_the_parts(self):
        report = self.report("hdp_edge", "--workload", TRACE, "--set", "clock_mhz=800")
        self.assertEqual(report["time_ns"], report["cycles"] * 1000 / 800)
        base = report["baseline"]
        self.assertAlmostEqual(base["speedup"], base["time_ns"] / report["time_ns"], delta=1e-12)

    def test_the_baseline_same_is_this_machine_without_pruning(self):
        report = self.report("hdp_edge", "--workload", TRACE)
        plain = self.report("hdp_edge", "--workload", TRACE, "--set", "pruning=false",
                            "--baseline", "none")
        self.assertEqual(report["baseline"]["cycles"], plain["cycles"])
        self.assertIsNone(plain["baseline"])
        self.assertNotIn("decisions", plain)
        self.assertEqual(set(plain["macs"]), {"score", "value"})

    def test_decisions_are_the_total_of_prune(self):
        # A machine takes the format from the values unless it is told; a case has 12 bits.
        auto, told = {"fraction_bits": "auto"}, {"fraction_bits": 12, "rule": "top_k", "keep": 0.2}
        cases = [{"name": "auto", "system": "hdp", "settings": auto},
                 {"name": "12 bits", "system": "hdp", "settings": told},
                 {"name": "all", "system": "hdp", "settings": SETTINGS}]
        self.file("cases.json", json.dumps(cases))
        self.succeed("prune", TRACE, "--cases", self.folder / "cases.json", "--out",
                     self.folder / "decisions.json")
        decided = json.loads((self.folder / "decisions.json").read_text())["cases"]
        for case, settings in zip(decided, ({}, told, SETTINGS), strict=True):
            changes = [word for key, value in settings.items()
                       for word in ("--set", f"prune.{key}={json.dumps(value)}")]
            report = self.report("hdp_edge", "--workload", TRACE, *changes)
            self.assertEqual(report["decisions"], case["total"])
            self.assertEqual(report["sections"]["hdp"]["fraction_bits_used"],
                             case["fraction_bits_used"])

    def test_detail_adds_the_phases_and_changes_nothing_else(self):
        short = self.report("hdp_edge", "--workload", TRACE)
        long = self.report("hdp_edge", "--workload", TRACE, "--detail")
        phases = long.pop("phases")
        self.assertEqual(long, short)
        self.assertEqual({p["name"] for p in phases},
                         {"integer", "decide", "fraction", "softmax", "value"})
        self.assertEqual({(p["layer"], p["head"]) for p in phases},
                         {(layer, head) for layer in range(6) for head in range(12)})
        for phase in phases:
            self.assertLess(phase["start"], phase["end"])
            self.assertLessEqual(phase["end"], short["cycles"])

    def test_without_fidelity_there_is_no_error_and_the_same_time(self):
        full = self.report("hdp_edge", "--workload", TRACE)
        fast = self.report("hdp_edge", "--workload", TRACE, "--fidelity", "off")
        self.assertNotIn("error", fast)
        self.assertEqual(fast["cycles"], full["cycles"])
        self.assertEqual(fast["decisions"], full["decisions"])

    def test_the_error_by_cause(self):
        plain = self.report("hdp_edge", "--workload", TRACE)
        report = self.report("hdp_edge", "--workload", TRACE, "--fidelity", "causes")
        for part, whole in zip([report["error"]["total"], *report["error"]["layers"]],
                               [plain["error"]["total"], *plain["error"]["layers"]], strict=True):
            causes = part.pop("causes")
            self.assertEqual(part, whole)
            self.assertEqual(list(causes), ["quantisation", "approximation", "pruning"])
            self.assertEqual(causes["pruning"], {key: whole[key]
                                                 for key in ("relative_frobenius", "cosine")})
            self.assertLess(causes["quantisation"]["relative_frobenius"], 0.001)
        del report["error"], plain["error"]
        self.assertEqual(report, plain)
        text = self.succeed("run", "hdp_edge", "-w", TRACE, "--fidelity", "causes")
        self.assertRegex(text, r"\nerror by cause     quantisation 0\.\d{4}, \+ approximation "
                               r"\d\.\d{4}, \+ pruning \d\.\d{4}\n")

    def test_inspect_says_what_the_file_holds(self):
        found = json.loads(self.succeed("inspect", TRACE, "--json"))
        self.assertEqual(len(found["tensors"]), 18)
        self.assertEqual(found["tensors"][0] | {"name": ""},
                         {"name": "", "type": "F16", "shape": [12, 64, 32], "bytes": 49152})
        self.assertEqual(found["sha256"],
                         "0fc8104b35b1e71147651fb66341e79028a874b764d078b49861a1db6eb506c6")
        self.assertEqual(found["kinds"]["k"]["max_abs"], 9.4296875)


if __name__ == "__main__":
    unittest.main()
