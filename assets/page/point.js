// SPDX-License-Identifier: Apache-2.0
// One point: how to make it again, what its machine was, what its units did.
"use strict";

(() => {
  const save = (point) => {
    const address = URL.createObjectURL(
      new Blob([page.configuration(point)], { type: "application/json" }),
    );
    const link = page.element("a", { href: address, download: `${point.machine}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };

  const howTo = (point) => {
    const parts = [];
    if (point.command) {
      parts.push(
        page.element("h3", {}, "Again"),
        page.element("pre", { tabindex: 0, id: "command" }, point.command),
        page.copyButton("Copy the command", () => point.command),
      );
    }
    if (!point.config) return parts;
    const differences = page.differences(point);
    parts.push(page.element("h3", {}, "Configuration"));
    if (differences.length) {
      parts.push(
        page.plainTable(
          `What differs from the first point of ${point.machine}`,
          ["setting", "value"],
          differences.map(([path, json]) => [path, json ?? "not there"]),
        ),
      );
    }
    parts.push(
      page.element(
        "details",
        {
          toggle: (event) => {
            event.target.querySelector("pre").textContent = event.target.open
              ? page.configuration(point)
              : "";
          },
        },
        page.element("summary", {}, "All settings"),
        page.element("pre", { tabindex: 0, id: "configuration", class: "tall" }),
      ),
      page.element(
        "p",
        {},
        page.element(
          "button",
          { type: "button", click: () => save(point) },
          `Save as ${point.machine}.json`,
        ),
        " ",
        page.copyButton("Copy it", () => page.configuration(point)),
      ),
      page.element("p", { class: "hint digest" }, `config_sha256 ${point.digest}`),
    );
    return parts;
  };

  page.addPanel("point", "The chosen point", (width) => {
    const point = page.points[page.chosen.point];
    if (!point || point.workload !== page.chosen.workload) return null;
    const bars = point.units.map((unit) => {
      const total = unit.idle + unit.busy + unit.blocked.reduce((sum, part) => sum + part.value, 0);
      const share = (value) => (total ? (100 * value) / total : 0);
      return {
        label: unit.instances > 1 ? `${unit.name} (${unit.instances}, their mean)` : unit.name,
        parts: [
          { name: "busy", value: share(unit.busy) },
          ...unit.blocked.map((part) => ({
            name: `blocked: ${part.name}`,
            value: share(part.value),
          })),
          { name: "idle", value: share(unit.idle) },
        ],
      };
    });
    const blocked = [...new Set(bars.flatMap((bar) => bar.parts.map((part) => part.name)))].filter(
      (name) => name.startsWith("blocked"),
    );
    const order = ["busy", ...blocked, "idle"];
    const values = page
      .paths()
      .map(({ path, value }) => `${path} = ${page.setting(value(point))}`)
      .filter((text) => !text.endsWith("= "));
    const caption =
      "What the units did, as shares of the cycles of the run: busy, blocked on something, or idle.";
    const told = page.element(
      "div",
      { class: "told" },
      page.element(
        "p",
        { id: "chosen-name" },
        page.element("strong", {}, page.label(point)),
        `: ${point.machine} on ${point.workloadName}`,
        point.step ? `, ${point.step}` : "",
        values.length ? `; ${values.join(", ")}` : "",
      ),
      ...(point.ok ? [] : [page.element("p", { class: "refused" }, `Refused: ${point.status}`)]),
      ...point.remarks.map((remark) => page.element("p", {}, `note: ${remark}`)),
    );
    return {
      controls: [told],
      figures: bars.length
        ? [{ spec: page.stackSpec(bars, width, "cycles [%]", `Stacked bars. ${caption}`, order) }]
        : [],
      caption,
      heads: ["unit", "what", "cycles [%]"],
      rows: bars.flatMap((bar) =>
        bar.parts.map((part) => [bar.label, part.name, page.number(part.value)]),
      ),
      body: howTo(point),
    };
  });

  /** Shows a point everywhere; with `go` its panel comes into view. */
  page.choose = (index, go = false) => {
    page.chosen.point = index;
    page.markChosen();
    page.draw("table", "maps", "point").then(() => {
      if (!go) return;
      const panel = document.getElementById("point");
      panel.tabIndex = -1;
      panel.focus({ preventScroll: true });
      panel.scrollIntoView();
    });
  };
})();
