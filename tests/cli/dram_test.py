# SPDX-License-Identifier: Apache-2.0
"""hdpsim dram: what it prints, and what it says about mistakes."""
import json
import struct
import unittest

from support import SOURCE, CliTest

STREAMS = SOURCE / "tests" / "memory" / "streams"


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
        rows = (*seq, "--map", "ro co ba bg ra ch")
        self.assertNotEqual(self.play(*rows)["row_hits"],
                            self.play(*rows, "--set", "scheduler=frfcfs_row_hit")["row_hits"])
        self.assertNotEqual(first["cycles"], self.play(*seq, "--map", "ro ba bg ra co ch")["cycles"])

    def test_every_shipped_memory_plays_with_both_controllers(self):
        for path in (SOURCE / "configs" / "memories").glob("*.json"):
            for controller in ("frfcfs_shared_queue", "bank_queues"):
                for feed in ("inorder", "perchan"):
                    report = self.play(path.stem, "--pattern", "mixseq", "--limit", 3000,
                                       "--controller", controller, "--feed", feed)
                    self.assertEqual((report["reads"], report["writes"]), (2000, 1000))

    def test_bandwidth_counts_bursts_on_the_bus(self):
        report = self.play("ddr4_2400r", "--requests", STREAMS / "seven_writes.txt",
                           "--controller", "bank_queues")
        self.assertEqual((report["cycles"], report["commands"]["WR"], report["buffered_writes"],
                          report["bandwidth_fraction"]), (1, 0, 7, 0))
        text = self.succeed("dram", "ddr4_2400r", "--controller", "bank_queues", "--requests",
                            STREAMS / "seven_writes.txt")
        self.assertIn("7 writes still buffered", text)
        report = self.play("ddr4_2400r", "--requests", STREAMS / "reads_of_fresh_writes.txt")
        bursts = report["commands"]["RD"] + report["commands"]["WR"]
        self.assertEqual(bursts + report["forwarded_reads"] + report["merged_writes"], 400)
        self.assertAlmostEqual(report["bandwidth_fraction"], 4 * bursts / report["cycles"])
        self.assertLessEqual(report["bandwidth_gb_per_s"], report["peak_gb_per_s"])

    def test_loads_are_shares(self):
        ranks = self.play("ddr4_2400r", "--pattern", "seq", "--limit", 100000, "--map",
                          "ro co ba bg ra ch", "--set", "organisation.ranks=8")
        self.assertAlmostEqual(ranks["load"]["data_bus"], 0.90, places=2)
        end = self.play("ddr4_2400r", "--requests", STREAMS / "last_request_near_the_end.txt")
        self.assertLessEqual(max(end["load"].values()), 1)
        stock = self.play("ddr4_3200_stock", "--pattern", "seq", "--limit", 20000)
        self.assertEqual(stock["limiter"]["name"], "bank_group")

    def test_energy_has_one_boundary(self):
        for memory in ("ddr4_3200aa", "lpddr4_3200", "hbm2_2000"):
            report = self.play(memory, "--pattern", "mixseq", "--limit", 3000)
            parts = report["energy_boundary"]
            self.assertAlmostEqual(parts["core_pj"] + parts["io_pj"] + parts["phy_pj"],
                                   report["energy_pj"]["total"], places=3)
            self.assertGreater(parts["io_pj"], 0)
            self.assertIn("PHY", parts["leaves_out"])
            for entry, value in report["config"]["interface"].items():
                if entry != "leaves_out":
                    self.assertTrue(value["source"], f"{memory} {entry}")

    def test_power_down_is_a_setting(self):
        idle = ("ddr4_2400r", "--pattern", "burst20k", "--limit", 3000)
        awake, asleep = self.play(*idle), self.play(*idle, "--set", "power_down.when_idle=true")
        self.assertEqual(awake["energy_pj"]["active_power_down"], 0)
        self.assertGreater(asleep["energy_pj"]["active_power_down"], 0)
        self.assertLess(asleep["energy_pj"]["total"], awake["energy_pj"]["total"])

    def test_a_poor_map_is_remarked_on(self):
        poor = ("ddr4_2400r", "--pattern", "mix3", "--limit", 6000, "--map")
        said = self.play(*poor, "ro co ba bg ra ch")["remarks"]
        self.assertRegex(said[0], r'^A row of the DRAM, 8192 bytes, is opened for \d+ of them: .* '
                                  r'the map "ro ba ra co bg pc ch" keeps a stream in its rows')
        self.assertIn("note: A row", self.succeed("dram", *poor, "ro co ba bg ra ch"))
        self.assertNotEqual(self.play(*poor, "ro ba^ro ra co bg ch")["bytes_per_activation"],
                            self.play(*poor, "ro ba ra co bg ch")["bytes_per_activation"])

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
        self.refuse("/timing/rc: 55; allowed: at least timing.ras + timing.rp, 68",
                    *seq, "--set", "timing.ras=52")
        self.refuse('/map: field "co" cannot be folded with the row; allowed: ro ra bg ba co pc ch, '
                    "each at most once", *seq, "--map", "ro ba bg co^ro ra ch")
        self.refuse(f"{STREAMS}/beyond_capacity.txt, line 2: address 8589934592; allowed: addresses "
                    "below 8589934592, the capacity", "dram", "ddr4_2400r", "--requests",
                    STREAMS / "beyond_capacity.txt")
        self.succeed("dram", "ddr4_2400r", "--requests", STREAMS / "beyond_capacity.txt",
                     "--limit", 1)
        self.refuse('FOLDER/bad.txt, line 1: "Q"; allowed: R or W, then ADDRESS [NOT_BEFORE]',
                    "dram", "ddr4_2400r", "--requests", self.file("bad.txt", "Q 0"))


if __name__ == "__main__":
    unittest.main()
