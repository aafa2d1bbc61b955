// SPDX-License-Identifier: Apache-2.0
// Speedup and energy ratio over the baseline, a pair of bars each.
"use strict";

(() => {
  const kMostRows = 16;

  page.addPanel("ratios", "Against the baseline", (width) => {
    const points = page.played().filter((point) => page.figure(point, "speedup") !== undefined);
    if (!points.length || points.length > kMostRows) return null;
    const colours = page.colours();
    const kinds = [
      ["speedup", "speedup", colours[0]],
      ["energy_ratio", "energy ratio", colours[1]],
    ];
    const most = Math.max(
      1,
      ...points.flatMap((point) => kinds.map(([metric]) => page.figure(point, metric) ?? 0)),
    );
    const bars = [],
      labels = [];
    let y = 0;
    for (const point of points) {
      const lines = page.lines(
        `${page.label(point)} over ${point.baseline || "nothing"}`,
        Math.floor(width / 8),
      );
      labels.push({ lines, y: y + 13 });
      y += 16 * lines.length + 4;
      for (const [metric, kind] of kinds) {
        const value = page.figure(point, metric);
        if (value === undefined) continue;
        bars.push({
          index: point.index,
          run: page.label(point),
          kind,
          value,
          none: 0,
          top: y,
          bottom: y + 16,
          middle: y + 8,
          word: `${kind} ${value.toFixed(2)}`,
        });
        y += 18;
      }
      y += 10;
    }
    const x = {
      field: "none",
      type: "quantitative",
      title: "times the baseline (more is better)",
      scale: { domain: [0, most], nice: false },
      axis: { tickCount: Math.max(3, Math.floor(width / 110)) },
    };
    // A word stands in its bar, or beside a bar that is too short for it.
    const inside = (bar) => (bar.value / most) * (width - 40) > bar.word.length * 7 + 10;
    const words = (these, mark) => ({
      data: { values: these },
      mark: { type: "text", baseline: "middle", aria: false, ...mark },
      encoding: {
        x: { field: "value", type: "quantitative" },
        y: { field: "middle", type: "quantitative", scale: null },
        text: { field: "word" },
      },
    });
    const within = (kind, colour) =>
      words(
        bars.filter((bar) => bar.kind === kind && inside(bar)),
        { align: "right", dx: -5, color: page.onColour(colour) },
      );
    const caption =
      "Speedup is the time of the baseline over the time of the run, energy ratio likewise; " +
      "the line is the baseline.";
    return {
      figures: [
        {
          spec: page.spec(width, y, `Bars. ${caption}`, {
            layer: [
              {
                data: { values: bars },
                mark: { type: "rect", cursor: "pointer", aria: false },
                encoding: {
                  x,
                  x2: { field: "value" },
                  y: { field: "top", type: "quantitative", scale: null, axis: null },
                  y2: { field: "bottom" },
                  color: {
                    field: "kind",
                    type: "nominal",
                    scale: {
                      domain: kinds.map(([, kind]) => kind),
                      range: kinds.map(([, , colour]) => colour),
                    },
                    legend: null,
                  },
                  tooltip: [
                    { field: "run" },
                    { field: "kind" },
                    { field: "value", format: ".4~g" },
                  ],
                },
              },
              {
                data: { values: [{ one: 1 }] },
                mark: { type: "rule", color: page.ink(), strokeDash: [4, 3], aria: false },
                encoding: { x: { field: "one", type: "quantitative" } },
              },
              ...kinds.map(([, kind, colour]) => within(kind, colour)),
              words(
                bars.filter((bar) => !inside(bar)),
                { align: "left", dx: 5, color: page.ink() },
              ),
              page.barTitles(labels),
            ],
          }),
        },
      ],
      caption,
      heads: ["run", "over", "speedup", "energy ratio"],
      rows: points.map((point) => [
        page.label(point),
        point.baseline,
        page.number(page.figure(point, "speedup")),
        page.number(page.figure(point, "energy_ratio")),
      ]),
    };
  });
})();
