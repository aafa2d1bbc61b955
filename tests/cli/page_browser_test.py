# SPDX-License-Identifier: Apache-2.0
"""The page of hdpsim report in headless Chromium, at the width of a phone and of a desk, in the light and in
the dark: no complaint of the console, no panel without a figure, no label that is cut. Ends with 77, which is
no failure, where there is no Chromium; tools/check_all page insists (HDP_NEEDS_CHROMIUM)."""
import json
import os
import sys
import unittest

from browser import CHROMIUM, Browser, Page
from support import TRACE, CliTest, hdpsim

VIEWS = [(1280, False), (1280, True), (390, False), (390, True)]
HOSTILE = "</script><img src=x onerror=alert(1)>"
SWEEP = {"machine": "hdp_edge_split", "workload": TRACE, "axes": [
    {"path": "prune.rho", "values": [-0.5, 0, 0.5, 7]}, {"path": "prune.tau", "values": [0, 2]},
    {"path": "prune.importance", "values": ["signed", "absolute"]}]}
REFUSED = "prune.rho: 7 is outside (-1, 1)"
FIGURES = {
    "run": {"ratios", "cycles", "energy", "bytes", "roofline", "maps", "table", "point"},
    "table": {"best", "front", "ratios", "roofline", "parallel", "table", "point"},
    "steps": {"best", "front", "ratios", "roofline", "parallel", "table", "point"},
    "sweep": {"best", "front", "ratios", "cycles", "energy", "bytes", "roofline", "sensitivity", "parallel", "table",
              "point"},
}

# What is wrong with the page as it stands, a line each.
AUDIT = r"""(() => {
  const wrong = [], say = (panel, what) => wrong.push(`${panel.id}: ${what}`);
  if (document.documentElement.scrollWidth > innerWidth) wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
  if (document.querySelector("img, iframe, object, embed")) wrong.push("something was put into the page");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id).filter((id) => id && !id.startsWith("vg-"));
  if (new Set(ids).size !== ids.length) wrong.push("an id stands twice");
  for (const panel of document.querySelectorAll("section.panel:not([hidden])")) {
    if (!document.getElementById(panel.getAttribute("aria-labelledby"))?.textContent) say(panel, "no name");
    const charts = [...panel.querySelectorAll(".chart")];
    if (!charts.length && !panel.querySelector("tbody tr, pre")) say(panel, "empty");
    if (charts.length && (panel.querySelector("figcaption")?.textContent ?? "").length < 20) say(panel, "no caption");
    if (charts.length && !panel.querySelector("details.data tbody tr")) say(panel, "no table beside the figure");
    for (const chart of charts) {
      const svg = chart.querySelector("svg.marks");
      if (!svg) { say(panel, "no figure"); continue; }
      if ((svg.getAttribute("aria-label") ?? chart.querySelector("[aria-label]")?.getAttribute("aria-label") ?? "").length < 20) say(panel, "no description");
      const frame = svg.getBoundingClientRect();
      if (frame.width < 100 || frame.right > innerWidth) say(panel, `a figure from ${frame.left} to ${frame.right}`);
      const marks = svg.querySelectorAll(".role-mark path[d], .role-mark line");
      if (![...marks].some((mark) => { const box = mark.getBoundingClientRect(); return box.width + box.height > 2; })) say(panel, "nothing is drawn");
      const texts = [...svg.querySelectorAll("text")].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }))
        .filter(({ text, box }) => text && box.width);
      for (const { text, box } of texts) {
        if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) say(panel, `cut: ${text}`);
      }
      texts.forEach((one, place) => texts.slice(place + 1).forEach((other) => {
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (wide > 1.5 && high > 4 && one.text !== other.text) say(panel, `"${one.text}" lies on "${other.text}"`);
      }));
    }
    for (const control of panel.querySelectorAll("button, select, input, summary")) {
      if (!(control.textContent || control.labels?.[0]?.textContent || control.getAttribute("aria-label"))) say(panel, "a control without a name");
    }
  }
  return wrong;
})()"""


