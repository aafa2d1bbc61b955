// SPDX-License-Identifier: Apache-2.0
// Colours of figures, in the light and in the dark: those of the page, read from its style sheet.
// Series have colours that colour-blind people tell apart (Okabe and Ito), and shapes or words too.
"use strict";

(() => {
  const variable = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  page.colours = () => Array.from({ length: 8 }, (_, i) => variable(`--series-${i + 1}`));
  page.shapes = [
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "triangle-right",
    "triangle-left",
  ];
  page.ink = () => variable("--ink");
  page.faint = () => variable("--faint");
  page.accent = () => variable("--accent");
  page.empty = () => variable("--grid");
  page.paper = () => variable("--panel");
  page.isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;

  /** Black or white, whichever is read better on a colour "#rrggbb". */
  page.onColour = (colour) => {
    const [r, g, b] = [1, 3, 5]
      .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.22 ? "#000000" : "#ffffff";
  };

  /** The configuration of every figure. */
  page.config = () => {
    const ink = page.ink(),
      faint = page.faint(),
      font = getComputedStyle(document.body).fontFamily;
    return {
      background: null,
      font,
      view: { stroke: null },
      aria: true,
      axis: {
        labelColor: ink,
        titleColor: ink,
        gridColor: variable("--grid"),
        domainColor: faint,
        tickColor: faint,
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: "normal",
        labelLimit: 0,
        titleLimit: 0,
        labelOverlap: "greedy",
        labelSeparation: 6,
      },
      legend: {
        labelColor: ink,
        titleColor: ink,
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: "normal",
        labelLimit: 0,
        titleLimit: 0,
        symbolSize: 90,
        symbolStrokeColor: ink,
      },
      title: { color: ink, subtitleColor: ink, fontSize: 13, fontWeight: 600, anchor: "start", limit: 0 },
      text: { color: ink, fontSize: 12, limit: 0 },
      range: { category: page.colours(), symbol: page.shapes },
    };
  };
})();
