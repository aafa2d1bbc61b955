# SPDX-License-Identifier: Apache-2.0
"""hdpsim dram: what it prints, and what it says about mistakes."""
import json
import struct
import unittest

from support import SOURCE, CliTest

MAP = "ro co ba bg ra ch"


class DramTest(CliTest):
    def play(self, *arguments):
        return json.loads(self.succeed("dram", *arguments, "--json"))

    def test_a_single_read_opens_its_row(self):
        report = self.play("ddr4_2400r", "--requests", self.file("one.txt", "R 0x40\n"))
        self.assertEqual({key: report[key] for key in (
            "cycles", "last_read_cycle", "reads", "writes", "row_hits", "row_misses",
            "row_conflicts", "mean_read_latency_cycles")},
            {"cycles": 37, "last_read_cycle": 36, "reads": 1, "writes": 0, "row_hits": 0,
             "row_misses": 1, "row_conflicts": 0, "mean_read_latency_cycles": 37.0})
        self.assertEqual(report["commands"],
                         {"ACT": 1, "PRE": 0, "PREA": 0, "RD": 1, "WR": 0, "REF": 0})
        self.assertAlmostEqual(report["bandwidth_fraction"], 4 / 37)
        parts = report["energy_pj"]
        self.assertAlmostEqual(parts.pop("total"), sum(parts.values()))

    def test_records_and_lines_are_the_same_requests(self):
        text = self.file("two.txt", "R 0\nW 4096 100\n")
        records = self.file("two.bin", struct.pack("<QIIQII", 0, 0, 0, 4096, 100, 1))
        a, b = (self.play("hbm2_2000", "--requests", path) for path in (text, records))
        del a["requests"], b["requests"]
        self.assertEqual(a, b)

    def test_settings_change_the_controller_and_the_scheduler(self):
        seq = ("ddr4_2400r", "--pattern", "seq", "--limit", 20000)
        first = self.play(*seq)
        self.assertEqual(first["config"]["controller"], "frfcfs_shared_queue")
        self.assertNotEqual(first["cycles"], self.play(*seq, "--controller", "bank_queues")["cycles"])
        self.assertNotEqual(first["row_hits"],
                            self.play(*seq, "--set", "scheduler=frfcfs_row_hit")["row_hits"])
        self.assertNotEqual(first["cycles"], self.play(*seq, "--map", "ro ba bg ra co ch")["cycles"])

    def test_every_shipped_memory_plays_with_both_controllers(self):
        for path in (SOURCE / "configs" / "memories").glob("*.json"):
            for controller in ("frfcfs_shared_queue", "bank_queues"):
                for feed in ("inorder", "perchan"):
                    report = self.play(path.stem, "--pattern", "mixseq", "--limit", 3000,
                                       "--controller", controller, "--feed", feed)
                    self.assertEqual((report["reads"], report["writes"]), (2000, 1000))

    def test_mistakes(self):
        seq = ("dram", "ddr4_2400r", "--pattern", "seq")
        self.refuse("dram: no requests were given; allowed: either --requests FILE or "
                    "--pattern NAME", *seq[:2])
        self.refuse('/map: "bx" is no address field; allowed: ro ra bg ba co pc ch, each at most '
                    "once; did you mean 'bg'?", *seq, "--map", "ro co ba bx")
        self.refuse('--feed: "perchn"; allowed: inorder, perchan; did you mean \'perchan\'?',
                    *seq, "--feed", "perchn")
        self.refuse('controller: "bank_queue" is no choice; allowed: frfcfs_shared_queue, '
                    "bank_queues; did you mean 'bank_queues'?", *seq, "--controller", "bank_queue")
        self.refuse('FOLDER/bad.txt, line 1: "Q"; allowed: R or W, then ADDRESS [NOT_BEFORE]',
                    "dram", "ddr4_2400r", "--requests", self.file("bad.txt", "Q 0"))


if __name__ == "__main__":
    unittest.main()
