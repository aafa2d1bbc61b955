// SPDX-License-Identifier: Apache-2.0
// A panel of the page: a figure with its caption and the same as a table, under a heading. A panel
// that has nothing to show is not there.
"use strict";

(() => {
  const panels = [];
  let drawn = Promise.resolve();

  /**
   * Adds a panel. `make(width)` returns nothing where there are no data, else
   * {figures: [{spec, renderer?}], caption, heads, rows, controls?, body?}: figures side by side are one
   * panel; `heads` and `rows` say the same as a table. A figure that shows the chosen point has it in the
   * data "chosen", and `chosen()` makes these: nothing else is drawn again when another point is chosen.
   */
  page.addPanel = (id, title, make) => {
    const section = page.element("section", {
      id,
      class: "panel",
      "aria-labelledby": `${id}-title`,
      hidden: true,
    });
    document.getElementById("panels").append(section);
    panels.push({ id, title, make, section });
  };

  const embed = (box, figure, title) =>
    vegaEmbed(box, figure.spec, {
      mode: "vega-lite",
      renderer: figure.renderer ?? (page.points.length > 2000 ? "canvas" : "svg"),
      actions: { export: true, source: false, compiled: false, editor: false },
      downloadFileName: title.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
      config: page.config(),
      tooltip: { theme: page.isDark() ? "dark" : "light" },
      ast: true, // the policy of the page lets no text become a function
    }).then((result) => {
      result.view.addEventListener("click", (event, item) => {
        if (item?.datum?.index !== undefined) page.choose(item.datum.index);
      });
      figure.view = result.view;
    });

  const draw = async (panel) => {
    const { id, title, make, section } = panel;
    panel.figures = [];
    section.hidden = false; // to be measured
    const style = getComputedStyle(section);
    const width = Math.floor(
      section.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
    );
    const content = make(width);
    if (!content) {
      section.replaceChildren();
      section.hidden = true;
      return;
    }
    const open = section.querySelector("details.data")?.open;
    const focus = section.contains(document.activeElement) ? document.activeElement.id : "";
    const boxes = (content.figures ?? []).map((figure) =>
      page.element("div", { class: "chart", style: `width: ${figure.spec.width}px` }),
    );
    const parts = [page.element("h2", { id: `${id}-title` }, title)];
    if (content.controls?.length)
      parts.push(page.element("div", { class: "controls" }, ...content.controls));
    if (boxes.length) {
      parts.push(
        page.element(
          "figure",
          { "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-caption` },
          page.element("div", { class: "charts" }, ...boxes),
          page.element("figcaption", { id: `${id}-caption` }, content.caption),
        ),
      );
    }
    if (content.rows?.length) {
      parts.push(
        page.element(
          "details",
          { class: "data", open: open ?? false },
          page.element("summary", {}, "The same as a table"),
          page.plainTable(title, content.heads, content.rows),
        ),
      );
    }
    if (content.body) parts.push(...content.body);
    section.replaceChildren(...parts);
    if (focus) document.getElementById(focus)?.focus();
    for (const [place, figure] of (content.figures ?? []).entries())
      await embed(boxes[place], figure, title);
    panel.figures = content.figures ?? [];
  };

  /** Shows the chosen point in the figures that are there. */
  page.markChosen = () => {
    drawn = drawn.then(async () => {
      for (const { figures } of panels) {
        for (const { view, chosen } of figures ?? []) {
          if (chosen)
            await view
              .change(
                "chosen",
                vega
                  .changeset()
                  .remove(() => true)
                  .insert(chosen()),
              )
              .runAsync();
        }
      }
    });
    return drawn;
  };

  const contents = () => {
    document
      .getElementById("contents")
      .replaceChildren(
        ...panels
          .filter((panel) => !panel.section.hidden)
          .map((panel) =>
            page.element("li", {}, page.element("a", { href: `#${panel.id}` }, panel.title)),
          ),
      );
  };

  /** Draws these panels, or all of them, one after the other. */
  page.draw = (...ids) => {
    drawn = drawn.then(async () => {
      for (const panel of panels) if (!ids.length || ids.includes(panel.id)) await draw(panel);
      contents();
    });
    return drawn;
  };

  /** The layer of the titles above bars: {y, lines} each, along the left edge. */
  page.barTitles = (titles) => ({
    data: { values: titles },
    mark: {
      type: "text",
      align: "left",
      baseline: "alphabetic",
      lineHeight: 16,
      fontWeight: 600,
      aria: false,
    },
    encoding: {
      x: { value: 0 },
      y: { field: "y", type: "quantitative", scale: null },
      text: { field: "lines" },
    },
  });

  /** What all specifications have in common. */
  page.spec = (width, height, description, rest) => ({
    width,
    height,
    description,
    autosize: { type: "fit-x", contains: "padding" },
    padding: { left: 4, right: 12, top: 8, bottom: 4 },
    ...rest,
    layer: rest.layer.filter((layer) => layer.data?.values.length !== 0),
  });
})();
