// SPDX-License-Identifier: Apache-2.0
// What heads kept of their (query, key) pairs: a figure a head, of a run that counted it.
"use strict";

(() => {
  const kSide = 330,
    kMostElements = 20_000;

  const cellsOf = (map) => {
    const columns = Math.ceil(map.keys / map.cell_keys);
    return map.allowed
      .map((allowed, place) => {
        const query = Math.floor(place / columns) * map.cell_queries;
        const key = (place % columns) * map.cell_keys;
        return {
          query,
          query_end: Math.min(map.queries, query + map.cell_queries),
          key,
          key_end: Math.min(map.keys, key + map.cell_keys),
          allowed,
          kept: map.kept[place],
          share: map.kept[place] / allowed,
        };
      })
      .filter((cell) => cell.allowed);
  };

  const sum = (list) => list.reduce((total, value) => total + value, 0);
  const nameOf = (map, several) =>
    `${several ? `sequence ${map.sequence}, ` : ""}layer ${map.layer}, head ${map.head}`;
  const percent = (part, whole) => `${(whole ? (100 * part) / whole : 0).toFixed(1)} %`;

  const specOf = (map, name, width) => {
    const axis = (title, extent, orient) => ({
      type: "quantitative",
      title,
      scale: { domain: [0, extent], nice: false, zero: true, reverse: orient === "left" },
      axis: { orient, grid: false, tickCount: 5, tickMinStep: 1 },
    });
    // Few queries are a band, not a square.
    const height = Math.max(40, Math.round(Math.min(width, (width * map.queries) / map.keys)));
    const kept = sum(map.kept),
      allowed = sum(map.allowed);
    const share = {
      field: "share",
      type: "quantitative",
      scale: { domain: [0, 1], range: [page.empty(), page.ink()] },
      legend: {
        title: "kept",
        format: ".0%",
        orient: "bottom",
        values: [0, 0.5, 1],
        gradientLength: 120,
      },
    };
    return page.spec(width, height, `Heat map of ${name}: ${percent(kept, allowed)} kept.`, {
      title: { text: name, subtitle: `${percent(kept, allowed)} of ${page.number(allowed)} pairs` },
      layer: [
        {
          data: { values: cellsOf(map) },
          mark: { type: "rect", strokeWidth: 0.5, aria: false },
          encoding: {
            x: { field: "key", ...axis("key", map.keys, "bottom") },
            x2: { field: "key_end" },
            y: { field: "query", ...axis("query", map.queries, "left") },
            y2: { field: "query_end" },
            fill: share,
            stroke: share, // else the paper shines through between cells
            tooltip: [
              { field: "query", title: "from query" },
              { field: "key", title: "from key" },
              { field: "kept" },
              { field: "allowed" },
              { field: "share", format: ".1%" },
            ],
          },
        },
      ],
    });
  };

  page.addPanel("maps", "What heads kept", (width) => {
    const runs = page.played().filter((point) => point.maps.length);
    if (!runs.length) return null;
    const run = runs.find((point) => point.index === page.chosen.point) ?? runs[0];
    const several = run.maps.some((map) => map.sequence > 0);
    const cells = run.maps.some((map) => map.cell_queries > 1 || map.cell_keys > 1);
    const elements = sum(run.maps.map((map) => map.allowed.length));
    const caption =
      `Pairs of query and key that ${page.longLabel(run)} kept, of those that a query may see; ` +
      `where there is no colour it may see none.` +
      (cells ? " A cell counts the pairs of several queries and keys." : "");
    return {
      controls:
        runs.length === 1
          ? []
          : [
              page.select(
                "Run",
                runs.map((point) => [point.index, page.longLabel(point)]),
                run.index,
                (value) => page.choose(Number(value)),
              ),
            ],
      figures: run.maps.map((map) => ({
        spec: specOf(map, nameOf(map, several), Math.min(width, kSide)),
        renderer: elements > kMostElements ? "canvas" : undefined,
      })),
      caption,
      heads: ["head", "queries", "kept pairs", "of", "share"],
      rows: run.maps.flatMap((map) => {
        const columns = Math.ceil(map.keys / map.cell_keys);
        return Array.from({ length: map.kept.length / columns }, (_, row) => {
          const of_row = (list) => sum(list.slice(row * columns, (row + 1) * columns));
          const first = row * map.cell_queries;
          const last = Math.min(map.queries, first + map.cell_queries) - 1;
          return [
            nameOf(map, several),
            first === last ? `${first}` : `${first} to ${last}`,
            page.number(of_row(map.kept)),
            page.number(of_row(map.allowed)),
            percent(of_row(map.kept), of_row(map.allowed)),
          ];
        });
      }),
    };
  });
})();
