# SPDX-License-Identifier: Apache-2.0
"""usage: consumer_test.py CONSUMER. The library and the command line give the same numbers."""
import json
import os
import pathlib
import subprocess
import sys

configs = pathlib.Path(os.environ["HDP_SOURCE_DIR"]) / "configs"
machine = "hdp_edge"
trace = configs / "workloads" / "minilm_sotu_n64.safetensors"

report = json.loads(subprocess.check_output(
    [os.environ["HDPSIM"], "run", machine, "--workload", trace, "--json",
     "--set", "prune.importance=signed"]))
said = subprocess.check_output([sys.argv[1], configs, machine, trace], text=True)
wanted = (f"{report['cycles']} cycles, {report['baseline']['cycles']} without pruning, "
          f"mass kept {report['error']['total']['mass_kept']:.6g}\n")
print(said, end="")
sys.exit(0 if said == wanted else f"wanted: {wanted}")
