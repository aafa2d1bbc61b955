// SPDX-License-Identifier: Apache-2.0
// What the page is of, in words; the best points; whose the numbers are.
"use strict";

(() => {
  const count = (number, word) => `${page.number(number)} ${word}${number === 1 ? "" : "s"}`;
  const kinds = { sweep: "sweep", run: "run", table: "comparison", ablation: "ablation" };

  const lineOf = (study) => {
    const points = page.points.filter((point) => point.study === study);
    const refused = points.filter((point) => !point.ok).length;
    const machines = [...new Set(points.map((point) => point.machine))],
      workloads = [...new Set(points.map((point) => point.workloadName))];
    const some = (names, word) =>
      names.length <= 6 ? names.join(", ") : count(names.length, word);
    const axes = study.axes.map((axis) => `${axis.paths.join(" + ")} (${axis.labels.length})`);
    return (
      `${study.name}: ${kinds[study.kind]}, ${count(points.length, "point")} of ` +
      `${some(machines, "machine")} on ${some(workloads, "workload")}` +
      (axes.length ? ` over ${axes.join(", ")}` : "") +
      (refused ? `; ${page.number(refused)} refused` : "")
    );
  };

  /** Once: it does not change. */
  page.summary = () => {
    document.title = `hdpsim report: ${page.studies.map((study) => study.name).join(", ")}`.slice(
      0,
      120,
    );
    document
      .getElementById("summary")
      .append(
        page.element(
          "ul",
          {},
          ...page.studies.map((study) => page.element("li", {}, lineOf(study))),
        ),
      );
    if (page.workloads.length > 1) {
      document.getElementById("choices").append(
        page.select(
          "Workload",
          page.workloads.map(({ index, name }) => [index, name]),
          page.chosen.workload,
          (value) => {
            page.chosen.workload = Number(value);
            page.draw();
          },
        ),
      );
    }
    document
      .getElementById("footer")
      .append(
        page.element("h2", {}, "Whose the numbers are"),
        ...Object.entries(page.sources).map(([machine, text]) =>
          page.element("p", {}, page.element("strong", {}, machine), `: ${text}`),
        ),
        page.element(
          "p",
          {},
          `Made by hdpsim ${page.version}. Figures drawn by Vega ${vega.version}, ` +
            `Vega-Lite ${vegaLite.version} and Vega-Embed ${vegaEmbed.version}.`,
        ),
      );
  };

  const best = [
    "time_ns",
    "energy_pj",
    "bytes",
    "relative_frobenius",
    "mass_lost",
    "speedup",
    "energy_ratio",
  ];

  page.addPanel("best", "Best points", () => {
    const points = page.played();
    if (points.length < 2) return null;
    const several =
      new Set(points.map((point) => point.machine)).size > 1 &&
      points.some((point) => page.label(point) !== point.machine);
    const rows = best
      .map((name) => {
        const metric = page.metric(name),
          sign = metric.better === "+" ? -1 : 1;
        const with_value = points.filter((point) => page.figure(point, name) !== undefined);
        if (!with_value.length) return null;
        const first = with_value.reduce((a, b) =>
          sign * page.figure(b, name) < sign * page.figure(a, name) ? b : a,
        );
        return [
          `${metric.better === "+" ? "most" : "least"} ${metric.title}`,
          page.number(page.figure(first, name)),
          page.element(
            "button",
            { type: "button", click: () => page.choose(first.index, true) },
            page.label(first),
          ),
          ...(several ? [first.machine] : []),
        ];
      })
      .filter(Boolean);
    return {
      body: [
        page.plainTable(
          "The best of each figure",
          ["figure", "value", "point", ...(several ? ["machine"] : [])],
          rows,
        ),
      ],
    };
  });
})();
