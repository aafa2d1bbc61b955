// SPDX-License-Identifier: Apache-2.0
// Every point, sortable and searchable, also those that a machine refused.
"use strict";

(() => {
  const kPage = 50;
  const state = { column: null, falling: false, search: "", from: 0 };

  const columns = () => {
    const several = (valueOf) => new Set(page.points.map(valueOf)).size > 1;
    const all = [
      page.studies.length > 1 && { title: "from", text: (point) => point.study.name },
      { title: "machine", text: (point) => point.machine },
      several((point) => point.workload) && {
        title: "workload",
        text: (point) => point.workloadName,
      },
      several((point) => point.step) && { title: "step", text: (point) => point.step },
      ...page
        .paths()
        .filter(({ path }) => path !== "machine")
        .map(({ path, value }) => ({
          title: path,
          text: (point) => page.setting(value(point)),
          number: page.points.every((point) =>
            ["number", "undefined"].includes(typeof value(point)),
          )
            ? value
            : undefined,
        })),
      page.points.some((point) => !point.ok) && { title: "status", text: (point) => point.status },
      ...page.metrics
        .filter(({ name }) => page.points.some((point) => page.figure(point, name) !== undefined))
        .map(({ name, title }) => ({
          title,
          number: (point) => page.figure(point, name),
          text: (point) => page.number(page.figure(point, name)),
        })),
      page.points.some((point) => point.limiter) && {
        title: "limited by",
        text: (point) => point.limiter,
      },
      several((point) => point.baseline) && { title: "over", text: (point) => point.baseline },
      page.points.some((point) => point.remark) && { title: "with", text: (point) => point.remark },
    ].filter(Boolean);
    return all;
  };
  let known = null;

  const pointColumn = {
    title: "point",
    number: (point) => point.index,
    text: (point) => page.label(point),
  };

  /** Rows as they are searched and sorted; what has no value stands last. */
  const rows = () => {
    known ??= columns();
    const words = state.search.toLowerCase().split(/\s+/).filter(Boolean);
    const found = page.points.filter((point) => {
      if (point.workload !== page.chosen.workload) return false;
      if (!words.length) return true;
      const text = [pointColumn, ...known]
        .map((column) => column.text(point))
        .join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const column = state.column;
    if (!column) return found;
    const valueOf = column.number ?? ((point) => column.text(point) || undefined);
    const sign = state.falling ? -1 : 1;
    return found.sort((a, b) => {
      const [x, y] = [valueOf(a), valueOf(b)];
      if (x === undefined || y === undefined)
        return (x === undefined) - (y === undefined) || a.index - b.index;
      return sign * (x < y ? -1 : x > y ? 1 : 0) || a.index - b.index;
    });
  };

  /** Indices of the points, as the table has them. */
  page.tableOrder = () => rows().map((point) => point.index);

  const again = (focus) => {
    page
      .draw("table", "cycles", "energy", "bytes")
      .then(() => document.getElementById(focus)?.focus());
  };

  const head = (column, place) => {
    const sorted = state.column === column;
    return page.element(
      "th",
      { scope: "col", "aria-sort": sorted ? (state.falling ? "descending" : "ascending") : "none" },
      page.element(
        "button",
        {
          type: "button",
          id: `sort-${place}`,
          click: () => {
            state.falling = sorted && !state.falling;
            state.column = column;
            state.from = 0;
            again(`sort-${place}`);
          },
        },
        column.title,
        page.element(
          "span",
          { "aria-hidden": "true", class: "arrow" },
          sorted ? (state.falling ? " ▼" : " ▲") : "",
        ),
      ),
    );
  };

  const turn = (id, text, from, possible) =>
    page.element(
      "button",
      {
        type: "button",
        id,
        disabled: !possible,
        click: () => {
          state.from = from;
          page.draw("table").then(() => document.getElementById(id)?.focus());
        },
      },
      text,
    );

  page.addPanel("table", "Every point", () => {
    const found = rows(),
      from = Math.min(state.from, Math.max(0, found.length - 1)),
      shown = found.slice(from, from + kPage);
    const search = page.element(
      "label",
      { class: "choice" },
      "Search ",
      page.element("input", {
        type: "search",
        id: "search",
        value: state.search,
        change: (event) => {
          state.search = event.target.value;
          state.from = 0;
          again("search");
        },
      }),
    );
    const count = `${page.number(found.length)} ${found.length === 1 ? "point" : "points"}`;
    const which =
      found.length > kPage ? `${from + 1} to ${from + shown.length} of ${count}` : count;
    return {
      controls: [
        search,
        page.element("span", { role: "status" }, which),
        ...(found.length > kPage
          ? [
              turn("before", "Before", Math.max(0, from - kPage), from > 0),
              turn("next", "Next", from + kPage, from + kPage < found.length),
            ]
          : []),
      ],
      body: [
        page.element(
          "p",
          { class: "hint" },
          "Heads of columns sort; the name of a point shows how it was made.",
        ),
        page.element(
          "div",
          { class: "scroll tall", tabindex: 0, role: "region", "aria-labelledby": "table-title" },
          page.element(
            "table",
            { class: "points" },
            page.element("caption", { class: "hidden" }, `Points, ${which}`),
            page.element("thead", {}, page.element("tr", {}, ...[pointColumn, ...known].map(head))),
            page.element(
              "tbody",
              {},
              ...shown.map((point) =>
                page.element(
                  "tr",
                  { class: point.index === page.chosen.point ? "chosen" : undefined },
                  page.element(
                    "th",
                    { scope: "row" },
                    page.element(
                      "button",
                      {
                        type: "button",
                        id: `point-${point.index}`,
                        "aria-pressed": String(point.index === page.chosen.point),
                        click: () => page.choose(point.index, true),
                      },
                      pointColumn.text(point),
                    ),
                  ),
                  ...known.map((column) =>
                    page.element(
                      "td",
                      {
                        class: column.number
                          ? "number"
                          : column.title === "status"
                            ? "words"
                            : undefined,
                      },
                      column.text(point),
                    ),
                  ),
                ),
              ),
            ),
          ),
        ),
      ],
    };
  });
})();
