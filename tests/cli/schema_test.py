# SPDX-License-Identifier: Apache-2.0
"""The schemas that are installed are those that the program knows, and the files name them."""
import json
import unittest

from support import SOURCE, CliTest, kinds

KINDS = {**dict.fromkeys(kinds(), "machines"), "memory": "memories", "workload": "workloads",
         "spatten_workload": "workloads/spatten", "energy": "energy", "sweep": "sweeps",
         "baseline": "baselines"}
EVERY_KIND = "machine"


class SchemaTest(CliTest):
    def test_the_shipped_schemas_are_up_to_date(self):
        for kind in (*KINDS, EVERY_KIND):
            shipped = (SOURCE / "configs" / "schemas" / f"{kind}.json").read_text()
            self.assertEqual(shipped, self.succeed("schema", kind),
                             f"renew it: hdpsim schema {kind} > configs/schemas/{kind}.json")

    def test_there_is_no_schema_that_nobody_makes(self):
        self.assertEqual({path.stem for path in (SOURCE / "configs" / "schemas").iterdir()},
                         {*KINDS, EVERY_KIND})

    def test_every_configuration_names_its_schema(self):
        for kind, folder in KINDS.items():
            for path in (SOURCE / "configs" / folder).glob("*.json"):
                config = json.loads(path.read_text())
                if folder == "machines" and kind != config["kind"]:
                    continue
                up = "../" * len(folder.split("/"))
                self.assertEqual(config.get("$schema"), f"{up}schemas/{kind}.json", path.name)

    def test_every_kind_in_one_is_all_of_them(self):
        every = json.loads(self.succeed("schema", EVERY_KIND))
        for kind, schema in zip(kinds(), every["anyOf"], strict=True):
            alone = json.loads(self.succeed("schema", kind))
            self.assertEqual({"$schema": alone["$schema"], **schema}, alone)


if __name__ == "__main__":
    unittest.main()