class PageBrowserTest(CliTest):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def page(self, *folders):
        self.succeed("report", *folders, "--html", "page.html", cwd=self.folder)
        return self.folder / "page.html"

    def open(self, path, width=1280, dark=False):
        page = Page(self.browser, path, width, dark=dark)
        self.addCleanup(page.close)
        return page

    def is_well(self, page, where):
        self.assertEqual((page.complaints(), page.evaluate(AUDIT)), ([], []), where)

    def run_folder(self):
        self.succeed("run", "hdp_edge", "-w", TRACE, "--map", "0:3,5:11", "--out", "run", cwd=self.folder)
        return "run"

    def table_folder(self):
        self.succeed("compare", "hdp_edge", "spatten", "dense", "sta", "-w", TRACE, "--out", "table", cwd=self.folder)
        return "table"

    def steps_folder(self):
        self.succeed("ablate", "hdp_edge", "-w", TRACE, "--out", "steps", cwd=self.folder)
        return "steps"

    def sweep_folder(self):
        self.file("sweep.json", json.dumps(SWEEP))
        hdpsim("sweep", "sweep.json", "--out", "sweep", cwd=self.folder).check_returncode()
        return "sweep"

    def test_each_kind_of_folder_at_both_widths_in_light_and_dark(self):
        made = {"run": self.run_folder(), "table": self.table_folder(), "steps": self.steps_folder(),
                "sweep": self.sweep_folder()}
        for kind, folder in made.items():
            path = self.page(folder)
            for width, dark in VIEWS if kind == "sweep" else VIEWS[1:3]:
                page = self.open(path, width, dark)
                self.is_well(page, (kind, width, dark))
                shown = page.evaluate("[...document.querySelectorAll('section.panel:not([hidden])')].map((e) => e.id)")
                self.assertEqual(set(shown), FIGURES[kind], kind)
        path = self.page(*made.values())
        for width, dark in VIEWS[:3:2]:
            page = self.open(path, width, dark)
            self.is_well(page, ("all", width, dark))
            page.resize(1670 - width)  # the other width
            page.drawn(2)
            page.colours(not dark)
            page.drawn(3)
            self.is_well(page, ("all, turned", width, dark))

    def test_it_can_be_used_with_a_keyboard(self):
        page = self.open(self.page(self.sweep_folder()))
        heads = page.evaluate("[...document.querySelectorAll('.points thead button')].map((b) => b.textContent.trim())")
        place = heads.index("cycles")
        column = f"[...document.querySelectorAll('.points tbody tr')].map((r) => r.children[{place}].textContent)"

        def press(key):
            for kind in ("keyDown", "keyUp"):
                page.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, text="\r" if kind == "keyDown" else "",
                          windowsVirtualKeyCode=13)
            page.settle()

        page.evaluate(f"document.getElementById('sort-{place}').focus()")
        for order in ("ascending", "descending"):
            press("Enter")
            self.assertEqual(page.evaluate(f"document.querySelectorAll('.points thead th')[{place}].ariaSort"), order)
            self.assertEqual(page.evaluate("document.activeElement.id"), f"sort-{place}")
            cells = page.evaluate(column)
            values = [int(cell.replace(",", "")) for cell in cells if cell]
            self.assertEqual(values, sorted(values, reverse=order == "descending"))
            self.assertEqual(cells[-1], "", "a refused point stands last")
        figures = "['front', 'roofline', 'parallel'].map((id) => document.querySelector(`#${id} svg.marks`).outerHTML)"
        before = page.evaluate(figures)
        page.evaluate("document.querySelector('.points tbody tr:nth-child(2) th button').focus()")
        press("Enter")
        marked = page.evaluate(figures)
        self.assertTrue(all(one != other for one, other in zip(before, marked)), "the chosen point is marked")
        page.evaluate("document.querySelector('.points tbody tr:last-child th button').focus()")
        press("Enter")
        self.assertIn(REFUSED, page.evaluate("document.getElementById('point').textContent"))
        self.assertIn(REFUSED, page.evaluate("document.getElementById('table').textContent"))
        self.assertEqual(page.evaluate("document.getElementById('command').textContent"), "hdpsim run sweep --point 15")
        page.evaluate("""(() => { const box = document.getElementById('search'); box.value = 'Absolute ok';
                          box.dispatchEvent(new Event('change')); })()""")
        page.settle()
        self.assertEqual(page.evaluate("document.querySelectorAll('.points tbody tr').length"), 6)
        for select, value in (("#front .controls label:nth-child(2) select", "mass_lost"),
                              ("#sensitivity select", "energy_pj")):
            page.evaluate(f"""(() => {{ const box = document.querySelector({select!r}); box.value = {value!r};
                              box.dispatchEvent(new Event('change')); }})()""")
        page.settle()
        self.assertIn("mass lost", page.evaluate("document.querySelector('#front svg').textContent"))
        self.is_well(page, "used")

    def test_the_configuration_of_a_point_gives_its_run_again(self):
        sweep = self.sweep_folder()
        page = self.open(self.page(sweep))
        lines = (self.folder / sweep / "points.jsonl").read_text().splitlines()
        for number in (0, 7):
            report = json.loads(lines[number])
            text = page.evaluate(f"page.configuration(page.points[{number}])")
            self.assertEqual(json.loads(text), report["config"])
            again = self.report(self.file("again.json", text), "-w", TRACE)
            self.assertEqual((again["config_sha256"], again["cycles"]), (report["config_sha256"], report["cycles"]))

    def test_names_of_anybody_are_shown_and_do_nothing(self):
        self.file("mine.json", json.dumps({"base": "hdp_edge", "name": HOSTILE}))
        self.succeed("run", "mine.json", "-w", TRACE, "--out", "mine", cwd=self.folder)
        page = self.open(self.page("mine", self.run_folder()))
        self.is_well(page, "hostile")
        self.assertIn(HOSTILE, page.evaluate("document.body.textContent"))


if __name__ == "__main__":
    if CHROMIUM is None:
        print("page_browser_test: SKIPPED: there is no Chromium (tools/setup check)", file=sys.stderr)
        sys.exit(1 if "HDP_NEEDS_CHROMIUM" in os.environ else 77)
    unittest.main()
