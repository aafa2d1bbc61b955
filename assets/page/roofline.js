// SPDX-License-Identifier: Apache-2.0
// Multiply-adds a second over multiply-adds a byte, under the roofs of the machines.
"use strict";

(() => {
  const kMostRoofs = 8;

  page.addPanel("roofline", "Roofline", (width) => {
    const values = page.played().map((point) => ({
      index: point.index, name: page.label(point), machine: point.machine, chosen: point.index === page.chosen.point,
      // An operation is half of a multiply-add.
      intensity: (page.figure(point, "ops_per_byte") ?? NaN) / 2, speed: (page.figure(point, "gop_per_s") ?? NaN) / 2,
      compute: page.figure(point, "multipliers") * page.figure(point, "clock_mhz") / 1000, bandwidth: page.figure(point, "peak_bytes_per_s"),
    })).filter((value) => value.intensity > 0 && value.speed > 0 && value.compute > 0 && value.bandwidth > 0);
    if (!values.length) return null;
    const roofs = new Map(values.map((value) => [`${value.compute} ${value.bandwidth}`, { compute: value.compute, bandwidth: value.bandwidth }]));
    const all = [...roofs.values()].sort((a, b) => a.compute - b.compute || a.bandwidth - b.bandwidth);
    const extreme = (key, sign) => all.reduce((best, roof) => (sign * (roof[key] - best[key]) > 0 ? roof : best));
    const shown = all.length <= kMostRoofs ? all
      : [...new Set([extreme("compute", -1), extreme("compute", 1), extreme("bandwidth", -1), extreme("bandwidth", 1)])];
    const knees = shown.map((roof) => roof.compute / roof.bandwidth);
    const low = Math.min(...values.map((value) => value.intensity), ...knees) / 2;
    const high = Math.max(...values.map((value) => value.intensity), ...knees) * 2;
    const lines = shown.flatMap((roof, place) => [low, roof.compute / roof.bandwidth, high].map((intensity) =>
      ({ roof: place, intensity, speed: Math.min(roof.compute, roof.bandwidth * intensity) })));
    const lowest = Math.min(...values.map((value) => value.speed), ...lines.map((line) => line.speed)) / 1.3;
    const highest = Math.max(...values.map((value) => value.speed), ...lines.map((line) => line.speed)) * 1.6;
    const machines = [...new Set(values.map((value) => value.machine))];
    const { shape, color } = page.byMachine(machines, width);
    const x = { field: "intensity", type: "quantitative", title: "multiply-adds a byte", scale: { type: "log", domain: [low, high], nice: false }, axis: { tickCount: 4, format: "~g" } };
    const y = { field: "speed", type: "quantitative", title: "10^9 multiply-adds a second", scale: { type: "log", domain: [lowest, highest], nice: false }, axis: { tickCount: 4, format: "~g" } };
    const above = values.filter((value) => value.speed > value.compute * 1.0001).length;
    const many = all.length > shown.length ? ` The machines have ${all.length} different pairs of roofs: the lowest and the highest are drawn.` : "";
    const caption = "What a run reaches, under what its machine has: all multipliers at once (flat), and the peak bandwidth of the memory (sloped)." + many +
      (above ? ` ${above} of the runs lie above the roof of their machine, as its multipliers make several narrow products at a time.` : "");
    const name = (roof) => `${page.number(roof.compute)} G/s, ${page.number(roof.bandwidth)} GB/s`;
    return {
      figures: [{
        spec: page.spec(width, Math.min(400, Math.max(260, width * 0.45)), `Roofline. ${caption}`, {
          layer: [
            { data: { values: lines }, mark: { type: "line", color: page.ink(), strokeWidth: 1.5, strokeCap: "round", aria: false }, encoding: { x, y, detail: { field: "roof", type: "nominal" }, strokeDash: { field: "roof", type: "nominal", legend: null } } },
            {
              data: { values: shown.map((roof) => ({ intensity: high, speed: roof.compute, word: name(roof) })).filter((roof, place, list) => list.every((other, at) => at >= place || Math.abs(Math.log(other.speed / roof.speed)) > 0.25)) },
              mark: { type: "text", align: "right", baseline: "bottom", dy: -3, aria: false }, encoding: { x, y, text: { field: "word" } },
            },
            {
              data: { values }, mark: { type: "point", filled: true, size: 70, opacity: 0.8, stroke: page.ink(), strokeWidth: 0.6, cursor: "pointer", aria: false },
              encoding: { x, y, shape, color, tooltip: [{ field: "name", title: "point" }, { field: "machine" }, { field: "intensity", title: "multiply-adds a byte", format: ".4~g" }, { field: "speed", title: "10^9 multiply-adds a second", format: ".4~g" }] },
            },
            { data: { values: values.filter((value) => value.chosen) }, mark: { type: "point", size: 320, color: page.accent(), strokeWidth: 2.5, filled: false, shape: "circle", aria: false }, encoding: { x, y } },
          ],
        }),
      }],
      caption,
      heads: ["run", "multiply-adds a byte", "10^9 multiply-adds a second", "of its roofs"],
      rows: values.slice(0, 50).map((value) => [value.name, page.number(value.intensity), page.number(value.speed), name(value)]),
    };
  });
})();
