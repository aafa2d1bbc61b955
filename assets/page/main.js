// SPDX-License-Identifier: Apache-2.0
"use strict";

(() => {
  page.chosen.workload = page.workloads[0]?.index ?? 0;
  const front = page.front("time_ns", "relative_frobenius");
  page.chosen.point =
    front[Math.floor(front.length / 2)] ??
    page.played()[0]?.index ??
    (page.points.length ? 0 : null);
  page.summary();
  let times = 0;
  const drawAll = () =>
    page.draw().then(() => {
      document.body.dataset.drawn = String(++times);
    });
  drawAll();

  // Again in other colours, and at another width; a phone's height changes while it is scrolled.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  // Not the width of the window: a phone's grows with what does not fit.
  const widthNow = () => document.documentElement.clientWidth;
  let width = widthNow(),
    waiting = 0;
  addEventListener("resize", () => {
    if (widthNow() === width) return;
    width = widthNow();
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 150);
  });
})();
