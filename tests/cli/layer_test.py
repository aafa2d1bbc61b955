# SPDX-License-Identifier: Apache-2.0
"""hdpsim --layer: attention alone, or the layers around it, and workloads with weights."""
import json
import unittest

from support import TRACE, CliTest


class LayerTest(CliTest):
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
