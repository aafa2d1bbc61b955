// SPDX-License-Identifier: Apache-2.0
// Cost against error: every point, and the front of those that no other beats.
"use strict";

(() => {
  const costs = ["time_ns", "energy_pj", "bytes"],
    errors = ["relative_frobenius", "mass_lost"];
  const chosen = {};
  const has = (points, metric) =>
    points.filter((point) => page.figure(point, metric) !== undefined).length > 1;
  const title = (metric) => page.metric(metric).title;

  /** Steps over decades where figures span more than one, if all are above 0. */
  page.scaleOf = (values) => {
    const least = Math.min(...values),
      most = Math.max(...values);
    return least > 0 && most > 20 * least
      ? { type: "log", nice: false, padding: 12 }
      : { type: "linear", zero: false, padding: 12 };
  };

  /** Machines by shape and colour, with a legend below. */
  page.byMachine = (machines, width) => {
    const rows =
      machines.length > 1
        ? { orient: "bottom", title: null, columns: Math.max(1, Math.floor(width / 160)) }
        : null;
    return {
      shape: {
        field: "machine",
        type: "nominal",
        scale: {
          domain: machines,
          range: machines.map((_, i) => page.shapes[i % page.shapes.length]),
        },
        legend: rows,
      },
      color: {
        field: "machine",
        type: "nominal",
        scale: { domain: machines, range: machines.map((_, i) => page.colours()[i % 8]) },
        legend: rows,
      },
    };
  };

  /** The chosen one of these values; another one, that does not show, where it is not among them. */
  page.ringOf = (values) => {
    const found = values.find((value) => value.index === page.chosen.point);
    return [{ ...(found ?? values[0]), shown: found ? 1 : 0 }];
  };
  page.ring = (values, x, y) => ({
    data: { name: "chosen", values },
    mark: {
      type: "point",
      size: 320,
      color: page.accent(),
      strokeWidth: 2.5,
      filled: false,
      shape: "circle",
      aria: false,
    },
    encoding: { x, y, opacity: { field: "shown", type: "quantitative", scale: null } },
  });

  page.addPanel("front", "Cost against error", (width) => {
    const points = page.played();
    const here = costs.filter((cost) => has(points, cost)),
      kinds = errors.filter((error) => has(points, error));
    if (!here.length || !kinds.length) return null;
    const cost = here.includes(chosen.cost) ? chosen.cost : here[0];
    const error = kinds.includes(chosen.error) ? chosen.error : kinds[0];
    const front = new Set(page.front(cost, error));
    const values = points
      .map((point) => ({
        index: point.index,
        name: page.label(point),
        machine: point.machine,
        cost: page.figure(point, cost),
        error: page.figure(point, error),
        front: front.has(point.index),
      }))
      .filter((value) => value.cost !== undefined && value.error !== undefined);
    const chosenOnes = () => page.ringOf(values);
    const machines = [...new Set(values.map((value) => value.machine))];
    const on = values
      .filter((value) => value.front)
      .sort((a, b) => a.cost - b.cost || a.error - b.error);
    const x = {
      field: "cost",
      type: "quantitative",
      title: title(cost),
      scale: page.scaleOf(values.map((value) => value.cost)),
      axis: { tickCount: Math.max(3, Math.floor(width / 110)) },
    };
    const y = {
      field: "error",
      type: "quantitative",
      title: title(error),
      scale: page.scaleOf(values.map((value) => value.error)),
    };
    const tooltip = [
      { field: "name", title: "point" },
      { field: "machine" },
      { field: "cost", title: title(cost), format: ".5~g" },
      { field: "error", title: title(error), format: ".5~g" },
    ];
    const { shape, color } = page.byMachine(machines, width);
    const large =
      on.length === 1
        ? "The large one is the front"
        : `The ${on.length} large ones, joined by a line, are the front`;
    const caption =
      `${page.number(values.length)} points. ${large}: no other point is as good in both and ` +
      "better in one. The point that is chosen, here or in the table, has a ring.";
    return {
      controls: [
        page.select(
          "Cost",
          here.map((key) => [key, title(key)]),
          cost,
          (value) => {
            chosen.cost = value;
            page.draw("front");
          },
        ),
        page.select(
          "Error",
          kinds.map((key) => [key, title(key)]),
          error,
          (value) => {
            chosen.error = value;
            page.draw("front");
          },
        ),
      ],
      figures: [
        {
          chosen: chosenOnes,
          spec: page.spec(
            width,
            Math.min(420, Math.max(260, width * 0.5)),
            `Scatter plot of ${title(cost)} against ${title(error)}. ${caption}`,
            {
              layer: [
                {
                  data: { values: on },
                  mark: {
                    type: "line",
                    interpolate: "step-after",
                    color: page.accent(),
                    strokeWidth: 1.5,
                    aria: false,
                  },
                  encoding: { x, y, order: { field: "cost" } },
                },
                {
                  data: { values },
                  mark: {
                    type: "point",
                    filled: true,
                    stroke: page.ink(),
                    strokeWidth: 0.6,
                    cursor: "pointer",
                    aria: false,
                  },
                  encoding: {
                    x,
                    y,
                    shape,
                    color,
                    tooltip,
                    size: { condition: { test: "datum.front", value: 110 }, value: 40 },
                    opacity: { condition: { test: "datum.front", value: 1 }, value: 0.6 },
                  },
                },
                page.ring(chosenOnes(), x, y),
              ],
            },
          ),
        },
      ],
      caption,
      heads: ["point of the front", "machine", title(cost), title(error)],
      rows: on.map((value) => [
        value.name,
        value.machine,
        page.number(value.cost),
        page.number(value.error),
      ]),
    };
  });
})();
