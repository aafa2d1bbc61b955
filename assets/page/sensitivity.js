// SPDX-License-Identifier: Apache-2.0
// What each axis of a sweep does to a figure, over all values of the other axes.
"use strict";

(() => {
  const chosen = {};

  page.addPanel("sensitivity", "What each axis does", (width) => {
    const lines = page.studies
      .flatMap((study) => study.axes.map((axis) => ({ study, axis })))
      .filter(({ axis }) => axis.labels.length > 1);
    const spreads = lines
      .flatMap(({ axis }) => axis.spreads)
      .filter((spread) => spread.workload === page.chosen.workload);
    const metrics = page.metrics.filter((metric) =>
      spreads.some((spread) => spread.metric === metric.name),
    );
    if (!metrics.length) return null;
    const metric = metrics.find((one) => one.name === chosen.metric) ?? metrics[0];
    const shown = lines
      .map(({ study, axis }) => {
        const spread = axis.spreads.find(
          (one) => one.metric === metric.name && one.workload === page.chosen.workload,
        );
        const name = axis.paths.join(" + ");
        const values = axis.labels
          .map((label, place) => ({ label, place, spread: spread?.values[place] }))
          .filter((value) => value.spread)
          .map(({ label, place, spread: [count, least, median, most] }) => ({
            label,
            place,
            count,
            least: least * metric.scale,
            median: median * metric.scale,
            most: most * metric.scale,
            lines: page.lines(label, width < 500 ? 14 : 24).join("\n"),
          }));
        return { name: page.studies.length > 1 ? `${name} (${study.name})` : name, values };
      })
      .filter((line) => line.values.length > 1);
    if (!shown.length) return null;
    const all = shown.flatMap((line) => line.values.flatMap((value) => [value.least, value.most]));
    const columns = width >= 760 && shown.length > 1 ? 2 : 1;
    const each = Math.floor((width - (columns - 1) * 24) / columns);
    const { padding, ...scale } = page.scaleOf(all),
      least = Math.min(...all),
      most = Math.max(...all),
      more = 0.03 * (most - least);
    scale.domain = scale.type === "log" ? [least / 1.1, most * 1.1] : [least - more, most + more];
    const x = (field) => ({
      field,
      type: "quantitative",
      title: metric.title,
      scale,
      axis: { tickCount: Math.max(3, Math.floor(each / 120)) },
    });
    const y = (values) => ({
      field: "lines",
      type: "ordinal",
      sort: values.map((value) => value.lines),
      title: null,
      axis: {
        labelExpr: "split(datum.label, '\\n')",
        labelOverlap: false,
        domain: false,
        ticks: false,
        labelLineHeight: 14,
      },
    });
    const caption =
      `A figure an axis, on one scale: for each of its values the median of ${metric.title} over ` +
      "all other axes (dots, joined by a line), and how far it goes (bars).";
    return {
      controls: [
        page.select(
          "Figure",
          metrics.map((one) => [one.name, one.title]),
          metric.name,
          (value) => {
            chosen.metric = value;
            page.draw("sensitivity");
          },
        ),
      ],
      figures: shown.map((line) => ({
        spec: page.spec(
          each,
          line.values.length *
            (16 + 14 * Math.max(...line.values.map((value) => value.lines.split("\n").length))),
          `Medians and ranges of ${metric.title} by ${line.name}.`,
          {
            title: { text: page.lines(line.name, Math.floor(each / 9)) },
            data: { values: line.values },
            encoding: { y: y(line.values) },
            layer: [
              {
                mark: {
                  type: "bar",
                  height: 7,
                  opacity: 0.45,
                  color: page.colours()[5],
                  aria: false,
                },
                encoding: { x: x("least"), x2: { field: "most" } },
              },
              {
                mark: { type: "line", color: page.colours()[0], strokeWidth: 1.5, aria: false },
                encoding: { x: x("median"), order: { field: "place" } },
              },
              {
                mark: {
                  type: "point",
                  filled: true,
                  size: 60,
                  opacity: 1,
                  color: page.colours()[0],
                  aria: false,
                },
                encoding: {
                  x: x("median"),
                  tooltip: [
                    { field: "label", title: line.name },
                    { field: "least", format: ".5~g" },
                    { field: "median", format: ".5~g" },
                    { field: "most", format: ".5~g" },
                    { field: "count", title: "points" },
                  ],
                },
              },
            ],
          },
        ),
      })),
      caption,
      heads: ["axis", "value", "points", "least", "median", "most"],
      rows: shown.flatMap((line) =>
        line.values.map((value) => [
          line.name,
          value.label,
          page.number(value.count),
          page.number(value.least),
          page.number(value.median),
          page.number(value.most),
        ]),
      ),
    };
  });
})();
