// SPDX-License-Identifier: Apache-2.0
// Axes and figures of all points at once: a point is a line from row to row.
"use strict";

(() => {
  const figures = ["time_ns", "energy_pj", "bytes", "relative_frobenius", "mass_lost", "speedup"];
  const row = 58,
    kMostLines = 500;

  /** A row: a place from 0 to 1 for every point, and the words at its ends. Nothing where all are alike. */
  const rowOf = (title, points, valueOf) => {
    const values = points.map(valueOf);
    const known = [...new Set(values.filter((value) => value !== undefined))];
    if (known.length < 2) return null;
    const numbers = known.every((value) => typeof value === "number");
    const text = (value) => (numbers ? page.number(value) : page.setting(value));
    if (numbers) {
      const least = Math.min(...known),
        most = Math.max(...known);
      return {
        title,
        first: text(least),
        last: text(most),
        places: values.map((value) =>
          value === undefined ? undefined : (value - least) / (most - least),
        ),
      };
    }
    const order = known.map(text);
    return {
      title,
      first: order[0],
      last: order.at(-1),
      words: order,
      places: values.map((value) =>
        value === undefined ? undefined : order.indexOf(text(value)) / (order.length - 1),
      ),
    };
  };

  page.addPanel("parallel", "All axes at once", (width) => {
    const points = page.played();
    const rows = [
      rowOf("machine", points, (point) => point.machine),
      ...page
        .paths()
        .filter(({ path }) => path !== "machine")
        .map(({ path, value }) => rowOf(path, points, value)),
      ...figures.map((metric) =>
        rowOf(page.metric(metric).title, points, (point) => page.figure(point, metric)),
      ),
    ].filter(Boolean);
    if (points.length < 2 || rows.length < 3) return null;
    const front = new Set(page.front("time_ns", "relative_frobenius")),
      known = new Map(points.map((point, at) => [point.index, at]));
    const inset = 8,
      inner = width - 40;
    const lineOf = (point) =>
      rows
        .map((one, place) => ({
          index: point.index,
          name: page.label(point),
          place: place * row + 30,
          x: one.places[known.get(point.index)],
        }))
        .filter((value) => value.x !== undefined);
    // Of many, some that lie evenly among them and in step with no axis.
    const others = points.filter((point) => !front.has(point.index));
    const drawn = others.filter(
      (_, at) => (at * 0.6180339887498949) % 1 < kMostLines / others.length,
    );
    // A line that does not show, where the chosen point is none of these.
    const chosenOne = () => {
      const point = page.points[page.chosen.point],
        found = known.has(page.chosen.point);
      return lineOf(found ? point : points[0]).map((value) => ({ ...value, shown: found ? 1 : 0 }));
    };
    const words = rows.flatMap((one, place) => {
      const short = (text) => (text.length > 22 ? `${text.slice(0, 20)}…` : text);
      const between = (one.words ?? []).slice(1, -1);
      const fits =
        7.5 *
          (Math.max(0, ...(one.words ?? []).map((word) => word.length)) + 2) *
          between.length *
          1.5 <
        inner;
      return [
        { x: 0, y: place * row + 20, text: one.title, align: "left", bold: true },
        { x: 0, y: place * row + 46, text: short(one.first), align: "left" },
        ...(fits ? between : []).map((word, at) => ({
          x: (at + 1) / (between.length + 1),
          y: place * row + 46,
          text: word,
          align: "center",
        })),
        { x: 1, y: place * row + 46, text: short(one.last), align: "right" },
      ];
    });
    const x = {
      field: "x",
      type: "quantitative",
      scale: { domain: [0, 1], range: [inset, inner] },
      axis: null,
    };
    const y = { field: "place", type: "quantitative", scale: null, axis: null };
    const line = (data, mark) => ({
      data,
      mark: { type: "line", cursor: "pointer", aria: false, ...mark },
      encoding: {
        x,
        y,
        order: { field: "place" },
        detail: { field: "index", type: "nominal" },
        tooltip: [{ field: "name", title: "point" }],
      },
    });
    // Words, on a halo that keeps the lines off them.
    const text = (align, bold) =>
      [{ stroke: page.paper(), strokeWidth: 5, strokeJoin: "round" }, {}].map((halo) => ({
        data: {
          values: words.filter((word) => word.align === align && Boolean(word.bold) === bold),
        },
        mark: {
          type: "text",
          align,
          baseline: "alphabetic",
          fontWeight: bold ? 600 : 400,
          aria: false,
          ...halo,
        },
        encoding: {
          x,
          y: { field: "y", type: "quantitative", scale: null },
          text: { field: "text" },
        },
      }));
    const chosenLine = line(
      { name: "chosen", values: chosenOne() },
      { color: page.ink(), strokeWidth: 3, strokeDash: [7, 4] },
    );
    chosenLine.encoding.opacity = { field: "shown", type: "quantitative", scale: null };
    const many = Math.max(0.08, Math.min(0.6, 40 / drawn.length));
    const which =
      drawn.length < others.length
        ? `, of which ${page.number(drawn.length)} and the front are drawn`
        : "";
    const caption =
      `Parallel coordinates of ${page.number(points.length)} points${which}: a line each, from ` +
      "row to row, rising values to the right. " +
      "Thick lines are of the front of time and output error, the dashed one is the chosen point.";
    return {
      figures: [
        {
          chosen: chosenOne,
          spec: page.spec(width, rows.length * row, caption, {
            layer: [
              {
                data: { values: rows.map((_, place) => ({ place: place * row + 30 })) },
                mark: { type: "rule", color: page.faint(), aria: false },
                encoding: {
                  y,
                  x: { datum: 0, type: "quantitative", scale: x.scale, axis: null },
                  x2: { datum: 1 },
                },
              },
              line(
                { values: drawn.flatMap(lineOf) },
                { color: page.colours()[0], opacity: many, strokeWidth: 1 },
              ),
              line(
                { values: points.filter((point) => front.has(point.index)).flatMap(lineOf) },
                { color: page.colours()[4], opacity: 0.9, strokeWidth: 2 },
              ),
              chosenLine,
              ...text("left", true),
              ...text("left", false),
              ...text("center", false),
              ...text("right", false),
            ],
          }),
        },
      ],
      caption,
      heads: ["row", "from", "to"],
      rows: rows.map((one) => [one.title, one.first, one.last]),
    };
  });
})();
