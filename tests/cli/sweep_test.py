# SPDX-License-Identifier: Apache-2.0
"""hdpsim sweep: rows, refusals, interruptions, shards, and a point again."""
import csv
import json
import os
import random
import signal
import subprocess
import time
import unittest

from support import HDPSIM, TRACE, CliTest, hdpsim

AXES = [{"path": "prune.rho", "values": [0.1, 0.3]},
        {"path": "core.pe_array.rows", "values": [4, 8, 16]}]
SMALL = {"model": "bert_tiny", "n": 16, "layers": 1}


class SweepTest(CliTest):
    def sweep_file(self, name="sweep.json", **changes):
        sweep = {"machine": "hdp_edge", "workload": "small.json", "axes": AXES} | changes
        self.file("small.json", json.dumps(SMALL))
        return self.file(name, json.dumps(sweep))

    def sweep(self, out, *arguments, file=None):
        return self.succeed("sweep", file or self.sweep_file(), "--out", self.folder / out,
                            *arguments)

    def rows(self, out):
        with (self.folder / out / "points.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    def points(self, out):
        lines = (self.folder / out / "points.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def same(self, left, right):
        for name in ("sweep.json", "points.csv", "points.jsonl"):
            self.assertEqual((self.folder / left / name).read_bytes(),
                             (self.folder / right / name).read_bytes(), name)


class RowsTest(SweepTest):
    def test_a_row_and_a_report_a_point(self):
        self.sweep("out")
        rows, points = self.rows("out"), self.points("out")
        self.assertEqual([(row["prune.rho"], row["core.pe_array.rows"]) for row in rows],
                         [(rho, pes) for rho in ("0.1", "0.3") for pes in ("4", "8", "16")])
        self.assertEqual([point["point"] for point in points], list(range(6)))
        for row, point in zip(rows, points):
            self.assertEqual(row["status"], "ok")
            self.assertEqual(int(row["cycles"]), point["cycles"])
            self.assertEqual(float(row["speedup"]), point["baseline"]["speedup"])
            self.assertEqual(float(row["block_sparsity"]), point["decisions"]["block_sparsity"])
            self.assertEqual(point["config"]["core"]["pe_array"]["rows"],
                             int(row["core.pe_array.rows"]))
        self.assertEqual(sorted(path.name for path in (self.folder / "out").iterdir()),
                         ["points.csv", "points.jsonl", "sweep.json"])

    def test_a_point_is_what_run_says(self):
        """Decisions, tables and baselines that points share change no number."""
        self.file("decode.json", json.dumps(
            {"model": "gpt2", "stage": "decode", "n_ctx": 12, "steps": 3, "layers": 2}))
        probability = {"prune.split": "floor", "prune.probability": {}}
        for machine, setting, values, more in (
                ("hdp_edge", "prune.tau", [-1, 1], {}),
                ("hdp_edge", "cascade.token.keep", ["linear", "none"], {"core.contexts": 1}),
                ("hdp_edge", "cores", [1, 2], probability),
                ("spatten", "multipliers", [256, 512], {}),
                ("spatten", "prune.token.keep", ["linear", "none"], {}),
                ("token_picker", "prune.threshold", [0.001, 0.01], {}),
                ("leopard_ae", "dot_product.units", [4, 6], {}),
                ("sta", "array.rows", [8, 16], {})):
            for workload in ("small.json", "decode.json"):
                if machine == "sta" and workload == "decode.json":
                    continue
                file = self.sweep_file(machine=machine, workload=workload, set=more,
                                       axes=[{"path": setting, "values": values}])
                self.sweep("out", "--fresh", "-j", "2", file=file)
                for point in self.points("out"):
                    changes = [f"{path}={json.dumps(value)}"
                               for path, value in (more | point["set"]).items()]
                    run = hdpsim("run", machine, "-w", self.folder / workload, "--json",
                                 *(word for change in changes for word in ("--set", change)))
                    if run.returncode == 2:
                        self.assertIn(point["status"], run.stderr.decode())
                        continue
                    for key in ("point", "set", "status"):
                        point.pop(key)
                    self.assertEqual(point, json.loads(run.stdout), (machine, setting, workload))

    def test_the_same_bytes_for_any_number_of_threads(self):
        self.sweep("one", "-j", "1")
        self.sweep("three", "-j", "3")
        self.same("one", "three")

    def test_a_point_that_is_refused_is_a_row(self):
        file = self.sweep_file(axes=[{"path": "core.pe_array.rows", "values": [4, 0, 8]}])
        said = self.sweep("out", file=file)
        self.assertIn("3 points, 3 played now, 1 of them refused", said)
        rows = self.rows("out")
        self.assertEqual([row["status"] == "ok" for row in rows], [True, False, True])
        self.assertIn("core.pe_array.rows", rows[1]["status"])
        self.assertEqual(rows[1]["cycles"], "")
        self.assertEqual(self.points("out")[1]["status"], rows[1]["status"])

    def test_machines_workloads_and_their_own_settings(self):
        file = self.sweep_file(
            machine=["hdp_edge", "spatten"], workload=["small.json", TRACE],
            axes=[{"path": "spatten:multipliers", "values": [256, 512]}],
            set={"workload.layer": "attention"}, baseline="none", fidelity=False)
        self.sweep("out", file=file)
        rows = self.rows("out")
        self.assertEqual([(row["machine"], row["workload"]) for row in rows[::2]],
                         [(machine, workload) for machine in ("hdp_edge", "spatten")
                          for workload in (rows[0]["workload"], TRACE)])
        cycles = [int(row["cycles"]) for row in rows]
        self.assertEqual(cycles[0], cycles[1], "the setting is not one of hdp_edge")
        self.assertNotEqual(cycles[6], cycles[7])
        self.assertEqual({row["speedup"] for row in rows}, {""})
        self.assertEqual({row["relative_frobenius"] for row in rows}, {""})

    def test_settings_of_a_synthetic_workload(self):
        file = self.sweep_file(axes=[{"path": "workload.n", "values": [16, 24]},
                                     {"path": "workload.layer", "values": ["attention", "whole"]}])
        self.sweep("out", file=file)
        self.assertEqual([point["workload"]["n_q"] for point in self.points("out")],
                         [16, 16, 24, 24])
        cycles = [int(row["cycles"]) for row in self.rows("out")]
        self.assertLess(cycles[0], cycles[1])

    def test_samples(self):
        axes = [{"path": "prune.rho", "from": 0.05, "to": 0.5}]
        for method in ("random", "latin_hypercube", "sobol"):
            sample = {"method": method, "count": 5, "seed": 3}
            self.sweep(method, file=self.sweep_file(axes=axes, sample=sample))
            rhos = [float(row["prune.rho"]) for row in self.rows(method)]
            self.assertEqual(len(set(rhos)), 5)
            self.assertTrue(all(0.05 <= rho <= 0.5 for rho in rhos))


class MistakeTest(SweepTest):
    def refused(self, message, *arguments, **changes):
        self.sweep_file(**changes)
        before = self.left()
        self.refuse(message, "sweep", "sweep.json", "--out", "deep/out", *arguments)
        self.assertEqual(self.left(), before, "nothing is half-written")

    def test_a_path_that_no_machine_has(self):
        self.sweep_file(axes=[{"path": "prune.roh", "values": [1]}])
        run = hdpsim("sweep", "sweep.json", "--out", "out", cwd=self.folder)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"prune.roh", run.stderr)
        self.assertIn(b"did you mean", run.stderr)
        self.assertFalse((self.folder / "out").exists())

    def test_a_setting_that_changes_nothing(self):
        self.sweep_file(axes=[{"path": "prune.keep", "values": [0.5, 0.6]}])
        run = hdpsim("sweep", "sweep.json", "--out", "out", cwd=self.folder)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"changes nothing", run.stderr)

    def test_it_may_change_nothing_at_some_points(self):
        self.sweep("out", file=self.sweep_file(
            axes=[{"path": "prune.rule", "values": ["threshold", "top_k"]},
                  {"path": "prune.keep", "values": [0.5, 0.6]}]))
        cycles = [int(row["cycles"]) for row in self.rows("out")]
        self.assertEqual(cycles[0], cycles[1])

    def test_shards(self):
        for shard in ("2/2", "-1/2", "1", "1/0", "a/b", "0/2x"):
            self.refused(f"--shard: {shard}; allowed: I/N with I from 0 to N-1, such as 0/4",
                         f"--shard={shard}")

    def test_a_machine_that_is_not_there(self):
        self.sweep_file(machine="hdp_egde")
        run = hdpsim("sweep", "sweep.json", "--out", "out", cwd=self.folder)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"did you mean 'hdp_edge'", run.stderr)

    def test_another_sweep_in_the_folder(self):
        self.sweep("out")
        other = self.sweep_file("other.json", baseline="none")
        self.refuse("FOLDER/out: holds another sweep, or one of other machines or workloads; "
                    "allowed: --fresh, or another folder",
                    "sweep", other, "--out", self.folder / "out")
        self.sweep("out", "--fresh", file=other)
        self.assertEqual(self.rows("out")[0]["speedup"], "")


