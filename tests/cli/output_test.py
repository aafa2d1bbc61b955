# SPDX-License-Identifier: Apache-2.0
"""What --out writes is complete, reproducible and the same from anywhere; or there is nothing."""
import shutil
import unittest

from support import SOURCE, TRACE, CliTest

FILES = ["config.json", "report.json", "report.txt"]
RUN = ["run", "hdp_edge", "--workload", TRACE]


class OutputTest(CliTest):
    def bytes_of(self, folder):
        self.assertEqual(sorted(p.name for p in (self.folder / folder).iterdir()), FILES)
        return [(self.folder / folder / name).read_bytes() for name in FILES]

    def test_the_written_configuration_gives_the_same_bytes(self):
        for name, changes in (("plain", []), ("changed", ["--set", "prune.rho=-0.3", "--set",
                                                          "prune.tau=2.5", "--set", "cores=3"])):
            self.succeed(*RUN, *changes, "--out", self.folder / name)
            again = self.folder / f"{name}_again"
            self.succeed("run", self.folder / name / "config.json", "--workload", TRACE,
                         "--out", again)
            self.assertEqual(self.bytes_of(name), self.bytes_of(again))

    def test_the_number_of_threads_changes_nothing(self):
        for threads in (1, 3):
            self.succeed(*RUN, "--detail", "-j", threads, "--out", self.folder / str(threads))
        self.assertEqual(self.bytes_of("1"), self.bytes_of("3"))

    def test_stdout_is_what_the_files_hold(self):
        text = self.succeed(*RUN, "--out", self.folder / "a")
        json = self.succeed(*RUN, "--json")
        _, report_json, report_txt = self.bytes_of("a")
        self.assertEqual(json.encode(), report_json)
        self.assertEqual(text.encode(), report_txt)

    def test_the_folder_we_stand_in_and_the_folder_of_the_files_do_not_matter(self):
        here = self.succeed(*RUN, "--json")
        self.assertEqual(self.succeed(*RUN, "--json", cwd="/"), here)
        self.assertEqual(self.succeed(*RUN, "--json", cwd=SOURCE), here)
        for folder, name in (("machines", "hdp_edge.json"), ("workloads", f"{TRACE}.safetensors")):
            shutil.copy(SOURCE / "configs" / folder / name, self.folder)
        self.assertEqual(self.succeed("run", "./hdp_edge.json", "--workload",
                                      f"{TRACE}.safetensors", "--json", cwd=self.folder), here)

    def test_the_name_of_a_baseline_is_not_its_path(self):
        by_name = self.succeed(*RUN, "--json", "--baseline", "dense")
        by_path = self.succeed(*RUN, "--json", "--baseline",
                               SOURCE / "configs" / "machines" / "dense.json")
        self.assertEqual(by_name, by_path)

    def test_a_folder_that_cannot_be_written_is_told_before_the_work(self):
        self.file("file", "x")
        self.refuse("file: cannot create folder: Not a directory", *RUN, "--out", "file")
        self.refuse("file/a/b: cannot create folder: Not a directory", *RUN, "--out", "file/a/b")
        self.refuse("none/t.json: cannot write: No such file or directory",
                    *RUN, "--timeline", "none/t.json", "--out", "made/here")
        self.assertEqual(self.left(), ["file"])

    def test_a_name_that_is_taken_by_a_folder_stops_everything(self):
        (self.folder / "out" / "report.json").mkdir(parents=True)
        self.refuse("out/report.json: cannot write: Is a directory", *RUN, "--out", "out")
        self.assertEqual(self.left(), ["out", "out/report.json"])

    def test_decisions_below_a_file_are_refused(self):
        self.file("cases.json", "[]")
        for out, message in (("cases.json/d.json", "cases.json/d.json: cannot write: "),
                             ("none/d.json", "none/d.json: cannot write: ")):
            with self.assertRaisesRegex(AssertionError, message):
                self.refuse("", "prune", TRACE, "--cases", "cases.json", "--out", out)
        self.assertEqual(self.left(), ["cases.json"])


if __name__ == "__main__":
    unittest.main()
