# SPDX-License-Identifier: Apache-2.0
"""hdpsim top_k: what it reports, and what it says about mistakes."""
import json
import unittest

from support import CliTest


class TopKTest(CliTest):
    def study(self, *options):
        return json.loads(self.succeed("top_k", "--json", *options))

    def test_the_mean_is_that_of_the_authors_latency_model(self):
        report = self.study("--n", 512, "--k", 64, "--parallelism", 16)
        select = report["select_cycles"]
        self.assertLess(abs(select["mean"] - 122.6), 4 * select["standard_error"])
        self.assertEqual(report["filter_cycles"], 512 // 16 + 4)
        self.assertLess(select["most"], select["worst_case"])
        self.assertEqual(sum(bin["samples"] for bin in select["histogram"]["bins"]), 2000)
        self.assertGreater(report["batcher"]["throughput_ratio"], 1)

    def test_the_same_seed_gives_the_same_bytes(self):
        run = ("top_k", "--n", 100, "--k", 10, "--samples", 50, "--json")
        self.assertEqual(self.succeed(*run), self.succeed(*run))
        self.assertNotEqual(self.succeed(*run), self.succeed(*run, "--seed", 2))

    def test_mistakes(self):
        self.refuse("k: 9 is outside [1, 8] [values]", "top_k", "--n", 8, "--k", 9)
        self.refuse("n: 0 is outside [1, 1048576] [values]", "top_k", "--n", 0)
        self.refuse("--parallelism: Value 0 not in range 1 to 4096, see hdpsim --help",
                    "top_k", "--parallelism", 0)


if __name__ == "__main__":
    unittest.main()
