# SPDX-License-Identifier: Apache-2.0
"""hdpsim compare and hdpsim ablate: every machine that can play a workload, in one table."""
import json
import unittest

from support import TRACE, CliTest

COLUMNS = {"machine", "workload", "cycles", "time_ns", "read_bytes", "written_bytes", "energy_pj",
           "multipliers", "sram_bytes", "peak_bytes_per_s", "area_um2", "utilisation",
           "relative_frobenius", "mass_kept", "speedup", "energy_ratio"}
ALL_ON_TRACES = ("dense", "hdp_edge", "hdp_server", "spatten", "spatten_eighth")
DECODE = {"model": "gpt2", "stage": "decode", "n_ctx": 40, "steps": 3, "layers": 2, "heads": 3}


class TableTest(CliTest):
    def rows_file(self):
        path = self.folder / "rows.csv"
        self.succeed("workload", "generate", "gpt2_small_per8", "--set", "prompt=60", "--set",
                     "generated=2", "--out", path)
        return path

    def table(self, *arguments):
        table = json.loads(self.succeed(*arguments, "--json"))
        self.assertEqual(table["format"], "table-2")
        return table["rows"]

    def test_every_machine_on_a_trace_is_one_table(self):
        decode = self.file("decode.json", json.dumps(DECODE))
        rows = self.table("compare", *ALL_ON_TRACES, "-w", TRACE, "-w", decode)
        self.assertEqual([row["machine"] for row in rows], list(ALL_ON_TRACES) * 2)
        for row in rows:
            self.assertLessEqual(COLUMNS, set(row))
            report = self.report(row["machine"], "-w", decode if "decode" in row["workload"] or
                                 row["workload"] != TRACE else TRACE)
            self.assertEqual(row["cycles"], report["cycles"])
            self.assertEqual(row["speedup"], report["baseline"]["speedup"])
            self.assertEqual(row["energy_ratio"], report["baseline"]["energy_ratio"])
            self.assertEqual(row["energy_pj"], report["energy_pj"]["total"])
            self.assertEqual(row["relative_frobenius"],
                             report["error"]["total"]["relative_frobenius"])
            self.assertEqual(row["read_bytes"], sum(report["memory"]["read_bytes"].values()))

    def test_every_machine_that_plays_rows_is_one_table(self):
        rows_file = self.rows_file()
        rows = self.table("compare", "spatten", "spatten_eighth", "spatten_rtl_artifact", "-w",
                          rows_file)
        for row in rows:
            self.assertGreater(row["speedup"], 1)
            report = self.report(row["machine"], "-w", rows_file)
            self.assertEqual((row["cycles"], row["baseline_cycles"]),
                             (report["cycles"], report["baseline"]["cycles"]))
        self.assertIsNone(rows[2]["energy_pj"])

    def test_one_baseline_for_all(self):
        rows = self.table("compare", "hdp_edge", "spatten", "-w", TRACE, "--baseline", "dense")
        dense = self.report("dense", "-w", TRACE, "--baseline", "none")
        for row in rows:
            self.assertEqual((row["baseline"], row["baseline_cycles"]),
                             ("dense", dense["cycles"]))
            self.assertEqual(row["speedup"], dense["time_ns"] / row["time_ns"])
        none = self.table("compare", "hdp_edge", "-w", TRACE, "--baseline", "none")
        self.assertIsNone(none[0]["speedup"])

    def test_a_machine_of_any_kind_is_a_baseline_of_any_other(self):
        for machine, base in (("hdp_edge", "spatten"), ("spatten", "hdp_edge")):
            report = self.report(machine, "-w", TRACE, "--baseline", base)
            alone = self.report(base, "-w", TRACE, "--baseline", "none")
            self.assertEqual(report["baseline"]["machine"], base)
            self.assertEqual(report["baseline"]["cycles"], alone["cycles"])

    def test_a_change_acts_where_the_setting_is(self):
        plain = self.table("compare", "hdp_edge", "spatten", "-w", TRACE)
        changed = self.table("compare", "hdp_edge", "spatten", "-w", TRACE, "--set",
                             "prune.rho=0.5", "--set", "spatten:softmax.lanes=16")
        self.assertLess(changed[0]["cycles"], plain[0]["cycles"])
        self.assertLess(changed[1]["cycles"], plain[1]["cycles"])
        self.refuse("multiplierz: no such setting; did you mean 'multipliers'?", "compare",
                    "hdp_edge", "spatten", "-w", TRACE, "--set", "multiplierz=1")
        self.refuse("prune.rhoo: no such setting; did you mean 'prune.rho'?", "compare",
                    "hdp_edge", "spatten", "-w", TRACE, "--set", "prune.rhoo=1")
        self.refuse("spaten:softmax.lanes=1: spaten is none of the machines; allowed: hdp_edge, "
                    "spatten; did you mean 'spatten'?", "compare", "hdp_edge", "spatten", "-w",
                    TRACE, "--set", "spaten:softmax.lanes=1")

    def test_the_same_table_for_any_number_of_threads_and_in_files(self):
        arguments = ("compare", "hdp_edge", "spatten", "-w", TRACE)
        text = self.succeed(*arguments, "--json", "-j", "1")
        out = self.folder / "table"
        self.assertEqual(self.succeed(*arguments, "--json", "-j", "3", "--out", out), text)
        self.assertEqual((out / "table.json").read_text(), text)
        self.assertEqual((out / "table.txt").read_text(), self.succeed(*arguments))

    def test_a_row_that_stands_twice_is_made_once(self):
        out = self.folder / "table"
        rows = self.table("compare", "spatten", "spatten", "-w", TRACE, "-w", TRACE, "-j", "4",
                          "--out", out)
        self.assertEqual(len(rows), 4)
        self.assertEqual(len(list((out / "rows").iterdir())), 1)

    def test_a_table_goes_on_where_it_stopped(self):
        out = self.folder / "table"
        arguments = ("compare", "spatten", "spatten_eighth", "-w", TRACE, "--out", out)
        text = self.succeed(*arguments)
        kept = sorted((out / "rows").iterdir())
        self.assertEqual(len(kept), 2)
        kept[0].unlink()
        old = kept[1].stat().st_ino
        self.assertEqual(self.succeed(*arguments), text)
        self.assertEqual(kept[1].stat().st_ino, old)  # taken, not made again
        kept[1].write_text("cut off")
        self.assertEqual(self.succeed(*arguments), text)
        other = self.succeed(*arguments, "--set", "multipliers=128")
        self.assertNotEqual(other, text)

    def test_a_row_that_was_changed_or_made_by_another_program_is_made_again(self):
        out = self.folder / "table"
        arguments = ("compare", "spatten", "-w", TRACE, "--out", out)
        text = self.succeed(*arguments)
        row, = (out / "rows").iterdir()
        whole = row.read_text()
        build = json.loads(whole)["build"]
        for changed in (whole.replace('"cycles": ', '"cycles": 1'),
                        whole.replace('"remark": ""', '"remark": "faster"'),
                        whole.replace(build, build[::-1]), whole + " "):
            self.assertNotEqual(changed, whole)
            row.write_text(changed)
            self.assertEqual(self.succeed(*arguments), text)
            self.assertEqual(row.read_text(), whole)
        self.assertNotIn(build, (out / "table.json").read_text())

    def test_machines_of_equal_size(self):
        rows = self.table("compare", "spatten_eighth", "hdp_edge", "hdp_server", "-w", TRACE,
                          "--equal", "multipliers", "--equal", "bandwidth", "--equal", "clock",
                          "--set", "spatten_eighth:clock_mhz=700")
        self.assertEqual([row["multipliers"] for row in rows], [128, 128, 256])  # cores of 256
        self.assertEqual([row["peak_bytes_per_s"] for row in rows], [64e9, 51.2e9, 64e9])
        self.assertEqual([row["clock_mhz"] for row in rows], [700] * 3)
        rows = self.table("compare", "spatten", "spatten_rtl_artifact", "-w", self.rows_file(),
                          "--equal", "multipliers", "--equal", "clock", "--set",
                          "spatten_rtl_artifact:buffer_lines=256", "--set",
                          "spatten_rtl_artifact:fetch_padding=32", "--set",
                          "spatten_rtl_artifact:bandwidth_downsample=1")
        self.assertEqual([row["multipliers"] for row in rows], [1024, 1024])
        self.refuse("--equal: area not in {multipliers,bandwidth,clock}, see hdpsim --help",
                    "compare", "spatten", "-w", TRACE, "--equal", "area")

    def test_this_computer_is_measured_beside_rows_that_stay_what_they_are(self):
        command = ("compare", "hdp_edge", "-w", TRACE, "--baseline", "none")
        rows = self.table(*command)
        decode = self.file("decode.json", json.dumps(DECODE))
        table = json.loads(self.succeed(*command, "-w", decode, "--host", "--json"))
        self.assertEqual(table["rows"][:1], rows)
        self.assertEqual([time["workload"] for time in table["host"]],
                         [row["workload"] for row in table["rows"]])
        for time in table["host"]:
            self.assertIs(time["measured"], True)
            self.assertGreaterEqual(time["runs"], 3)
            self.assertGreater(time["time_ns"], 0)
            self.assertLess(time["relative_frobenius"], 1e-5)
            self.assertGreater(time["relative_frobenius"], 0)
        self.assertIn("measured", self.succeed(*command, "--host").splitlines()[-1])
        self.refuse("--host: rows holds rows: there is nothing to multiply; allowed: traces, "
                    "batches, encoders", "compare", "spatten", "-w", self.rows_file(), "--host")

    def test_finished_reports_side_by_side(self):
        reports = []
        for machine in ("hdp_edge", "spatten"):
            self.succeed("run", machine, "-w", TRACE, "--out", self.folder / machine)
            reports.append(self.folder / machine / "report.json")
        rows = self.table("compare", *reports)
        self.assertEqual(rows, self.table("compare", "hdp_edge", "spatten", "-w", TRACE))
        self.refuse("hdp_edge: is no report, as others here are; allowed: reports alone, or "
                    "machines alone", "compare", reports[0], "hdp_edge", "-w", TRACE)
        self.refuse("FOLDER/hdp_edge/report.json: is a finished report: it is shown as it is; "
                    "allowed: no --workload, no --set, no --at, no --host", "compare", reports[0], "-w", TRACE)
        broken = json.loads(reports[0].read_text())
        del broken["cycles"]
        self.refuse("broken.json: cycles: is missing, or none that a report has; allowed: a report "
                    "of format report-1", "compare", self.file("broken.json",
                                                               json.dumps(broken)).name)
        self.refuse("--workload is required, see hdpsim --help", "compare", "spatten")

    def test_ablation_of_block_pruning(self):
        rows = self.table("ablate", "hdp_edge", "-w", TRACE)
        self.assertEqual([row["step"] for row in rows],
                         ["dense", "+ integer planes", "+ blocks, top_k", "+ blocks", "+ heads",
                          "+ approximation", "+ cascade", "+ split floor", "+ probability"])
        step = {row["step"]: row for row in rows}
        self.assertEqual(step["dense"]["cycles"],
                         self.report("hdp_edge", "-w", TRACE)["baseline"]["cycles"])
        self.assertEqual(step["dense"]["speedup"], 1)
        self.assertEqual(step["+ integer planes"]["mass_kept"], 1)
        self.assertEqual(step["+ integer planes"]["read_bytes"], step["dense"]["read_bytes"])
        self.assertLess(step["+ blocks"]["cycles"], step["+ integer planes"]["cycles"])
        self.assertLess(step["+ heads"]["read_bytes"], step["+ blocks"]["read_bytes"])
        self.assertLess(step["+ approximation"]["cycles"], step["+ heads"]["cycles"])
        self.assertLess(step["+ cascade"]["cycles"], step["+ approximation"]["cycles"])
        self.assertLess(step["+ probability"]["cycles"], step["+ split floor"]["cycles"])
        self.assertEqual(step["+ probability"]["remark"], "prune.probability={}")
        # A step that the machine leaves off takes a value of the kind's, and says which.
        self.assertEqual([row["remark"] for row in rows[2:6]],
                         ["prune.rule=top_k prune.keep=0.3", "", "prune.tau=2", ""])
        own = self.table("ablate", "hdp_edge", "-w", TRACE, "--set", "prune.tau=3")
        self.assertEqual(own[4]["remark"], "")
        self.assertLess(own[4]["cycles"], step["+ heads"]["cycles"])

    def test_ablation_shows_both_rules_of_block_pruning(self):
        ranks = ["--set", "prune.rule=top_k", "--set", "prune.keep=0.2"]
        rows = {row["step"]: row for row in self.table("ablate", "hdp_edge", "-w", TRACE, *ranks)}
        self.assertEqual(list(rows)[2:4], ["+ blocks, threshold", "+ blocks"])
        self.assertEqual(rows["+ blocks, threshold"]["remark"], "prune.rule=threshold prune.rho=0.2")
        off = {row["step"]: row for row in self.table("ablate", "hdp_edge", "-w", TRACE)}
        self.assertEqual(rows["+ blocks, threshold"]["cycles"], off["+ blocks"]["cycles"])
        self.assertLess(rows["+ blocks"]["cycles"], off["+ blocks, top_k"]["cycles"])

    def test_ablation_of_the_cascade(self):
        rows = {row["step"]: row for row in self.table("ablate", "spatten", "-w", TRACE)}
        self.assertEqual(list(rows)[:5], ["dense", "+ token", "+ head", "+ local value",
                                          "+ quantisation"])
        self.assertLess(rows["+ token"]["cycles"], rows["dense"]["cycles"])
        self.assertLess(rows["+ head"]["read_bytes"], rows["+ token"]["read_bytes"])
        sweep = [rows[f"top-k x{p}"]["cycles"] for p in (1, 2, 4, 8, 16, 32)]
        self.assertEqual(sweep[:5], sorted(set(sweep[:5]), reverse=True))
        self.assertEqual(sweep[4], sweep[5])  # the buffer gives 16 values a cycle

    def test_ablation_on_rows(self):
        rows_file = self.rows_file()
        for machine in ("spatten", "spatten_rtl_artifact"):
            report = self.report(machine, "-w", rows_file)
            rows = {row["step"]: row for row in self.table("ablate", machine, "-w", rows_file)}
            self.assertEqual(rows["dense"]["cycles"], report["baseline"]["cycles"])
            self.assertEqual(rows["+ quantisation"]["cycles"], report["cycles"])
            read = [rows[step]["read_bytes"] for step in ("dense", "+ token", "+ head",
                                                          "+ local value", "+ quantisation")]
            self.assertEqual(read, sorted(read, reverse=True), machine)

    def test_what_a_machine_cannot_play_is_one_line_before_anything_is_played(self):
        rows_file = self.rows_file()
        for command in ("compare", "ablate"):
            self.refuse("rows: hdp_edge (kind hdp) cannot play this workload; allowed: a trace of "
                        "Q, K, V (.safetensors, .json), a batch of traces (.json), an encoder with "
                        "its weights (.safetensors, .json)",
                        command, "hdp_edge", "-w", rows_file)
        message = (f"{TRACE}: spatten_rtl_artifact (kind spatten_rtl) cannot play this workload; "
                   "allowed: rows of the generation format (.csv)")
        self.refuse(message, "compare", "hdp_edge", "spatten_rtl_artifact", "-w", TRACE)
        self.refuse(message, "run", "spatten_rtl_artifact", "-w", TRACE)
        self.refuse("baseline spatten_rtl_artifact (--baseline none leaves it out): " + message,
                    "run", "hdp_edge", "-w", TRACE, "--baseline", "spatten_rtl_artifact")
        self.refuse("timeline: spatten_rtl_artifact (kind spatten_rtl) records no timeline", "run",
                    "spatten_rtl_artifact", "-w", rows_file, "--timeline", "t.json")
        self.refuse("fidelity: spatten_rtl_artifact (kind spatten_rtl) computes no outputs to "
                    "compare", "run", "spatten_rtl_artifact", "-w", rows_file, "--fidelity", "on")
        self.refuse("fidelity: spatten (kind spatten) needs values; rows holds rows", "run",
                    "spatten", "-w", rows_file, "--fidelity", "on")
        self.refuse("hdp_edge on " + TRACE + ": /core/score_sram/bytes: 1 bytes do not "
                    "hold the rows of a block of scores of 64 queries x 64 keys [bytes]; allowed: "
                    "at least 256", "compare", "hdp_edge", "-w", TRACE, "--set",
                    "core.score_sram.bytes=1", "--out", "table")
        self.assertEqual(self.left(), ["rows.csv"])


if __name__ == "__main__":
    unittest.main()
