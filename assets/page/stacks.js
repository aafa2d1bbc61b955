// SPDX-License-Identifier: Apache-2.0
// Stacked bars, a run each: where its cycles, its energy and its bytes went.
"use strict";

(() => {
  const kMostBars = 12,
    kMostSeries = 8;
  const chosen = { order: "table" };

  /** Series in one order for all bars: those with most first, what is left over as "others". */
  const seriesOf = (bars) => {
    const sums = new Map();
    for (const bar of bars)
      for (const { name, value } of bar.parts) sums.set(name, (sums.get(name) ?? 0) + value);
    const names = [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name);
    return names.length <= kMostSeries ? names : [...names.slice(0, kMostSeries - 1), "others"];
  };

  /**
   * A specification of bars {label, index, parts: [{name, value}]} with their labels above them, and the
   * words of a segment in it where there is room, so that it is known without its colour.
   */
  page.stackSpec = (bars, width, title, description, order) => {
    const series = order ?? seriesOf(bars),
      colours = page.colours();
    const colour = (name) =>
      ["others", "idle"].includes(name)
        ? page.faint()
        : colours[series.indexOf(name) % colours.length];
    const most = Math.max(
      ...bars.map((bar) => bar.parts.reduce((sum, part) => sum + part.value, 0)),
    );
    const inner = width - 40,
      thick = 24;
    const segments = [],
      labels = [];
    let y = 0;
    for (const bar of bars) {
      const lines = page.lines(bar.label, Math.floor(width / 8));
      labels.push({ lines, y: y + 13 });
      y += 16 * lines.length + 4;
      let at = 0;
      for (const name of series) {
        const value = bar.parts
          .filter((part) => (series.includes(part.name) ? part.name === name : name === "others"))
          .reduce((sum, part) => sum + part.value, 0);
        if (value === 0) continue;
        const room = (value / most) * inner;
        segments.push({
          index: bar.index,
          run: bar.label,
          part: name,
          value,
          start: at,
          end: at + value,
          top: y,
          bottom: y + thick,
          middle: y + thick / 2,
          share: value / bar.parts.reduce((sum, part) => sum + part.value, 0),
          word: name.length * 6.8 + 8 < room ? name : "",
          ink: page.onColour(colour(name)),
        });
        at += value;
      }
      y += thick + 12;
    }
    const top = { field: "top", type: "quantitative", scale: null, axis: null };
    const x = {
      field: "start",
      type: "quantitative",
      title,
      scale: { domain: [0, most], nice: false },
      axis: {
        tickCount: Math.max(3, Math.floor(width / 110)),
        format: "~s",
        labelExpr: "datum.value === 0 ? '0' : datum.label",
      },
    };
    return page.spec(width, y, description, {
      layer: [
        {
          data: { values: segments },
          mark: {
            type: "rect",
            stroke: page.paper(),
            strokeWidth: 1,
            cursor: "pointer",
            aria: false,
          },
          encoding: {
            x,
            x2: { field: "end" },
            y: top,
            y2: { field: "bottom" },
            color: {
              field: "part",
              type: "nominal",
              scale: { domain: series, range: series.map(colour) },
              legend: {
                orient: "bottom",
                title: null,
                columns: Math.max(1, Math.floor(width / 160)),
                symbolType: "square",
              },
            },
            tooltip: [
              { field: "run" },
              { field: "part" },
              { field: "value", title, format: ".5~g" },
              { field: "share", format: ".1%" },
            ],
          },
        },
        {
          data: { values: segments.filter((segment) => segment.word) },
          transform: [{ calculate: "(datum.start + datum.end) / 2", as: "centre" }],
          mark: { type: "text", baseline: "middle", aria: false, tooltip: null },
          encoding: {
            x: { field: "centre", type: "quantitative" },
            y: { field: "middle", type: "quantitative", scale: null },
            text: { field: "word" },
            color: { field: "ink", type: "nominal", scale: null },
          },
        },
        page.barTitles(labels),
      ],
    });
  };

  /** The runs that bars are drawn of: all, or the first of the table, or the front. */
  const runs = (field) => {
    const points = page.played().filter((point) => point[field].length);
    if (points.length <= kMostBars) return points;
    const front = page.front("time_ns", "relative_frobenius");
    const order = chosen.order === "front" && front.length ? front : page.tableOrder();
    const with_bars = new Set(points);
    return order
      .map((index) => page.points[index])
      .filter((point) => with_bars.has(point))
      .slice(0, kMostBars);
  };

  const panel = (id, title, field, unit, scale, what) =>
    page.addPanel(id, title, (width) => {
      const points = runs(field);
      if (!points.length) return null;
      const bars = points.map((point) => ({
        label: page.longLabel(point),
        index: point.index,
        parts: point[field].map(({ name, value }) => ({ name, value: value * scale })),
      }));
      const all = page.played().filter((point) => point[field].length).length;
      const which =
        all === points.length
          ? "every run"
          : chosen.order === "front"
            ? `the first ${points.length} runs of the front of time and output error`
            : `the first ${points.length} of ${all} runs, in the order of the table below`;
      const caption = `${what} A bar each of ${which}.`;
      const total = (bar) => bar.parts.reduce((sum, part) => sum + part.value, 0);
      return {
        controls:
          all === points.length || !page.front("time_ns", "relative_frobenius").length
            ? []
            : [
                page.select(
                  "Runs",
                  [
                    ["table", "first of the table"],
                    ["front", "of the front"],
                  ],
                  chosen.order,
                  (value) => {
                    chosen.order = value;
                    page.draw("cycles", "energy", "bytes");
                  },
                ),
              ],
        figures: [{ spec: page.stackSpec(bars, width, unit, `Stacked bars. ${caption}`) }],
        caption,
        heads: ["run", "part", unit, "share"],
        rows: bars.flatMap((bar) =>
          bar.parts.map((part) => [
            bar.label,
            part.name,
            page.number(part.value),
            `${page.number((100 * part.value) / total(bar))} %`,
          ]),
        ),
      };
    });

  panel(
    "cycles",
    "Where the cycles went",
    "path",
    "cycles",
    1,
    "The critical path: what the end of the run hung on, cycle for cycle, by kind of unit.",
  );
  panel(
    "energy",
    "Where the energy went",
    "energy",
    "energy [uJ]",
    1e-6,
    "Energy by unit, all instances together.",
  );
  panel(
    "bytes",
    "What was moved",
    "bytes",
    "DRAM bytes",
    1,
    "Bytes that were asked of the memory, by tensor.",
  );
})();
