# SPDX-License-Identifier: Apache-2.0
"""The timeline is trace-event JSON whose spans lie in order inside the run."""
import collections
import json
import unittest

from support import TRACE, CliTest


class TimelineTest(CliTest):
    def setUp(self):
        super().setUp()
        path = self.folder / "timeline.json"
        self.run_report = self.report("hdp_edge", "--workload", TRACE, "--timeline", path)
        self.timeline = json.loads(path.read_text())

    def tracks(self):
        spans = collections.defaultdict(list)
        for event in self.timeline["traceEvents"]:
            if event["ph"] == "X":
                spans[event["tid"]].append((event["ts"], event["ts"] + event["dur"]))
        return spans

    def test_the_file_is_whole(self):
        self.assertEqual(self.timeline["otherData"]["events_left_out"], 0)
        self.assertGreater(len(self.tracks()), 3)

    def test_every_track_has_the_name_of_a_unit(self):
        names = {e["tid"]: e["args"]["name"] for e in self.timeline["traceEvents"]
                 if e["ph"] == "M" and e["name"] == "thread_name"}
        self.assertEqual(set(self.tracks()) - set(names), set())
        self.assertLessEqual({"core0.pe_array", "core1.pe_array"}, set(names.values()))
        self.assertLessEqual(set(names.values()), set(self.run_report["units"]))

    def test_spans_are_in_order_and_inside_the_run(self):
        end_of_run = self.run_report["time_ns"] / 1000
        for spans in self.tracks().values():
            starts = [start for start, _ in spans]
            self.assertEqual(starts, sorted(starts))
            for start, end in spans:
                self.assertGreaterEqual(start, 0)
                self.assertGreater(end, start)
                self.assertLessEqual(end, end_of_run + 1e-3)

    def test_the_spans_of_a_pe_array_are_its_busy_cycles(self):
        names = {e["args"]["name"]: e["tid"] for e in self.timeline["traceEvents"]
                 if e["ph"] == "M" and e["name"] == "thread_name"}
        for unit in ("core0.pe_array", "core1.pe_array"):
            spans = self.tracks()[names[unit]]
            self.assertTrue(all(end <= start + 1e-6 for (_, end), (start, _)
                                in zip(spans, spans[1:])), "one tile at a time")
            busy = sum(end - start for start, end in spans) * self.run_report["clock_mhz"]
            self.assertAlmostEqual(busy, self.run_report["units"][unit]["cycles"]["busy"], delta=1)


if __name__ == "__main__":
    unittest.main()
