// SPDX-License-Identifier: Apache-2.0
"use strict";

(() => {
  page.chosen.workload = page.workloads[0]?.index ?? 0;
  page.chosen.point = page.front("time_ns", "relative_frobenius")[0] ?? page.played()[0]?.index ?? (page.points.length ? 0 : null);
  page.summary();
  const ready = () => { document.body.dataset.ready = "yes"; };
  page.draw().then(ready);

  // Again in other colours, and at another width; a phone's height changes while it is scrolled.
  const again = () => {
    delete document.body.dataset.ready;
    page.draw().then(ready);
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  let width = innerWidth, waiting = 0;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(again, 150);
  });
})();
