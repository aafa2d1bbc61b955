# SPDX-License-Identifier: Apache-2.0
"""The README shows what the program says: every line of its first table and of its first report."""
import re
import unittest

from support import SOURCE, TRACE, CliTest


def is_shortened(line, whole):
    """Whether the words of `line` are words of `whole`, in their order: columns may be left out."""
    words = iter(whole.split())
    return all(word in words for word in line.split())


class ReadmeTest(CliTest):
    def setUp(self):
        super().setUp()
        blocks = re.findall(r"^```\n(.*?)^```", (SOURCE / "README.md").read_text(),
                            re.MULTILINE | re.DOTALL)
        self.table, self.run_report = blocks[:2]

    def shows(self, block, said):
        lines = said.splitlines()
        for line in filter(None, block.splitlines()):
            self.assertTrue(any(is_shortened(line, whole) for whole in lines), line)

    def test_the_first_table(self):
        self.shows(self.table, self.succeed("compare", "hdp_edge", "hdp_edge_split", "-w", TRACE))

    def test_the_first_report(self):
        self.shows(self.run_report, self.succeed("run", "hdp_edge", "-w", TRACE))

    def test_another_number_is_found(self):
        self.assertTrue(is_shortened("a 1 3", "a 1 2 3"))
        self.assertFalse(is_shortened("a 1 4", "a 1 2 3"))
        self.assertFalse(is_shortened("a 3 1", "a 1 2 3"))


if __name__ == "__main__":
    unittest.main()
