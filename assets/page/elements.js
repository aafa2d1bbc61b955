// SPDX-License-Identifier: Apache-2.0
// Elements of the page. Texts come from files of anybody: they are set as text, never as HTML.
"use strict";

(() => {
  /** An element with attributes and children; texts become text. */
  page.element = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(key, value);
      else if (value !== undefined && value !== false)
        element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  /** A number for reading: four digits, or all of a whole one. */
  page.number = (value) => {
    if (value === undefined || value === null) return "";
    if (Number.isInteger(value)) return value.toLocaleString("en-US");
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3);
    const digits = size >= 1000 ? 1 : size >= 100 ? 2 : size >= 1 ? 3 : 5;
    return value.toLocaleString("en-US", { maximumFractionDigits: digits });
  };

  /** A text in lines of at most so many characters: broken at spaces, a long word also behind / . _ or -. */
  page.lines = (text, most) => {
    const lines = [""];
    const words = String(text)
      .match(/\S*\s?/g)
      .flatMap((word) => (word.length > most ? word.match(/[^/._-]*[/._-]?/g) : [word]));
    for (const word of words.filter((part) => part !== "")) {
      for (let rest = word; rest !== "";) {
        const room = most - lines.at(-1).length;
        if (rest.trimEnd().length <= room) {
          lines[lines.length - 1] += rest;
          rest = "";
        } else if (lines.at(-1) !== "") {
          lines.push("");
        } else {
          lines[lines.length - 1] = rest.slice(0, most);
          rest = rest.slice(most);
          if (rest !== "") lines.push("");
        }
      }
    }
    return lines.map((line) => line.trimEnd());
  };

  /** A choice among [value, text], with its label. */
  page.select = (label, options, value, changed) =>
    page.element(
      "label",
      { class: "choice" },
      `${label} `,
      page.element(
        "select",
        { change: (event) => changed(event.target.value) },
        ...options.map(([key, text]) =>
          page.element("option", { value: key, selected: String(key) === String(value) }, text),
        ),
      ),
    );

  /** A button that puts a text into the clipboard. */
  page.copyButton = (what, text) => {
    const button = page.element(
      "button",
      {
        type: "button",
        click: async () => {
          try {
            await navigator.clipboard.writeText(text());
            button.textContent = "Copied";
          } catch {
            button.textContent = "Select it and copy";
          }
          setTimeout(() => {
            button.textContent = what;
          }, 2000);
        },
      },
      what,
    );
    return button;
  };

  /** A plain table: heads, then rows of texts; the first cell of a row is its head. */
  page.plainTable = (caption, heads, rows) =>
    page.element(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
      page.element(
        "table",
        {},
        page.element("caption", {}, caption),
        page.element(
          "thead",
          {},
          page.element(
            "tr",
            {},
            ...heads.map((head) => page.element("th", { scope: "col" }, head)),
          ),
        ),
        page.element(
          "tbody",
          {},
          ...rows.map((cells) =>
            page.element(
              "tr",
              {},
              ...cells.map((cell, place) =>
                page.element(place === 0 ? "th" : "td", place === 0 ? { scope: "row" } : {}, cell),
              ),
            ),
          ),
        ),
      ),
    );
})();
