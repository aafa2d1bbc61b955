// SPDX-License-Identifier: Apache-2.0
// Multiply-adds a second over multiply-adds a byte, under the roofs of the machines.
"use strict";

(() => {
  const kMostRoofs = 8;

  page.addPanel("roofline", "Roofline", (width) => {
    const values = page
      .played()
      .map((point) => ({
        index: point.index,
        name: page.label(point),
        machine: point.machine,
        // An operation is half of a multiply-add.
        intensity: (page.figure(point, "ops_per_byte") ?? NaN) / 2,
        speed: (page.figure(point, "gop_per_s") ?? NaN) / 2,
        compute: (page.figure(point, "multipliers") * page.figure(point, "clock_mhz")) / 1000,
        bandwidth: page.figure(point, "peak_bytes_per_s"),
        used: (page.figure(point, "mac_utilisation") ?? NaN) / 100,
        moved: (page.figure(point, "bandwidth_share") ?? NaN) / 100,
      }))
      .filter(
        (value) =>
          value.intensity > 0 && value.speed > 0 && value.compute > 0 && value.bandwidth > 0,
      );
    if (!values.length) return null;
    // Products that a multiplier makes in a cycle: several, where they are narrow.
    for (const value of values) value.products = value.speed / (value.used * value.compute);
    const roofs = new Map(
      values.map((value) => [
        `${value.compute} ${value.bandwidth}`,
        { compute: value.compute, bandwidth: value.bandwidth },
      ]),
    );
    const all = [...roofs.values()].sort(
      (a, b) => a.compute - b.compute || a.bandwidth - b.bandwidth,
    );
    const extreme = (key, sign) =>
      all.reduce((best, roof) => (sign * (roof[key] - best[key]) > 0 ? roof : best));
    const shown =
      all.length <= kMostRoofs
        ? all
        : [
            ...new Set([
              extreme("compute", -1),
              extreme("compute", 1),
              extreme("bandwidth", -1),
              extreme("bandwidth", 1),
            ]),
          ];
    const knees = shown.map((roof) => roof.compute / roof.bandwidth);
    const low = Math.min(...values.map((value) => value.intensity), ...knees) / 2;
    const high = Math.max(...values.map((value) => value.intensity), ...knees) * 2;
    const productsOf = (roof) =>
      Math.max(
        1,
        ...values
          .filter((value) => value.compute === roof.compute && value.bandwidth === roof.bandwidth)
          .map((value) => value.products)
          .filter(Number.isFinite),
      );
    const products = Math.max(...shown.map(productsOf)),
      narrow = products > 1.001;
    const roofLine = (roof, place, times, kind) =>
      [low, Math.min((times * roof.compute) / roof.bandwidth, high), high].map((intensity) => ({
        roof: `${kind} ${place}`,
        kind,
        intensity,
        speed: Math.min(times * roof.compute, roof.bandwidth * intensity),
      }));
    const lines = shown.flatMap((roof, place) => [
      ...roofLine(roof, place, 1, "plain"),
      ...(productsOf(roof) > 1.001 ? roofLine(roof, place, productsOf(roof), "narrow") : []),
    ]);
    const lowest =
      Math.min(...values.map((value) => value.speed), ...lines.map((line) => line.speed)) / 1.3;
    const highest =
      Math.max(...values.map((value) => value.speed), ...lines.map((line) => line.speed)) * 1.6;
    const chosenOnes = () => page.ringOf(values);
    const machines = [...new Set(values.map((value) => value.machine))];
    const { shape, color } = page.byMachine(machines, width);
    const x = {
      field: "intensity",
      type: "quantitative",
      title: "intensity [MACs/byte]",
      scale: { type: "log", domain: [low, high], nice: false },
      axis: { tickCount: 4, format: "~g" },
    };
    const y = {
      field: "speed",
      type: "quantitative",
      title: "achieved [GMAC/s]",
      scale: { type: "log", domain: [lowest, highest], nice: false },
      axis: { tickCount: 4, format: "~g" },
    };
    const many =
      all.length > shown.length
        ? ` The machines have ${all.length} different pairs of roofs: the lowest and the highest ` +
          "are drawn."
        : "";
    const caption =
      "What a run reaches, under what its machine has: all multipliers at once (flat), and the " +
      "peak bandwidth of the memory (sloped)." +
      many +
      (narrow
        ? " Dashed: the roof of a multiplier that makes several narrow products a cycle, " +
          `${page.number(products)} in one of these runs.`
        : "");
    const name = (roof) => `${page.number(roof.compute)} G/s, ${page.number(roof.bandwidth)} GB/s`;
    const height = Math.min(400, Math.max(260, width * 0.45));
    // A roof is named where no other one runs through its name.
    const room = (16 / height) * Math.log(highest / lowest),
      above = (roof) =>
        lines.some(
          (line) =>
            line.intensity === high &&
            Math.log(line.speed / roof.compute) > 1e-9 &&
            Math.log(line.speed / roof.compute) < room,
        );
    const words = {
      data: {
        values: shown
          .filter((roof) => !above(roof))
          .map((roof) => ({ intensity: high, speed: roof.compute, word: name(roof) })),
      },
      mark: { type: "text", align: "right", baseline: "bottom", dy: -3, aria: false },
    };
    return {
      figures: [
        {
          chosen: chosenOnes,
          spec: page.spec(width, height, `Roofline. ${caption}`, {
            layer: [
              {
                data: { values: lines },
                mark: {
                  type: "line",
                  color: page.ink(),
                  strokeWidth: 1.5,
                  strokeCap: "round",
                  aria: false,
                },
                encoding: {
                  x,
                  y,
                  detail: { field: "roof", type: "nominal" },
                  strokeDash: {
                    field: "kind",
                    type: "nominal",
                    scale: {
                      domain: ["plain", "narrow"],
                      range: [
                        [1, 0],
                        [6, 4],
                      ],
                    },
                    legend: null,
                  },
                },
              },
              ...[{ stroke: page.paper(), strokeWidth: 5, strokeJoin: "round" }, {}].map(
                (halo) => ({
                  ...words,
                  mark: { ...words.mark, ...halo },
                  encoding: { x, y, text: { field: "word" } },
                }),
              ),
              {
                data: { values },
                mark: {
                  type: "point",
                  filled: true,
                  size: 70,
                  opacity: 0.8,
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
                  tooltip: [
                    { field: "name", title: "point" },
                    { field: "machine" },
                    { field: "intensity", title: "MACs/byte", format: ".4~g" },
                    { field: "speed", title: "GMAC/s", format: ".4~g" },
                    { field: "used", title: "of the compute roof", format: ".1%" },
                    { field: "moved", title: "of the bandwidth", format: ".1%" },
                  ],
                },
              },
              page.ring(chosenOnes(), x, y),
            ],
          }),
        },
      ],
      caption,
      heads: [
        "run",
        "MACs/byte",
        "GMAC/s",
        "of the compute roof [%]",
        "of the bandwidth [%]",
        "roofs",
      ],
      rows: values
        .slice(0, 50)
        .map((value) => [
          value.name,
          page.number(value.intensity),
          page.number(value.speed),
          page.number(100 * value.used),
          page.number(100 * value.moved),
          name(value),
        ]),
    };
  });
})();
