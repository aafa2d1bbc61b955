# SPDX-License-Identifier: Apache-2.0
"""Timelines as Perfetto reads them: the complete events of a track nest or are disjoint."""
import json
import math
import unittest

from support import SOURCE, TRACE, CliTest

ONE_QUERY = SOURCE / "tests" / "faults" / "one_query.safetensors"
IDEAL = ("--set", "memory.model=ideal")


def misplaced(spans):
    """Those that begin in another span of their track and end behind it."""
    open_ends = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        if open_ends and open_ends[-1] < end:
            yield start, end
        open_ends.append(end)


class TimelineNestingTest(CliTest):
    def events(self, machine, workload, *changes):
        path = self.folder / "timeline.json"
        self.succeed("run", machine, "-w", workload, "--baseline", "none", "--timeline", path,
                     *changes)
        return json.loads(path.read_text())["traceEvents"]

    def check(self, events):
        """Number of spans, all well placed, in microseconds and cut to nanoseconds."""
        tracks = {}
        for event in events:
            self.assertIn(event["ph"], "XMi", "no event that must be paired")
            if event["ph"] == "X":
                tracks.setdefault(event["tid"], []).append((event["ts"], event["dur"]))
        for spans in tracks.values():
            self.assertEqual([*misplaced((ts, ts + dur) for ts, dur in spans)], [])
            in_ns = [(math.trunc(ts * 1000), math.trunc(dur * 1000)) for ts, dur in spans]
            self.assertEqual([*misplaced((ts, ts + dur) for ts, dur in in_ns)], [])
        return sum(map(len, tracks.values()))

    def test_the_check_sees_spans_that_cross(self):
        self.assertEqual([*misplaced([(1, 35), (2, 40)])], [(2, 40)])
        self.assertEqual([*misplaced([(0, 10), (2, 5), (5, 10), (10, 12)])], [])

    def test_two_requests_of_one_query(self):
        for clock in (700, 1000, 1500, 2400):
            for memory in ((), IDEAL):
                with self.subTest(clock=clock, memory=memory):
                    events = self.events("hdp_edge", ONE_QUERY, "--set", f"clock_mhz={clock}",
                                         *memory)
                    self.assertGreater(self.check(events), 5)

    def test_every_kind_with_a_timeline_on_both_memories(self):
        for machine in ("hdp_edge", "dense", "spatten", "spatten_eighth"):
            for clock, memory in ((700, ()), (1500, IDEAL), (2400, ())):
                with self.subTest(machine, clock=clock, memory=memory):
                    events = self.events(machine, TRACE, "--set", f"clock_mhz={clock}", *memory)
                    self.assertGreater(self.check(events), 500)

    def test_rows(self):
        rows = self.folder / "rows.csv"
        self.succeed("workload", "generate", "gpt2_small_per8", "--set", "prompt=60", "--set",
                     "generated=2", "--out", rows)
        self.assertGreater(self.check(self.events("spatten", rows, "--set", "clock_mhz=2400")), 500)

    def test_what_overlaps_lies_on_tracks_of_one_name(self):
        events = self.events("hdp_edge", TRACE)
        names = {e["tid"]: e["args"]["name"] for e in events
                 if e["ph"] == "M" and e["name"] == "thread_name"}
        self.assertEqual(len(names), len({e["tid"] for e in events if e["ph"] == "X"}))
        fetches = [name for name in names.values() if name == "core0.fetch_unit"]
        self.assertGreater(len(fetches), 1)
        self.assertEqual([name for name in names.values() if name == "core0.pe_array"],
                         ["core0.pe_array"])


if __name__ == "__main__":
    unittest.main()
