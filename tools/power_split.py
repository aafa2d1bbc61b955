#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a run takes in W, split into DRAM, SRAM and logic: tools/power_split.py REPORT.json..."""
import json
import sys


def split(report):
    """W and mm^2 by part. An SRAM is what has the area of one."""
    watts = {"DRAM": 0.0, "SRAM": 0.0, "logic": 0.0}
    areas = {"DRAM": 0.0, "SRAM": 0.0, "logic": 0.0}
    units = report["area_um2"]["units"]

    def part(unit):
        if unit == "memory":
            return "DRAM"
        return "SRAM" if "sram" in units[unit] else "logic"

    for unit, items in report["energy_pj"]["units"].items():
        watts[part(unit)] += sum(items.values()) / report["time_ns"] * 1e-3
    for unit, items in units.items():
        areas[part(unit)] += sum(items.values()) * 1e-6
    return watts, areas


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        watts, areas = split(report)
        total = sum(watts.values())
        print(f"{report['machine']}, {report['workload']['name']}, "
              f"{report['provenance']['energy']}: {total:.2f} W, {sum(areas.values()):.2f} mm^2")
        for name, value in watts.items():
            print(f"  {name:<6}{value:7.2f} W {value / total:7.1%} {areas[name]:8.2f} mm^2")


if __name__ == "__main__":
    main()
