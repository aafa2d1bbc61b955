# SPDX-License-Identifier: Apache-2.0
"""hdpsim run --map: what heads keep, beside the decisions of the same run; what is refused."""
import json
import re
import unittest

from support import TRACE, CliTest, hdpsim

HEADS = [(layer, head) for layer in range(6) for head in range(12)]


def total(report, name):
    return sum(sum(map(sum, one[name])) for one in report["maps"])


class MapTest(CliTest):
    def test_maps_of_all_heads_add_up_to_the_decisions(self):
        every = ",".join(f"{layer}:{head}" for layer, head in HEADS)
        for machine, kept in (("hdp_edge", "kept_entries"), ("leopard_hp", "survivors"),
                              ("token_picker", "value_rows_fetched")):
            report = self.report(machine, "-w", TRACE, "--map", every, "--baseline", "none")
            self.assertEqual([(one["layer"], one["head"]) for one in report["maps"]], HEADS)
            self.assertEqual(total(report, "kept"), report["decisions"][kept], machine)
            self.assertEqual(total(report, "allowed"), len(HEADS) * 64 * 64)

    def test_a_map_changes_nothing_else(self):
        plain = self.report("spatten", "-w", TRACE)
        self.assertNotIn("maps", plain)
        mapped = self.report("spatten", "-w", TRACE, "--map", "0:3", "--map", "0:3")
        self.assertEqual(len(mapped.pop("maps")), 1)
        self.assertEqual(mapped, plain)
        self.assertIn("map                layer 0, head 3: ", self.succeed("run", "spatten", "-w", TRACE, "--map", "0:3"))

    def test_cells_of_a_long_trace(self):
        self.file("long.json", json.dumps({"model": "bert_tiny", "n": 130, "layers": 1}))
        one, = self.report("hdp_edge", "-w", self.folder / "long.json", "--map", "0:1", "--baseline", "none")["maps"]
        self.assertEqual((one["queries"], one["cell_queries"], one["keys"], one["cell_keys"]), (130, 3, 130, 3))
        self.assertEqual([len(one["kept"]), len(one["kept"][0])], [44, 44])
        self.assertEqual((one["allowed"][0][0], one["allowed"][0][43], one["allowed"][43][43]), (9, 3, 1))

    def test_sequences_of_a_batch_are_named(self):
        self.file("batch.json", json.dumps({"batch": [TRACE, TRACE]}))
        said = self.succeed("run", "hdp_edge", "-w", "batch.json", "--map", "0:3", cwd=self.folder)
        self.assertEqual(re.findall(r"sequence (\d), layer 0, head 3: (\d+) of 4096", said), [("0", "952"), ("1", "952")])

    def test_a_point_of_a_sweep_and_whole_layers(self):
        self.file("sweep.json", json.dumps({"machine": "hdp_edge", "workload": TRACE,
                                            "axes": [{"path": "prune.rho", "values": [0, 0.5]}]}))
        hdpsim("sweep", "sweep.json", "--out", "out", cwd=self.folder).check_returncode()
        report = json.loads(self.succeed("run", "out", "--point", "1", "--map", "2:5", "--json", cwd=self.folder))
        self.assertEqual(report["maps"][0]["layer"], 2)
        whole = self.report("hdp_edge", "-w", TRACE, "--set", "prune.rho=0.5", "--map", "2:5", "--layer", "whole",
                            "--hidden", "384", "--ffn", "1536")
        self.assertEqual(whole["maps"], report["maps"])

    def test_mistakes_are_one_line(self):
        for text in ("x", "0", "0:", ":1", "0:3x", "0:3:4", "99999999999999999999:1"):
            self.refuse(f'--map: "{text}" names no head; allowed: LAYER:HEAD, such as 0:3', "run", "hdp_edge", "-w",
                        TRACE, "--map", text)
        self.refuse(f"map 6:0: {TRACE} has no layer 6; allowed: layers 0 to 5", "run", "hdp_edge", "-w", TRACE, "--map",
                    "6:0", "--out", "out")
        self.refuse(f"map 0:12: {TRACE} has no head 12; allowed: heads 0 to 11", "run", "hdp_edge", "-w", TRACE,
                    "--map", "0:12")
        self.assertEqual(self.left(), [])


if __name__ == "__main__":
    unittest.main()
