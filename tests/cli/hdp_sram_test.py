# SPDX-License-Identifier: Apache-2.0
"""What sizes, ports and sharing cost on whole runs: examples that were once free."""
import unittest

from support import SOURCE, TRACE, CliTest

GROUPED = SOURCE / "tests" / "faults" / "gqa_71_to_1.safetensors"  # 71 query heads, one of K and V


class HdpSramTest(CliTest):
    def cycles(self, machine, *changes):
        arguments = [part for change in changes for part in ("--set", change)]
        return self.report(machine, "-w", TRACE, "--baseline", "none", "--fidelity", "off",
                           *arguments)["cycles"]

    def test_an_sram_below_one_tile(self):
        self.refuse("/core/v_sram/bytes: 1 bytes do not hold one tile of V of 64 queries x 64 keys "
                    "[bytes]; allowed: at least 512", "run", "hdp_edge", "-w", TRACE, "--set",
                    "core.v_sram.bytes=1")

    def test_a_smaller_sram_is_no_faster(self):
        for machine, v_bytes in (("hdp_edge", 512), ("dense", 1024)):
            whole = self.report(machine, "-w", TRACE, "--baseline", "none", "--fidelity", "off")
            pieces = self.report(machine, "-w", TRACE, "--baseline", "none", "--fidelity", "off",
                                 "--set", f"core.v_sram.bytes={v_bytes}")
            self.assertGreater(pieces["cycles"], whole["cycles"], machine)
            self.assertGreaterEqual(pieces["memory"]["read_bytes"]["v"],
                                    whole["memory"]["read_bytes"]["v"], machine)

    def test_narrow_words_hurt_every_machine(self):
        narrow = [f"core.{sram}_sram.{setting}=1" for sram in "kv" for setting in
                  ("word_bits", "banks")]
        for machine in ("dense", "hdp_edge", "hdp_server"):
            self.assertGreater(self.cycles(machine, *narrow), 4 * self.cycles(machine), machine)

    def test_heads_that_share_k_and_v_fetch_them_once_a_slice(self):
        arguments = ["hdp_server", "-w", GROUPED, "--set", "memory.model=ddr4_3200aa", "--set",
                     "memory.dram.controller=bank_queues", "--baseline", "none", "--fidelity", "off"]
        shared = self.report(*arguments)
        apart = self.report(*arguments, "--set", "scheduling.slice_heads=1")
        # min(71, ceil(71 / 12)) = 6 heads: 12 slices. Sixteen keys of sixteen integer parts.
        row = apart["memory"]["read_bytes"]["k_int"] / (71 * 16)
        self.assertEqual(shared["memory"]["read_bytes"]["k_int"], 12 * 16 * row)
        self.assertEqual(shared["decisions"], apart["decisions"])
        for report in (shared, apart):  # what is drained behind the end is no bandwidth of the run
            self.assertLessEqual(report["performance"]["bandwidth_share"], 1)
        self.assertEqual(apart["sections"]["hdp"]["unshared_bytes"],
                         sum(apart["memory"]["read_bytes"].values()) -
                         sum(shared["memory"]["read_bytes"].values()))
        self.assertTrue(any("fetch them apart" in remark for remark in apart["remarks"]))

    def test_cores_without_work(self):
        idle = self.report("hdp_server", "-w", TRACE, "--baseline", "none", "--fidelity", "off",
                           "--set", "cores=14")
        self.assertIn("12 slices of heads on 14 cores: 2 have no work.", idle["remarks"])

    def test_planes_that_are_split_on_fetch(self):
        arguments = ["hdp_edge", "-w", TRACE, "--baseline", "none", "--fidelity", "off"]
        stored = self.report(*arguments)["memory"]["read_bytes"]
        split = self.report(*arguments, "--set", "core.fetch.planes=split_on_fetch")["memory"][
            "read_bytes"]
        self.assertEqual((split["q_frac"], split["k_frac"]), (0, 0))
        self.assertEqual(split["q_int"], stored["q_int"] + stored["q_frac"])
        self.assertEqual(split["v"], stored["v"])


if __name__ == "__main__":
    unittest.main()
