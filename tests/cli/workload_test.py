# SPDX-License-Identifier: Apache-2.0
"""hdpsim workload: what it makes and shows, and what it says about mistakes."""
import json
import pathlib
import unittest

from support import SOURCE, CliTest

PUBLISHED = pathlib.Path(SOURCE) / ".." / "shared" / "data" / "spatten"
SETTINGS = SOURCE / "configs" / "workloads" / "spatten"
HEADER = ("iteration_id,layer_id,head_id,embedding_length_D,sentence_length_L,key_fetch_num,"
          "quant_key_bit,quant_query_bit,auto_requant_thres,if_requant,auto_requant_incre,"
          "value_fetch_num,quant_value_bit,if_accumulate_importance,"
          "if_rescale_previous_importance,if_topk,topk\n")
ROW = "0,0,0,64.0,993,993,-1,-1,-1,False,-1,993,-1,True,False,False,-1\n"


class WorkloadTest(CliTest):
    def generate(self, settings, *changes):
        out = self.folder / "out.csv"
        self.assertEqual(self.succeed("workload", "generate", settings, "--out", out, *changes), "")
        return out

    def show(self, file):
        return json.loads(self.succeed("workload", "show", file, "--json"))

    def test_a_file_is_shown_with_its_sums_and_bytes(self):
        shown = self.show(self.file("one.csv", HEADER + ROW + "made by hand" + 16 * "," + "\n"))
        self.assertEqual((shown["name"], shown["rows_of"], shown["trailer"], shown["rows"]),
                         ("one", "generation", "made by hand", 1))
        self.assertEqual(shown["keys"], {"sum": 993, "least": 993, "most": 993})
        self.assertEqual(shown["bits"], [{"key": -1, "value": -1, "query": -1, "rows": 1}])
        self.assertEqual(shown["rtl_bytes"], {"key": 64000, "value": 64000, "key_lsb": 32000,
                                              "total": 160000})
        self.assertEqual([layer["layer"] for layer in shown["per_layer"]], [0])

    def test_the_text_says_the_same(self):
        text = self.succeed("workload", "show", self.file("one.csv", HEADER + ROW))
        self.assertIn("one: generation, 1 rows: 1 iterations x 1 layers x 1 heads at most\n", text)
        self.assertIn("64000 keys + 64000 values + 32000 key LSBs = 160000\n", text)

    def test_every_shipped_setting_makes_a_file_that_can_be_shown(self):
        for path in SETTINGS.glob("*.json"):
            first = self.generate(path.stem).read_bytes()
            self.assertGreater(self.show(self.folder / "out.csv")["rows"], 100)
            self.assertEqual(self.generate(path).read_bytes(), first, "the same bytes every time")

    def test_settings_can_be_changed(self):
        shown = self.show(self.generate("gpt2_small_per8", "--set", "keep=0.5", "--set", "heads=4",
                                        "--set", "generated=2", "--set", "trailer="))
        self.assertEqual((shown["rows"], shown["heads"], shown["trailer"]), (2 * 12 * 4, 4, ""))
        self.assertEqual(shown["keys"], {"sum": 48 * 993 + 48 * 497, "least": 497, "most": 993})

    def test_a_prefill_file_has_no_bytes_of_the_rtl(self):
        shown = self.show(self.generate("bert_base_n128_pruned"))
        self.assertEqual((shown["rows_of"], shown["rtl_bytes"]), ("prefill", None))
        self.assertEqual([layer["keys"]["most"] for layer in shown["per_layer"]],
                         [128, 128, 115, 106, 98, 89, 81, 72, 64, 55, 46, 38])

    def test_a_published_file_is_made_to_the_byte(self):
        want = PUBLISHED / "summary-gpt2-small-wikitext2-per8-step1+dedic.csv"
        if not want.exists():
            self.skipTest(f"no {want}")
        trailer = want.read_text().splitlines()[-1].strip(",")
        made = self.generate("gpt2_small_unpruned", "--set", f"trailer={trailer}")
        self.assertEqual(made.read_bytes(), want.read_bytes())

    def test_mistakes(self):
        bad = self.file("bad.csv", HEADER + ROW.replace("False", "no", 1))
        self.refuse('FOLDER/bad.csv, line 2: if_requant: "no"; allowed: True, False',
                    "workload", "show", bad)
        self.refuse("none.csv: no such file", "workload", "show", "none.csv")
        self.refuse(f"{SOURCE}/configs/workloads/gpt2_decode.json: holds no rows; allowed: .csv",
                    "workload", "show", "gpt2_decode")
        bad.unlink()
        settings = SETTINGS / "gpt2_small_per8.json"
        self.refuse(f"{settings}: /keep: shares for 2 layers; allowed: one share, or one for each "
                    "of 12 layers", "workload", "generate", settings, "--out", "x.csv",
                    "--set", "keep=0.9, 0.8")
        self.refuse("kep: no such setting; did you mean 'keep'?",
                    "workload", "generate", settings, "--out", "x.csv", "--set", "kep=1")
        self.refuse("none/x.csv: cannot write: No such file or directory",
                    "workload", "generate", settings, "--out", "none/x.csv")
        self.assertEqual(self.left(), [])


if __name__ == "__main__":
    unittest.main()
