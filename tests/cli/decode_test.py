# SPDX-License-Identifier: Apache-2.0
"""Generating: batches of sequences, heads that share K and V, long contexts in little memory."""
import json
import os
import subprocess
import unittest

from support import HDPSIM, CliTest

SHAPE = {"model": "smollm2_135m", "stage": "decode", "n_ctx": 40, "steps": 3, "layers": 2,
         "heads": 6}
MACHINES = ("hdp_edge", "dense", "spatten")


class DecodeTest(CliTest):
    def shape(self, name, **changes):
        return self.file(name, json.dumps({**SHAPE, **changes}))

    def batch(self, *sequences):
        return self.file("batch.json", json.dumps({"batch": list(sequences)}))

    def test_a_batch_of_one_is_the_sequence_alone_but_for_its_name(self):
        alone = self.shape("alone.json")
        for machine in MACHINES:
            one, other = (self.report(machine, "-w", workload, "--detail")
                          for workload in (alone, self.batch("alone.json")))
            self.assertEqual(other.pop("workload")["sequences"][0]["name"],
                             one.pop("workload")["name"])
            self.assertEqual(one, other)

    def test_a_batch_does_what_its_sequences_do(self):
        sequences = [self.shape("a.json"), self.shape("b.json", n_ctx=9, steps=5)]
        for machine in MACHINES:
            fixed = [] if machine == "spatten" else ["--set", "prune.fraction_bits=10"]
            together = self.report(machine, "-w", self.batch("a.json", "b.json"), *fixed)
            alone = [self.report(machine, "-w", sequence, *fixed) for sequence in sequences]
            for kind in ("read_bytes", "written_bytes"):
                for tensor, count in together["memory"][kind].items():
                    self.assertEqual(count, sum(run["memory"][kind][tensor] for run in alone))
            self.assertEqual(together["macs"],
                             {phase: sum(run["macs"][phase] for run in alone)
                              for phase in together["macs"]})

    def test_every_command_takes_a_batch(self):
        self.shape("a.json")
        batch = self.batch("a.json", {**SHAPE, "seed": 2})
        rows = json.loads(self.succeed("compare", *MACHINES, "-w", batch, "--json"))["rows"]
        self.assertEqual([row["workload"] for row in rows], ["batch"] * len(MACHINES))
        steps = json.loads(self.succeed("ablate", "spatten", "-w", batch, "--json"))["rows"]
        self.assertGreater(len(steps), 2)
        self.assertIn("batch of 2, ", self.succeed("run", "hdp_edge", "-w", batch))
        shown = json.loads(self.succeed("inspect", batch, "--json"))
        self.assertEqual([sequence["n_k"] for sequence in shown["sequences"]], [43, 43])

    def test_mistakes_in_a_batch_are_one_line(self):
        self.batch(SHAPE, {**SHAPE, "stage": "prefill"})
        self.refuse("batch.json: /batch/1: prefill; allowed: decode as sequence 0",
                    "run", "hdp_edge", "-w", "batch.json")
        self.batch("gone.safetensors")
        self.refuse("batch.json: /batch/0: gone.safetensors: no such file",
                    "run", "hdp_edge", "-w", "batch.json")
        self.batch({**SHAPE, "steps": 0})
        self.refuse("batch.json: /batch/0/steps: 0 is outside [1, 1048576] [tokens]",
                    "run", "hdp_edge", "-w", "batch.json")
        self.batch(SHAPE)
        self.refuse("batch: spatten_rtl_artifact (kind spatten_rtl) cannot play this workload; "
                    "allowed: rows of the generation format (.csv)",
                    "compare", "hdp_edge", "spatten_rtl_artifact", "-w", "batch.json")

    def test_what_sharing_would_save_is_what_it_saves(self):
        shape = self.shape("shape.json")
        shared = self.report("spatten", "-w", shape)
        apart = self.report("spatten", "-w", shape, "--set", "slice_heads=1")
        self.assertEqual(shared["sections"]["spatten"], {"slice_heads": 3})
        read = [sum(run["memory"]["read_bytes"].values()) for run in (apart, shared)]
        self.assertEqual(apart["sections"]["spatten"]["unshared_bytes"], read[0] - read[1])
        self.assertIn("slice_heads=0 would read", " ".join(apart["remarks"]))
        self.assertGreater(apart["energy_pj"]["total"], shared["energy_pj"]["total"])

    def peak(self, *arguments):
        """Of the memory of a run, in bytes."""
        with subprocess.Popen([HDPSIM, "run", *map(str, arguments), "--baseline", "none", "-j", "1"],
                              stdout=subprocess.DEVNULL) as run:
            _, status, usage = os.wait4(run.pid, 0)
            run.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(run.returncode, 0)
        return usage.ru_maxrss * 1024

    def test_memory_is_linear_in_the_context(self):
        room = {"hdp_edge": ["core.score_sram.bytes=262144", "core.mask_sram.bytes=131072"],
                "spatten": ["k_buffer_bytes=2000000", "v_buffer_bytes=2000000"]}
        for machine, changes in room.items():
            settings = [word for change in changes for word in ("--set", change)]
            short, long = (
                self.peak(machine, *settings, "-w",
                          self.shape("long.json", n_ctx=n_ctx, steps=2, layers=1, heads=3))
                for n_ctx in (8192, 16384))
            self.assertLess(long, 2.1 * short, machine)


if __name__ == "__main__":
    unittest.main()
