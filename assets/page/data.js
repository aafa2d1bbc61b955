// SPDX-License-Identifier: Apache-2.0
// What the page shows: the data of the report (format page-1) as objects, and the choices made.
"use strict";

const page = { chosen: { workload: 0, point: null } };

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const name = (index) => (index === undefined ? "" : data.names[index]);
  const parts = (list) => (list ?? []).map(([index, value]) => ({ name: name(index), value }));

  page.version = data.hdpsim.version;
  page.metrics = data.metrics;
  page.studies = data.studies;
  page.sources = data.sources;
  page.fronts = data.fronts;
  page.metric = (wanted) => page.metrics.find((metric) => metric.name === wanted);

  page.points = data.points.map((raw, index) => ({
    index,
    study: page.studies[raw.study],
    number: raw.number,
    status: raw.status ?? "ok",
    ok: raw.status === undefined,
    machine: name(raw.machine),
    workload: raw.workload,
    workloadName: name(raw.workload),
    step: name(raw.step),
    remark: name(raw.remark),
    limiter: name(raw.limiter),
    baseline: name(raw.baseline),
    axes: raw.axes,
    figures: raw.figures ?? [],
    path: parts(raw.path),
    energy: parts(raw.energy),
    bytes: parts(raw.bytes),
    units: (raw.units ?? []).map(([unit, instances, idle, busy, blocked]) => ({
      name: name(unit),
      instances,
      idle,
      busy,
      blocked: parts(blocked),
    })),
    maps: raw.maps ?? [],
    remarks: (raw.remarks ?? []).map((remark) => data.remarks[remark]),
    config: raw.config,
    digest: raw.config_sha256,
    command:
      raw.command ??
      (page.studies[raw.study].command && `${page.studies[raw.study].command} ${raw.number}`),
  }));

  const places = new Map(page.metrics.map((metric, place) => [metric.name, place]));
  /** A figure of a point in the unit of its title; undefined where it has none. */
  page.figure = (point, metric) => {
    const value = point.figures[places.get(metric)];
    return value === undefined || value === null ? undefined : value * page.metric(metric).scale;
  };

  page.workloads = [...new Set(page.points.map((point) => point.workload))].map((index) => ({
    index,
    name: name(index),
  }));

  /** The points that were played, of the workload that is chosen. */
  page.played = () =>
    page.points.filter((point) => point.ok && point.workload === page.chosen.workload);

  /** The front of the chosen workload, by index of its points. */
  page.front = (cost, error) =>
    page.fronts.find(
      (front) =>
        front.workload === page.chosen.workload && front.cost === cost && front.error === error,
    )?.points ?? [];

  const last = (path) => path.replace(/\/+$/, "").split("/").pop() || path;
  /** What a point is called in figures. */
  page.label = (point) => {
    const study = page.studies.length > 1 ? `${last(point.study.name)} ` : "";
    if (point.study.kind === "sweep") return `${study}point ${point.number}`;
    if (point.study.kind === "run") return page.studies.length > 1 ? study.trim() : point.machine;
    const alone = page.points.every(
      (other) => other.study !== point.study || other.machine === point.machine,
    );
    return (
      study + (point.step ? (alone ? point.step : `${point.machine} ${point.step}`) : point.machine)
    );
  };

  /** The same with the values of its axes, where runs are told apart by those. */
  page.longLabel = (point) => {
    const paths = point.study.axes.flatMap((axis) => axis.paths);
    const values = paths
      .map((path, place) => `${path}=${page.setting(point.axes[place])}`)
      .filter((text) => !text.startsWith("machine="));
    const machine = paths.includes("machine") ? ` ${point.machine}` : "";
    return `${page.label(point)}${machine}${values.length ? `: ${values.join(", ")}` : ""}`;
  };

  /** The settings that axes change, each once, with the place of its value in a study's points. */
  page.paths = () => {
    const paths = new Map();
    for (const study of page.studies) {
      study.axes
        .flatMap((axis) => axis.paths)
        .forEach((path, place) => {
          if (!paths.has(path)) paths.set(path, new Map());
          paths.get(path).set(study, place);
        });
    }
    return [...paths].map(([path, place]) => ({
      path,
      value: (point) => (place.has(point.study) ? point.axes[place.get(point.study)] : undefined),
    }));
  };

  /** A value of a setting as text. */
  page.setting = (value) =>
    value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

  /** What of a point's configuration differs from the first one of its machine: [path, JSON]. */
  page.differences = (point) =>
    (point.config ?? []).slice(1).map((index) => data.differences[index]);

  /** The whole configuration of a point, as JSON text: values stand as they were written. */
  page.configuration = (point) => {
    const root = new Map();
    const put = (path, json) => {
      const names = path.split(".");
      let group = root;
      for (const part of names.slice(0, -1)) {
        if (!(group.get(part) instanceof Map)) group.set(part, new Map());
        group = group.get(part);
      }
      if (json === undefined) group.delete(names.at(-1));
      else group.set(names.at(-1), json);
    };
    const changed = page.differences(point);
    for (const [path, json] of data.configs[point.config[0]]) put(path, json);
    for (const [path, json] of changed) if (json === undefined) put(path, json);
    for (const [path, json] of changed) if (json !== undefined) put(path, json);
    const text = (group, indent) => {
      const inner = [...group].map(
        ([key, value]) =>
          `${indent} ${JSON.stringify(key)}: ` +
          (value instanceof Map ? text(value, `${indent} `) : value),
      );
      return inner.length ? `{\n${inner.join(",\n")}\n${indent}}` : "{}";
    };
    return `${text(root, "")}\n`;
  };
})();