class AgainTest(SweepTest):
    def test_a_point_again(self):
        self.sweep("out")
        for number in (0, 4):
            again = json.loads(self.succeed("run", self.folder / "out", "--point", number, "--json"))
            point = self.points("out")[number]
            for key in ("point", "set", "status"):
                point.pop(key)
            self.assertEqual(again, point)
        self.succeed("run", self.folder / "out", "--point", 4, "--timeline", self.folder / "t.json")
        self.assertTrue(json.loads((self.folder / "t.json").read_text())["traceEvents"])

    def test_points_that_there_are_not(self):
        self.sweep("out")
        self.refuse("--point: 6; allowed: 0 to 5", "run", self.folder / "out", "--point", 6)
        self.refuse("FOLDER/no: holds no sweep.json; allowed: a folder that hdpsim sweep made",
                    "run", self.folder / "no", "--point", 0)
        self.refuse("--point: is played as the sweep says; allowed: no --workload, --set, --layer, "
                    "--hidden, --ffn, --iteration, --rows",
                    "run", self.folder / "out", "--point", 0, "-w", TRACE)

    def test_a_machine_that_has_changed_since(self):
        machine = self.file("mine.json", json.dumps({"base": "hdp_edge", "cores": 1}))
        self.sweep("out", file=self.sweep_file(machine="mine.json"))
        machine.write_text(json.dumps({"base": "hdp_edge", "cores": 3}))
        run = hdpsim("run", self.folder / "out", "--point", 0)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"is not what it was when the sweep was made", run.stderr)


