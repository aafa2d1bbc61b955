# SPDX-License-Identifier: Apache-2.0
"""A mistake in a file: the path of the setting, the value, what is allowed; nothing is written."""
import json
import re
import struct
import unittest

from support import TRACE, CliTest, hdpsim, safetensors


def weights_file(shape=(2, 2), values=(1, 2, 3, 4)):
    """A file of one F32 tensor `w`."""
    data = struct.pack("<%df" % len(values), *values)
    return safetensors({"w": {"dtype": "F32", "shape": list(shape),
                              "data_offsets": [0, len(data)]}}, data)


class ConfigMistakeTest(CliTest):
    def refuse_machine(self, text, message):
        self.file("m.json", text)
        self.refuse(message, "run", "m.json", "--workload", TRACE, "--out", "out/deep")
        self.assertEqual(self.left(), ["m.json"])

    def refuse_workload(self, settings, message):
        self.file("w.json", json.dumps(settings))
        self.refuse(message, "run", "hdp_edge", "--workload", "w.json", "--out", "out/deep",
                    "--timeline", "out/deep/timeline.json", "--baseline", "none")
        self.assertEqual(self.left(), ["w.json"])

    def refuse_cases(self, cases, message):
        self.file("c.json", cases)
        self.refuse(message, "prune", TRACE, "--cases", "c.json", "--out", "decisions.json")
        self.assertEqual(self.left(), ["c.json"])

    def test_unknown_keys(self):
        self.refuse_machine('{"prune": {"rhoo": 0.2}}',
                            "m.json: /prune/rhoo: no such setting; did you mean 'rho'?")
        self.refuse_machine('{"prune": {"rho": 0.2, "rho": 0.2}}',
                            "m.json: /prune/rho: this key stands here twice")

    def test_values_out_of_range(self):
        self.refuse_machine('{"prune": {"rho": 1.5}}',
                            "m.json: /prune/rho: 1.5 is outside (-1, 1)")
        self.refuse_machine('{"core": {"contexts": 0}}',
                            "m.json: /core/contexts: 0 is outside [1, 16] [slices]")

    def test_a_setting_that_moved(self):
        self.refuse_machine('{"core": {"q_sram_bytes": 1}}', "m.json: /core/q_sram_bytes: no such "
                            "setting, it is /core/q_sram/bytes now")
        self.refuse("core.mask_sram_bytes: no such setting, it is core.mask_sram.bytes now", "run",
                    "hdp_edge", "-w", TRACE, "--set", "core.mask_sram_bytes=1")

    def test_wrong_types(self):
        self.refuse_machine('{"prune": {"rho": "much"}}',
                            'm.json: /prune/rho: "much" is text, expected a number')
        self.refuse_machine('{"core": {"contexts": 1.5}}',
                            "m.json: /core/contexts: 1.5 is not an integer [slices]")
        self.refuse_machine('{"cores": null}',
                            "m.json: /cores: null is no value, expected an integer [cores]")

    def test_unknown_choices(self):
        self.refuse_machine('{"prune": {"masked": "exclud"}}',
                            'm.json: /prune/masked: "exclud" is no choice; allowed: exclude, zero; '
                            "did you mean 'exclude'?")
        self.refuse_machine('{"energy_table": "recalled_54nm"}',
                            "recalled_54nm: neither a name in energy nor a file; "
                            "allowed: cacti7, recalled_45nm; did you mean 'recalled_45nm'?")

    def test_a_node_that_the_energy_table_does_not_have(self):
        self.refuse_machine('{"energy": {"node_nm": 22}}',
                            "/energy/node_nm, /energy/cell_type: 22 nm unnamed is not in the table "
                            "recalled_45nm; allowed: 45 nm unnamed; energy_table names another table")

    def test_settings_that_contradict_each_other(self):
        self.refuse_machine('{"prune": {"block_size": 3}}',
                            "/core/pe_array/rows: 8 is no multiple of /prune/block_size 3 [PEs]; "
                            "allowed: multiples of 3, so that no block straddles two tiles")

    def test_settings_that_the_rule_does_not_look_at(self):
        def refuse(message, *settings):
            changes = [word for setting in settings for word in ("--set", setting)]
            self.refuse(message, "run", "hdp_edge", "-w", TRACE, "--out", "out", *changes)
            self.assertEqual(self.left(), [])
        threshold = " changes nothing: prune.rule is threshold; allowed: with prune.rule=top_k"
        top_k = " changes nothing: prune.rule is top_k; allowed: with prune.rule=threshold"
        refuse("prune.keep: 0.5 changes nothing: rule is threshold; allowed: with "
               "prune.rule=top_k", "prune.keep=0.5")
        refuse("core.sparsity_engine.top_k.rows: 2" + threshold, "core.sparsity_engine.top_k.rows=2")
        refuse("prune.rho: 0.3 changes nothing: rule is top_k; allowed: with prune.rule=threshold",
               "prune.rho=0.3", "prune.rule=top_k")
        refuse("core.sparsity_engine.compares_per_cycle: 8" + top_k, "prune.rule=top_k",
               "core.sparsity_engine.compares_per_cycle=8")
        refuse("/prune/keep: 0 keeps no block [share]; allowed: above 0, up to 1",
               "prune.rule=top_k", "prune.keep=0")

    def test_a_file_may_hold_values_for_both_rules(self):
        self.file("m.json", '{"prune": {"rule": "top_k", "keep": 0.5, "rho": 0.4}}')
        self.succeed("run", "m.json", "-w", TRACE, "--fidelity", "off", "--baseline", "none",
                     "--set", 'prune={"keep": 0.25}', cwd=self.folder)

    def test_text_that_is_no_json(self):
        self.refuse_machine('{"a":', "m.json:1:6: syntax error while parsing value - unexpected "
                                     "end of input; expected '[', '{', or a literal")

    def test_workloads(self):
        self.refuse_workload({"model": "bert_tinny"},
                             "w.json: /model: unknown model 'bert_tinny'; allowed: bert_base, "
                             "bert_tiny, gpt2, minilm_l6, smollm2_135m, "
                             "tinybert_4; did you mean 'bert_tiny'?")
        self.refuse_workload({"n": 0}, "w.json: /n: 0 is outside [1, 1048576] [tokens]")

    def test_a_workload_that_the_machine_cannot_hold(self):
        self.file("w.json", '{"model": "bert_tiny", "layers": 1, "heads": 1, "n": 2056}')
        too_large = ["run", "hdp_edge", "--workload", "w.json", "--out", "out/deep",
                     "--set", "core.mask_sram.bytes=1"]
        run = hdpsim(*too_large, cwd=self.folder)
        self.assertEqual((run.returncode, run.stdout), (2, b""))
        self.assertEqual(self.left(), ["w.json"])
        said = re.fullmatch(r"hdpsim: /core/mask_sram/bytes: 1 bytes do not hold [^\n]* of 2056 "
                            r"queries x 2056 keys \[bytes\]; allowed: at least (\d+), or a larger /prune/block_size, or a "
                            r"smaller /scheduling/slice_heads\n",
                            run.stderr.decode())
        self.assertIsNotNone(said, run.stderr)
        self.succeed(*too_large, "--set", f"core.mask_sram.bytes={said[1]}", "--fidelity", "off",
                     "--baseline", "none", cwd=self.folder)

    def test_spatten_cases(self):
        def refuse(settings, message):
            self.refuse_cases(json.dumps([{"name": "a", "system": "spatten", "settings": settings}]),
                              "c.json: /0/settings" + message)
        refuse({"tokn": {}}, "/tokn: no such setting; allowed: q_bits, k_bits, v_bits, q_scale, "
               "k_scale, v_scale, token, head, value_keep, progressive; did you mean 'token'?")
        refuse({"token": {"schedule": "linaer"}}, "/token/schedule: \"linaer\"; allowed: constant, "
               "step, linear; did you mean 'linear'?")
        refuse({"token": {"keep": 2}}, "/token/keep: 2; allowed: a number in [0, 1]")
        refuse({"token": 0.5}, "/token: 0.5 is no object; allowed: an object")
        refuse({"head": {"base": "curent"}}, "/head/base: \"curent\"; allowed: original, current, "
               "a number; did you mean 'current'?")
        refuse({"progressive": {"msb": 20, "lsb": 8}}, "/progressive: msb + lsb exceeds the widest "
               "code; allowed: at most 24 bits together")
        refuse({"q_bits": 2.5}, "/q_bits: 2.5; allowed: an integer")
        refuse({"causal": 1}, "/causal: is no truth value; allowed: true, false, null (the trace "
               "decides)")

    def test_token_picker_cases(self):
        def refuse(settings, message):
            self.refuse_cases(json.dumps([{"name": "a", "system": "tokenpicker",
                                           "settings": settings}]), "c.json: /0/settings" + message)
        refuse({"chunk_bits": [4, 4]}, "/chunk_bits: 8 bits together; allowed: k_bits, 12")
        refuse({"chunk_bits": 4}, "/chunk_bits: is no list; allowed: bits of every chunk")
        refuse({"chunk_bits": [12, 0]}, "/chunk_bits: 0; allowed: a number in [1, 24]")
        refuse({"threshold": 1}, "/threshold: 1; allowed: a number in (0, 1)")
        refuse({"order": "breadth_frist"}, "/order: \"breadth_frist\"; allowed: breadth_first, depth_first; did "
               "you mean 'breadth_first'?")

    def test_leopard_cases(self):
        def refuse(settings, message):
            self.refuse_cases(json.dumps([{"name": "a", "system": "leopard",
                                           "settings": settings}]), "c.json: /0/settings" + message)
        either = ("; allowed: either threshold (a number, or one a layer) or calibrate (a share "
                  "below 1)")
        refuse({}, ": has no threshold" + either)
        refuse({"threshold": None}, ": has no threshold" + either)
        refuse({"threshold": 1, "calibrate": 0.5}, ": has a threshold twice" + either)
        refuse({"treshold": 1}, "/treshold: no such setting; allowed: q_bits, k_bits, v_bits, "
               "step_bits, margin, threshold, calibrate, q_scale, k_scale, v_scale; did you mean "
               "'threshold'?")
        refuse({"threshold": "high"}, "/threshold: \"high\" is no number; allowed: a number in "
               "[-1e+100, 1e+100]")
        refuse({"threshold": [1, None, 2, 3, 4, 5]}, "/threshold: null is no number; allowed: a "
               "number in [-1e+100, 1e+100]")
        refuse({"threshold": []}, "/threshold: is an empty list; allowed: a number, or one a layer")
        refuse({"threshold": [1, 2]}, "/threshold: 2 thresholds; allowed: one, or one a layer, 6")
        refuse({"calibrate": 1}, "/calibrate: 1; allowed: a number in [0, 1)")
        refuse({"calibrate": -0.1}, "/calibrate: -0.1; allowed: a number in [0, 1]")
        refuse({"calibrate": 0.5, "step_bits": 5}, "/step_bits: 5 bits a step, keys have 12; "
               "allowed: 1, 2, 3, 4, 6, 12")
        refuse({"calibrate": 0.5, "k_bits": 8, "step_bits": 3}, "/step_bits: 3 bits a step, keys "
               "have 8; allowed: 1, 2, 4, 8")
        refuse({"calibrate": 0.5, "step_bits": 0}, "/step_bits: 0; allowed: a number in [1, 24]")
        refuse({"calibrate": 0.5, "margin": "sign_pair"}, "/margin: \"sign_pair\"; allowed: "
               "sign_pairs, all_magnitudes; did you mean 'sign_pairs'?")

    def test_nm_cases(self):
        weights = self.file("w.safetensors", weights_file())
        def refuse(settings, message):
            self.file("c.json", json.dumps([{"name": "a", "system": "nm", "settings": settings}]))
            self.refuse("c.json: /0/settings" + message, "prune", weights, "--cases", "c.json",
                        "--out", "decisions.json")
        refuse({"n": 5}, "/n: 5 of 4 weights; allowed: at most m, 4")
        refuse({"m": 1}, "/n: 2 of 1 weights; allowed: at most m, 1")
        refuse({"n": 0}, "/n: 0; allowed: a number in [1, 1048576]")
        refuse({"axis": 2}, "/axis: 2; allowed: a number in [0, 1]")
        refuse({"bits": 0.5}, "/bits: 0.5; allowed: a number in [1, 64]")
        refuse({"axes": 1}, "/axes: no such setting; allowed: n, m, bits, axis; did you mean 'axis'?")
        refuse({"causal": True}, "/causal: no such setting; allowed: n, m, bits, axis")

    def test_a_case_that_does_not_decide_on_the_file(self):
        self.refuse_cases('[{"name": "a", "system": "nm"}]',
                          "c.json: /0/system: 'nm' decides on weights; minilm_sotu_n64 holds a "
                          "trace; allowed: weights")
        self.file("w.safetensors", weights_file())
        self.file("c.json", '[{"name": "a", "system": "nm"}, {"name": "b", "system": "hdp"}]')
        self.refuse("c.json: /1/system: 'hdp' decides on a trace; w holds weights; allowed: a trace",
                    "prune", "w.safetensors", "--cases", "c.json", "--out", "decisions.json")

    def test_weights_that_are_none(self):
        self.file("c.json", '[{"name": "a", "system": "nm"}]')
        for shape, values, message in (
                ([2, 2], (1, 2, float("nan"), 4), "tensor 'w': value NaN at [1, 0]; allowed: "
                 "finite numbers of at most 2^128 (3.4e38) in magnitude"),
                ([1, 2, 2], (1, 2, 3, 4), "tensor 'w': shape [1, 2, 2]; allowed: weights [rows, "
                 "columns], or one dimension; a trace has layers.L.q, layers.L.k, layers.L.v"),
                ([4], (1, 2, 3, 4), "holds no weights; allowed: tensors of two dimensions [rows, "
                 "columns]")):
            self.file("w.safetensors", weights_file(shape, values))
            self.refuse("w.safetensors: " + message, "prune", "w.safetensors", "--cases", "c.json",
                        "--out", "decisions.json")

    def test_token_picker_settings(self):
        for change, message in (
                ("prune.chunk_bits=[9,9]", "/prune/chunk_bits: 18 bits together; allowed: 2 to 16, "
                 "the width of a key"),
                ("kv_buffer.bytes=40", "/kv_buffer/bytes: 40 bytes do not hold a vector of 32 "
                 "elements of 12 bits; allowed: at least 48")):
            self.refuse(message, "run", "token_picker", "-w", TRACE, "--set", change)

    def test_leopard_settings(self):
        for change, message in (
                ("prune.step_bits=5", "/prune/step_bits: 5 bits a step, keys have 12; allowed: 1, "
                 "2, 3, 4, 6, 12"),
                ("prune.calibrate=1", "/prune/calibrate: 1; allowed: a number in [0, 1): a share "
                 "of 1 would leave nothing"),
                ("prune.threshold=[1, 2]", "/prune/threshold: 2 thresholds; allowed: one, or one a "
                 "layer, 6"),
                ("prune.threshold=high", "prune.threshold: \"high\" is text, expected a number or a list "
                 "of numbers"),
                ("prune.threshold=[1, 1e200]", "prune.threshold.1: 1e200 is outside [-1e+100, "
                 "1e+100]"),
                ("key_buffer_bytes=47", "/key_buffer_bytes: 47 bytes do not hold a key of "
                 "minilm_sotu_n64, layer 0; allowed: at least 48"),
                ("value_buffer_bytes=63", "/value_buffer_bytes: 63 bytes do not hold a row of V of "
                 "minilm_sotu_n64, layer 0; allowed: at least 64"),
                ("row_buffer_bytes=183", "/row_buffer_bytes: 183 bytes do not hold a query's row "
                 "of minilm_sotu_n64, layer 0; allowed: at least 184")):
            self.refuse(message, "run", "leopard_ae", "-w", TRACE, "--set", change)

    def test_sta_settings(self):
        for change, message in (
                ("layer.kept=9", "/layer/kept: 9 of 8; allowed: 1 <= kept <= of, or 0 of 0: dense"),
                ("layer.kept=0", "/layer/kept: 0 of 8; allowed: 1 <= kept <= of, or 0 of 0: dense"),
                ("array.dept=2", "array.dept: no such setting; did you mean 'array.depth'?"),
                ("score_buffer_bytes=511", "/score_buffer_bytes: half of 511 bytes does not hold a row "
                 "of 64 scores of minilm_sotu_n64; allowed: at least 512"),
                ("layer.weight_buffer_bytes=1000", "/layer/weight_buffer_bytes: half of 1000 bytes "
                 "does not hold 16 keys; allowed: at least 1024")):
            self.refuse(message, "run", "sta", "-w", TRACE, "--set", change)

    def test_cases(self):
        self.refuse_cases("[{]", "c.json:1:3: syntax error while parsing object key - unexpected ']'; "
                           "expected string literal")
        self.refuse_cases('[{"name": "a", "system": "hpd"}]',
                          "c.json: /0/system: 'hpd' is no system of this version; allowed: hdp, spatten, "
                          "tokenpicker, leopard, nm; did you mean 'hdp'?")
        self.refuse_cases('[{"name": "a", "system": "hdp", "settings": {"roh": 0.2}}]',
                          "c.json: /0/settings: /roh: no such setting; did you mean 'rho'?")
        self.refuse_cases('[{"name": "a", "system": "hdp"},'
                          ' {"name": "b", "system": "hdp", "settings": {"rho": 2}}]',
                          "c.json: /1/settings: /rho: 2 is outside (-1, 1)")


if __name__ == "__main__":
    unittest.main()
