# SPDX-License-Identifier: Apache-2.0
"""hdpsim run on the RTL of SpAtten's authors: what it reports, and what it says about mistakes."""
import json
import unittest

from support import CliTest


class SpattenRtlTest(CliTest):
    def rows(self, *changes):
        out = self.folder / "rows.csv"
        self.succeed("workload", "generate", "gpt2_small_per8", "--out", out, *changes)
        return out

    def test_the_report_has_the_rows_that_were_asked_for(self):
        report = json.loads(self.succeed("run", "spatten_rtl_artifact", "-w", self.rows(),
                                         "--iteration", 1, "--rows", 6, "--json", "--detail",
                                         "--set", "requantise=none"))
        self.assertEqual(report["format"], "report-1")
        self.assertEqual(report["machine"], "spatten_rtl_artifact")
        self.assertEqual((report["workload"]["rows"], report["workload"]["iterations"]), (6, 1))
        rows = report["rows"]
        self.assertEqual([row["row"] for row in rows], list(range(6)))
        self.assertEqual(max(row["response_cycle"] for row in rows), report["cycles"])
        self.assertFalse(any(row["requantised"] for row in rows))
        # Three pairs of 928 keys and 184 values of 96 bytes, after padding.
        self.assertEqual(report["memory"]["read_bytes"],
                         {"k": 3 * 928 * 96, "k_lsb": 0, "v": 3 * 184 * 96})
        self.assertEqual(report["memory"]["reads"] * 32,
                         sum(report["memory"]["read_bytes"].values()))
        self.assertEqual(report["memory"]["moved_bytes"], report["memory"]["reads"] * 32)
        for unit in report["units"].values():
            self.assertEqual(unit["jobs"], 6)
            cycles = unit["cycles"]
            self.assertEqual(cycles["total"], report["cycles"])
            self.assertEqual(cycles["idle"] + cycles["busy"], cycles["total"])
        self.assertGreater(report["baseline"]["speedup"], 1)
        self.assertEqual(report["provenance"]["cycle_model"], "measured on the authors' RTL")

    def test_the_configuration_of_a_run_gives_the_same_bytes(self):
        rows, first, again = self.rows(), self.folder / "first", self.folder / "again"
        run = ("-w", rows, "--iteration", 2, "--rows", 4, "--baseline", "none", "--json")
        self.succeed("run", "spatten_rtl_artifact", *run, "--out", first,
                     "--set", "multipliers=128", "--set", "bandwidth_downsample=4",
                     "--set", "buffer_lines=1024", "--set", "requantise=[]")
        self.succeed("run", first / "config.json", *run, "--out", again)
        self.assertEqual((first / "report.json").read_bytes(),
                         (again / "report.json").read_bytes())

    def test_padded_counts_decide_whether_there_are_more_values_than_keys(self):
        rows = self.rows()
        text = rows.read_text().splitlines()
        cells = text[1].split(",")
        cells[5], cells[11] = "300", "301"
        rows.write_text("\n".join([text[0], ",".join(cells)]) + "\n")
        run = ("-w", rows, "--baseline", "none", "--json")
        report = json.loads(self.succeed("run", "spatten_rtl_artifact", *run))
        cells[5] = cells[11] = "304"
        rows.write_text("\n".join([text[0], ",".join(cells)]) + "\n")
        full = json.loads(self.succeed("run", "spatten_rtl_artifact", *run))
        self.assertEqual(report["cycles"], full["cycles"])
        cells[11] = "305"
        rows.write_text("\n".join([text[0], ",".join(cells)]) + "\n")
        self.refuse("rows: row 0: 312 values of 304 keys after padding: the RTL stops with an "
                    "assertion; allowed: at most the keys", "run", "spatten_rtl_artifact", *run)
        self.refuse("rows: row 0: 305 values of 304 keys; allowed: at most the keys",
                    "run", "spatten", *run)

    def test_mistakes(self):
        rows = self.rows()
        run = ("run", "spatten_rtl_artifact", "-w", rows)
        self.refuse("rows: no row of iteration 99", *run, "--iteration", 99)
        self.refuse("requantise: there is no row 9; allowed: 0 to 1",
                    *run, "--rows", 2, "--set", "requantise=[9]")
        self.refuse('requantise: entry 1 of the list 0 is a number; allowed: numbers of rows from '
                    '0, in rising order', *run, "--set", "requantise=[0,0]")
        self.refuse('requantise: "al" is no choice; allowed: eligible, none, a list of row numbers',
                    *run, "--set", "requantise=al")
        self.refuse("--fidelity: there are no outputs to compare; rows holds rows; allowed: with "
                    "a trace", *run, "--fidelity", "off")
        self.refuse("-j: one thread plays it, others only decide on values; rows holds rows; "
                    "allowed: with a trace", *run, "-j", 2)
        self.refuse("--iteration: is for workload files of rows (.csv)",
                    "run", "hdp_edge", "-w", "minilm_sotu_n64", "--iteration", 1)


if __name__ == "__main__":
    unittest.main()
