# SPDX-License-Identifier: Apache-2.0
"""What the pages say of our speed names the benchmark or tool that measures it, and that one runs."""
import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(os.environ["HDP_SOURCE_DIR"])
# Another program that we are measured against, or a rate at which we work.
CLAIM = re.compile(r"(?i)(times|[0-9] x|faster|slower|as long)\b[^.]*\b(Verilator|Eigen|Ramulator)"
                   r"|(Verilator|Eigen|Ramulator)\b[^.]*\b(times|faster|slower|as long)\b"
                   r"|cycles a second|requests a second|Instructions a request")
SOURCE = re.compile(r"`?(bench/\w+|tools/\w+)")


def paragraphs(text):
    """A list item, or a paragraph, on one line."""
    return [" ".join(part.split()) for part in re.split(r"\n(?=- |\n|#)", text)]


def faults(pages):
    """A line per claim that no program that runs stands for."""
    for page, text in pages.items():
        for paragraph in paragraphs(text):
            if not CLAIM.search(paragraph):
                continue
            names = SOURCE.findall(paragraph)
            if not names:
                yield f"{page}: no benchmark is named: {paragraph[:90]}"
            for name in names:
                source = ROOT / (name + (".cpp" if name.startswith("bench/") else ""))
                if not source.is_file() and not source.with_suffix(".py").is_file():
                    yield f"{page}: {name} is not there: {paragraph[:90]}"


class SpeedClaimsTest(unittest.TestCase):
    def test_every_claim_names_what_measures_it(self):
        pages = {str(path.relative_to(ROOT)): path.read_text()
                 for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/*.md")]}
        self.assertEqual(list(faults(pages)), [])

    def test_a_claim_without_one_is_found(self):
        self.assertEqual(len(list(faults({"a": "- It is 3 times as fast as Verilator."}))), 1)
        self.assertEqual(len(list(faults({"a": "- Eigen takes 2 times as long (`bench/x`)."}))), 1)
        self.assertEqual(list(faults({"a": "- 1 M cycles a second (`bench/run_bench`)."})), [])
        self.assertEqual(list(faults({"a": "- Eigen is used for matrices."})), [])

    def test_every_benchmark_measures_something_and_runs_as_a_test(self):
        lists = (ROOT / "bench/CMakeLists.txt").read_text()
        self.assertIn("GLOB HDP_BENCH_SOURCES CONFIGURE_DEPENDS *_bench.cpp", lists)
        self.assertIn("add_test(NAME bench.${name}", lists)
        for source in (ROOT / "bench").glob("*_bench.cpp"):
            text = source.read_text()
            self.assertTrue("\nBENCHMARK" in text and "SkipWithError" in text, source.name)


if __name__ == "__main__":
    unittest.main()
