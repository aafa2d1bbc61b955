# SPDX-License-Identifier: Apache-2.0
"""Every ```sh block of these pages runs, one behind the other in a folder of the page's own."""
import os
import re
import subprocess
import unittest

from support import HDPSIM, SOURCE, CliTest

PAGES = ["sweep", "researcher", "library"]


class DocsTest(CliTest):
    def test_the_commands_of_the_pages(self):
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "hdpsim").symlink_to(HDPSIM)
        path = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"}
        for page in PAGES:
            blocks = re.findall(r"^```sh\n(.*?)^```", (SOURCE / f"docs/{page}.md").read_text(),
                                re.MULTILINE | re.DOTALL)
            self.assertTrue(blocks, page)
            folder = self.folder / page
            folder.mkdir()
            for block in blocks:
                run = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=folder, env=path,
                                     capture_output=True, text=True, check=False)
                self.assertEqual(run.returncode, 0, f"{page}:\n{block}\n{run.stdout}{run.stderr}")


if __name__ == "__main__":
    unittest.main()
