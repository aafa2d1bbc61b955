# SPDX-License-Identifier: Apache-2.0
"""check_layers.py finds what is planted, and nothing else."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECKER = pathlib.Path(__file__).parents[2] / "tools" / "check_layers.py"
SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


class CheckLayersTest(unittest.TestCase):
    def check(self, path, text, spdx=SPDX, beside=()):
        """Of a tree with this file and, `beside` it, empty ones."""
        with tempfile.TemporaryDirectory() as folder:
            for name, content in [(path, spdx + text), *((other, SPDX) for other in beside)]:
                file = pathlib.Path(folder) / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content, encoding="utf-8")
            run = subprocess.run([sys.executable, "-B", CHECKER, folder], capture_output=True,
                                 text=True, check=False)
        self.assertEqual(run.stderr, "")
        return run.returncode, run.stdout.strip()

    def refuse(self, path, text, message, **options):
        self.assertEqual(self.check(path, text, **options), (1, message))

    def accept(self, path, text, **options):
        self.assertEqual(self.check(path, text, **options), (0, "layers: every arrow points down"))

    def test_an_arrow_that_points_up_is_found(self):
        self.refuse("src/numeric/a.cpp", "#include <hdp/prune/hdp_plan.hpp>\n",
                    "src/numeric/a.cpp:2: numeric must not include prune (hdp/prune/hdp_plan.hpp)")
        self.refuse("include/hdp/kernel/a.hpp", "#include <hdp/config/field.hpp>\n",
                    "include/hdp/kernel/a.hpp:2: kernel must not include config "
                    "(hdp/config/field.hpp)")
        self.refuse("src/base/a.cpp", '#include "config/place.hpp"\n',
                    "src/base/a.cpp:2: base must not include config (config/place.hpp)",
                    beside=["src/config/place.hpp"])

    def test_units_and_memory_are_strangers(self):
        self.refuse("sim/units/a.cpp", "#include <hdp/memory/sram.hpp>\n",
                    "sim/units/a.cpp:2: units must not include memory (hdp/memory/sram.hpp)")
        self.refuse("sim/memory/a.cpp", "#include <hdp/units/phase.hpp>\n",
                    "sim/memory/a.cpp:2: memory must not include units (hdp/units/phase.hpp)")

    def test_a_library_has_its_owners(self):
        self.refuse("sim/machine/a.cpp", "#include <nlohmann/json.hpp>\n",
                    "sim/machine/a.cpp:2: machine must not include nlohmann/json.hpp; "
                    "only config, workload")
        self.refuse("sim/report/a.cpp", "#include <CLI/CLI.hpp>\n",
                    "sim/report/a.cpp:2: report must not include CLI/CLI.hpp; only tools")

    def test_eigen_has_one_door(self):
        self.accept("include/hdp/numeric/matrix.hpp", "#include <Eigen/Core>\n")
        for path in ("src/numeric/matrix.hpp", "include/hdp/prune/a.hpp", "tools/hdpsim/a.cpp"):
            for header in ("Eigen/Core", "eigen3/Eigen/Dense", "unsupported/Eigen/FFT"):
                self.refuse(path, f"#include <{header}>\n", f"{path}:2: {header} comes in through "
                            "include/hdp/numeric/matrix.hpp only")

    def test_a_library_neither_prints_nor_ends(self):
        for code, word in [("std::cout << 1;", "std::cout"), ("printf(\"x\");", "printf"),
                           ("std::exit(1);", "std::exit"), ("abort();", "abort"),
                           ("std::getenv(\"X\");", "std::getenv")]:
            self.refuse("sim/units/a.cpp", f"void f() {{ {code} }}\n",
                        f"sim/units/a.cpp:2: a library must not use {word}")

    def test_words_in_comments_texts_and_members_are_free(self):
        self.accept("sim/units/a.cpp", '// abort() is std::cout\nauto a = "exit(1)"; /* exit(1)\n'
                                       'abort() */ void f() { machine.exit(1); my_abort(); }\n')

    def test_an_unknown_part_is_found(self):
        self.refuse("src/utils/a.cpp", "", "src/utils/a.cpp: 'utils' is no part of the house; "
                    "known: base, config, numeric, workload, prune, kernel, memory, units, "
                    "machine, report, study, tools")

    def test_the_first_line_and_the_length_count(self):
        self.refuse("src/base/a.cpp", "int a;\n",
                    "src/base/a.cpp:1: the first line is not the SPDX line", spdx="")
        self.refuse("src/base/a.cpp", "\n" * 600, "src/base/a.cpp: 601 lines; at most 600")
        self.accept("src/base/a.cpp", "\n" * 599)

    def test_arrows_down_are_free(self):
        self.accept("tools/hdpsim/a.cpp", "#include <CLI/CLI.hpp>\n#include <hdp/machine/hdp/run.hpp>\n")
        self.accept("sim/machine/a.cpp", '#include <hdp/units/phase.hpp>\n#include "memory/x.hpp"\n',
                    beside=["sim/memory/x.hpp"])

    def test_a_quoted_include_is_looked_for_beside_the_file_first(self):
        self.accept("sim/units/deep/a.cpp", '#include "b.hpp"\n', beside=["sim/units/deep/b.hpp"])
        self.accept("tools/hdpsim/a.cpp", '#include "b.hpp"\n', beside=["tools/hdpsim/b.hpp"])
        self.accept("sim/units/a.cpp", '#include "memory/b.hpp"\n',
                    beside=["sim/units/memory/b.hpp", "sim/memory/b.hpp"])
        self.refuse("sim/units/a.cpp", '#include "../memory/b.hpp"\n',
                    "sim/units/a.cpp:2: units must not include memory (../memory/b.hpp)",
                    beside=["sim/memory/b.hpp"])
        self.refuse("sim/units/a.cpp", '#include "../../tests/b.hpp"\n',
                    "sim/units/a.cpp:2: ../../tests/b.hpp belongs to no part of the house",
                    beside=["tests/b.hpp"])

    def test_a_quoted_include_of_nothing_is_found(self):
        self.refuse("sim/units/a.cpp", '\n#include "b.hpp"\n',
                    'sim/units/a.cpp:3: "b.hpp" names no file beside it or in include, src, sim',
                    beside=["sim/memory/b.hpp"])

    def test_accelerators_are_strangers(self):
        theirs = ["sim/machine/two/b.hpp", "include/hdp/machine/two/b.hpp"]
        for path, who in [("sim/machine/one/a.cpp", "machine/one"),
                          ("include/hdp/machine/one/a.hpp", "machine/one"),
                          ("sim/machine/one/deep/a.cpp", "machine/one"),
                          ("sim/machine/a.cpp", "machine"),
                          ("include/hdp/machine/resolve.hpp", "machine"),
                          ("sim/machine/one/resolve.cpp", "machine/one")]:
            self.refuse(path, "#include <hdp/machine/two/b.hpp>\n",
                        f"{path}:2: {who} must not include machine/two (hdp/machine/two/b.hpp)")
            self.refuse(path, '#include "machine/two/b.hpp"\n',
                        f"{path}:2: {who} must not include machine/two (machine/two/b.hpp)",
                        beside=theirs)
        self.refuse("sim/machine/one/a.cpp", '#include "../two/b.hpp"\n',
                    "sim/machine/one/a.cpp:2: machine/one must not include machine/two "
                    "(../two/b.hpp)", beside=theirs)

    def test_accelerators_have_themselves_and_what_they_share(self):
        self.accept("sim/machine/one/a.cpp",
                    '#include "b.hpp"\n#include "machine/one/b.hpp"\n#include "machine/c.hpp"\n'
                    "#include <hdp/machine/one/b.hpp>\n#include <hdp/machine/c.hpp>\n",
                    beside=["sim/machine/one/b.hpp", "sim/machine/c.hpp"])
        for name in ("kinds.cpp",):
            self.accept(f"sim/machine/{name}", "#include <hdp/machine/one/b.hpp>\n")
        self.accept("sim/report/a.cpp", "#include <hdp/machine/one/b.hpp>\n")

    def test_a_tree_without_sources_is_a_mistake(self):
        code, text = self.check("docs/a.md", "")
        self.assertEqual(code, 1)
        self.assertIn("no source files", text)


if __name__ == "__main__":
    unittest.main()