class InterruptionTest(SweepTest):
    def test_killed_twice_among_300_points(self):
        """And once more where it would say that it is finished; 60 of them with sanitizers."""
        count = 60 if "HDPSIM_QUICK" in os.environ else 300
        file = self.sweep_file(axes=[{"path": "prune.rho", "from": 0.01, "to": 0.6, "count": count // 5},
                                     {"path": "core.pe_array.rows", "values": [2, 4, 6, 8, 16]}])
        start = time.monotonic()
        self.sweep("whole", file=file)
        whole = time.monotonic() - start
        random.seed(5)
        left = []
        while len(left) < 2:
            run = subprocess.Popen([HDPSIM, "sweep", file, "--out", self.folder / "cut"],
                                   stdout=subprocess.DEVNULL)
            try:
                run.wait(random.uniform(0.1, 0.6) * whole)
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                run.wait()
            if (self.folder / "cut" / "points.jsonl").exists():  # it was faster than before
                self.sweep("cut", "--fresh", file=file)
                break
            left.append((self.folder / "cut").exists())
        said = self.sweep("cut", file=file)
        self.assertIn(f"{count} points", said)
        self.same("whole", "cut")
        self.assertIn(f"{count} points, 0 played now", self.sweep("cut", file=file))

    def test_a_full_disk_keeps_what_is_finished(self):
        file = self.sweep_file()
        self.sweep("whole", file=file)
        size = (self.folder / "whole" / "points.jsonl").stat().st_size

        def narrow():
            import resource  # pylint: disable=import-outside-toplevel
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))
        run = subprocess.run([HDPSIM, "sweep", file, "--out", self.folder / "full"],
                             preexec_fn=narrow, capture_output=True, check=False)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"points.journal: cannot write", run.stderr)
        said = self.sweep("full", file=file)
        played = int(said.split(" points, ")[1].split(" played")[0])
        self.assertTrue(0 < played < 6, said)
        self.same("whole", "full")


class ShardTest(SweepTest):
    def test_four_shards_make_the_whole(self):
        self.sweep("whole")
        for shard in range(4):
            self.sweep(f"s{shard}", "--shard", f"{shard}/4")
        folders = [self.folder / f"s{shard}" for shard in range(4)]
        self.assertEqual(self.succeed("merge", self.folder / "merged", *folders),
                         f"{self.folder}/merged: 6 points\n")
        self.same("whole", "merged")

    def test_what_cannot_be_merged(self):
        self.sweep("s0", "--shard", "0/2")
        self.sweep("other", "--shard", "1/2", file=self.sweep_file("o.json", baseline="none"))
        before = self.left()
        self.refuse("FOLDER/out: point 1 is in none of the folders: 3 of 6 are; allowed: the "
                    "folders of all shards", "merge", self.folder / "out", self.folder / "s0")
        self.refuse("FOLDER/s0: holds point 0 again; allowed: every shard once",
                    "merge", self.folder / "out", self.folder / "s0", self.folder / "s0")
        self.refuse("FOLDER/s0: is one of the shards, which would be written over; allowed: another "
                    "folder", "merge", self.folder / "s0", self.folder / "s0")
        self.refuse("FOLDER/other: holds another sweep than FOLDER/s0; allowed: shards of one "
                    "sweep", "merge", self.folder / "out", self.folder / "s0", self.folder / "other")
        self.refuse("FOLDER/other: holds another sweep; allowed: another folder",
                    "merge", self.folder / "other", self.folder / "s0")
        self.refuse("FOLDER/no: holds no sweep.json; allowed: folders that hdpsim sweep made",
                    "merge", self.folder / "out", self.folder / "no")
        self.assertEqual(self.left(), before)

    def test_a_folder_holds_one_shard(self):
        self.sweep("s0", "--shard", "0/2")
        self.refuse("FOLDER/s0: holds other points of the sweep; allowed: the shard that it holds, "
                    "--fresh, or another folder", "sweep", self.sweep_file(), "--out",
                    self.folder / "s0")


if __name__ == "__main__":
    unittest.main()
