# SPDX-License-Identifier: Apache-2.0
"""hdpsim --layer: attention alone, or the layers around it, and workloads with weights."""
import json
import struct
import unittest

from support import TRACE, CliTest, safetensors

KINDS = ("hdp_edge", "dense", "spatten", "token_picker", "leopard_ae", "leopard_hp", "sta")
WHOLE = ("--layer", "whole", "--hidden", "384", "--ffn", "1536")
PARTS = ("attention.self.query", "attention.self.key", "attention.self.value",
         "attention.output.dense", "intermediate.dense", "output.dense")


def encoder_file(n, hidden, ffn, prefix=""):
    """An encoder of two heads, one layer, F32, without biases and norms."""
    shapes = {"input": [n, hidden]}
    for part in PARTS:
        rows, columns = ((ffn, hidden) if part == "intermediate.dense" else
                         (hidden, ffn) if part == "output.dense" else (hidden, hidden))
        shapes[f"{prefix}encoder.layer.0.{part}.weight"] = [rows, columns]
    header, data = {"__metadata__": {"heads": "2"}}, b""
    for name, (rows, columns) in shapes.items():
        values = [((i * 37 + 7 * len(shapes) + rows) % 61 - 30) / 64 for i in range(rows * columns)]
        begin = len(data)
        data += struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": [rows, columns],
                        "data_offsets": [begin, len(data)]}
    return safetensors(header, data)


def weights(report):
    return report["memory"]["read_bytes"]["weights"]


class LayerTest(CliTest):
    def test_every_kind_plays_whole_layers_of_a_real_trace(self):
        table = json.loads(self.succeed("compare", *KINDS, "-w", TRACE, *WHOLE, "--baseline",
                                        "none", "--json"))
        self.assertEqual([row["machine"] for row in table["rows"]], list(KINDS))
        for row in table["rows"]:
            alone = self.report(row["machine"], "-w", TRACE, "--baseline", "none")
            whole = self.report(row["machine"], "-w", TRACE, "--baseline", "none", *WHOLE)
            section = whole["sections"]["layers"]
            self.assertEqual(row["cycles"], whole["cycles"])
            self.assertEqual(section["cycles"]["attention"], alone["cycles"])
            self.assertEqual(sum(section["cycles"].values()), whole["cycles"])
            self.assertEqual(sum(size["times"] * size["cycles"] for size in section["sizes"]),
                             section["cycles"]["layers"])
            self.assertEqual(section["attention_share"]["cycles"],
                             alone["cycles"] / whole["cycles"])
            self.assertEqual(whole["error"], alone["error"])
            self.assertEqual(whole["workload"]["layer"], "whole")
            self.assertGreaterEqual(weights(whole), 6 * (4 * 384 * 384 + 2 * 384 * 1536) // 4)
            for unit in whole["units"].values():
                times = unit["cycles"]
                self.assertEqual(times["idle"] + times["busy"] + sum(times["blocked"].values()),
                                 whole["cycles"])

    def test_hdp_with_masks_of_weights_in_front(self):
        encoder = self.file("e.json", json.dumps({"encoder": {"model": "bert_tiny", "n": 16}}))
        masked = ("--set", "layer.kept=2", "--set", "layer.of=8")
        dense = self.report("hdp_edge", "-w", encoder)
        hybrid = self.report("hdp_edge", "-w", encoder, *masked)
        # Two codes of 8 bits and a map of 8 for every eight codes.
        self.assertEqual(weights(hybrid) * 8, weights(dense) * 3)
        self.assertEqual(weights(dense), 4 * 128 * 128 + 2 * 128 * 512)
        self.assertEqual(hybrid["baseline"]["cycles"], dense["baseline"]["cycles"])
        self.assertEqual(dense["sections"]["encoder"]["masks"], [0.0])
        self.assertGreater(hybrid["sections"]["encoder"]["masks"][0], 0.1)
        self.refuse("layer.kept: 2 changes nothing: attention alone is played; allowed: with "
                    "--layer whole", "run", "hdp_edge", "-w", TRACE, *masked)

    def test_a_bert_checkpoint_with_its_input_is_a_workload(self):
        reports = []
        for prefix in ("", "bert."):
            written = self.file("m.safetensors", encoder_file(5, 8, 12, prefix))
            reports.append(self.report("sta", "-w", written, "--baseline", "none"))
        self.assertEqual(reports[0]["cycles"], reports[1]["cycles"])
        self.assertEqual(reports[0]["sections"], reports[1]["sections"])
        self.assertEqual(reports[0]["workload"]["ffn"], 12)
        # 2:8 of rows of 8 and 12 codes: one and two groups of 2 codes and a map, 3 bytes each.
        self.assertEqual(weights(reports[0]), 3 * (4 * 8 + 12 + 8 * 2))

    def test_threads_change_nothing(self):
        encoder = self.file("e.json", json.dumps({"encoder": {"model": "bert_tiny", "layers": 2}}))
        one = self.succeed("run", "sta", "-w", encoder, "--json", "-j", "1")
        self.assertEqual(one, self.succeed("run", "sta", "-w", encoder, "--json", "-j", "4"))

    def test_a_step_of_decode_reads_all_weights(self):
        decode = self.file("d.json", json.dumps({"model": "gpt2", "stage": "decode", "n_ctx": 9,
                                                 "steps": 3, "layers": 2, "heads": 12}))
        report = self.report("sta", "-w", decode, "--layer", "whole", "--baseline", "none")
        self.assertEqual(weights(report), 6 * (4 * 768 * 768 + 2 * 768 * 3072) * 3 // 8)
        self.assertEqual([size["times"] for size in report["sections"]["layers"]["sizes"]], [6])

    def test_widths_that_are_not_known_are_asked_for(self):
        self.refuse(f"{TRACE}: does not say how wide its layers are: hidden; allowed: metadata "
                    "'hidden' and 'ffn', or --hidden and --ffn",
                    "run", "hdp_edge", "-w", TRACE, "--layer", "whole")
        self.refuse("--ffn: is the width of a layer; allowed: with --layer whole",
                    "run", "hdp_edge", "-w", TRACE, "--ffn", "12")

    def test_attention_alone_is_what_a_trace_is_for(self):
        plain = self.succeed("run", "hdp_edge", "-w", TRACE, "--json")
        self.assertEqual(
            self.succeed("run", "hdp_edge", "-w", TRACE, "--layer", "attention", "--json"), plain)

    def test_an_encoder_is_listed_inspected_and_refused_by_name(self):
        encoder = self.file("e.json", json.dumps({"encoder": {"model": "bert_tiny", "n": 9}}))
        shown = json.loads(self.succeed("inspect", encoder, "--json"))
        self.assertEqual((shown["layer"], shown["hidden"], shown["ffn"], shown["n_q"]),
                         ("whole", 128, 512, 9))
        self.assertIn("9 tokens", self.succeed("inspect", encoder))
        wrong = self.file("w.json", json.dumps({"encoder": {"models": "bert_tiny"}}))
        self.refuse("FOLDER/w.json: /encoder/models: no such setting; did you mean 'model'?",
                    "run", "hdp_edge", "-w", wrong)


if __name__ == "__main__":
    unittest.main()
