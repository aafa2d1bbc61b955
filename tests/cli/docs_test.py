# SPDX-License-Identifier: Apache-2.0
"""Every ```sh block of these pages runs, one behind the other in a folder of the page's own, and says
what the ```text block behind it shows, where there is one."""
import os
import re
import subprocess
import unittest

from support import HDPSIM, SOURCE, CliTest

PAGES = ["sweep", "researcher", "library", "check", "calibrate", "page"]
if "HDPSIM_QUICK" in os.environ:  # with sanitizers, where what they run is tested command by command
    PAGES = ["check"]
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def without_counts(text):
    """How many values a report has moves with every new counter."""
    return re.sub(r"\d+ values", "N values", text)


class DocsTest(CliTest):
    def test_the_commands_of_the_pages(self):
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "hdpsim").symlink_to(HDPSIM)
        path = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"}
        for page in PAGES:
            blocks = BLOCK.findall((SOURCE / f"docs/{page}.md").read_text())
            self.assertTrue(blocks, page)
            folder = self.folder / page
            folder.mkdir()
            said = ""
            for kind, block in blocks:
                if kind == "text":
                    self.assertEqual(without_counts(said), without_counts(block), page)
                    continue
                run = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=folder, env=path,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                     check=False)
                said = run.stdout
                self.assertEqual(run.returncode, 0, f"{page}:\n{block}\n{said}")


if __name__ == "__main__":
    unittest.main()
