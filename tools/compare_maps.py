#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What address maps make of sequential streams of several cores, as attention reads them.

usage: compare_maps.py [MEMORY...] [--hdpsim PROGRAM] [--cores N...] [--request BYTES] [--kib KIB]
Every core reads KIB KiB from its own place, a request of BYTES at a time, in turns; the places are
KIB KiB apart, as tensors of heads lie. One line a memory, number of cores and map: share of the
peak bandwidth, bytes an activation, energy of the core of the DRAM a byte, what limits it.
"""
import argparse
import json
import pathlib
import struct
import subprocess
import tempfile

MEMORIES = ["ddr4_2400r", "ddr4_3200aa", "lpddr4_3200", "hbm2_2000"]
MAPS = ["ro ba ra co bg pc ch", "ro ba ra bg co pc ch", "ro co ba bg ra pc ch",
        "ro ba^ro ra co bg pc ch"]


def streams(cores, request, size, access):
    """Records of a .bin request file: the cores in turns, each from its own address up."""
    records = bytearray()
    for at in range(0, size, request):
        for core in range(cores):
            for byte in range(at, min(at + request, size), access):
                records += struct.pack("<QII", core * size + byte, 0, 0)
    return records


def play(program, memory, requests, fields=None):
    command = [program, "dram", memory, "--requests", requests, "--json"]
    run = subprocess.run(command + (["--map", fields] if fields else []), capture_output=True,
                         text=True, check=True)
    return json.loads(run.stdout)


def access_bytes(program, memory):
    """Bytes of a burst of the memory."""
    run = subprocess.run([program, "dram", memory, "--pattern", "seq", "--limit", "1", "--json"],
                         capture_output=True, text=True, check=True)
    organisation = json.loads(run.stdout)["config"]["organisation"]
    return organisation["bus_bytes"] * organisation["burst_length"]


def compare(program, memory, cores, request, size):
    """(map, report) of the map that the memory is shipped with, then of each of MAPS."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "streams.bin"
        file.write_bytes(streams(cores, request, size, access_bytes(program, memory)))
        for fields in [None, *MAPS]:
            report = play(program, memory, file, fields)
            yield fields or f"shipped: {report['config']['map']}", report


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("memories", nargs="*", default=MEMORIES)
    parser.add_argument("--hdpsim", default="hdpsim")
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 2, 4, 12])
    parser.add_argument("--request", type=int, default=256)
    parser.add_argument("--kib", type=int, default=256)
    options = parser.parse_args()
    print("memory       cores  bandwidth  bytes/ACT  core pJ/byte  limited by         map")
    for memory in options.memories:
        for cores in options.cores:
            for fields, report in compare(options.hdpsim, memory, cores, options.request,
                                          1024 * options.kib):
                moved = sum(report["commands"][c] for c in ("RD", "WR")) * (
                    access_bytes(options.hdpsim, memory))
                print(f"{memory:12} {cores:5}  {report['bandwidth_fraction']:9.3f}  "
                      f"{report['bytes_per_activation']:9.0f}  "
                      f"{report['energy_boundary']['core_pj'] / moved:12.1f}  "
                      f"{report['limiter']['name']:17}  {fields}")


if __name__ == "__main__":
    main()
