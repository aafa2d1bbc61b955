# SPDX-License-Identifier: Apache-2.0
"""The schemas that are installed are those that the program knows, and the files name them."""
import json
import unittest

from support import SOURCE, CliTest

KINDS = {"machine": "machines", "spatten": "machines", "spatten_rtl": "machines", "memory": "memories", "workload": "workloads",
         "spatten_workload": "workloads/spatten", "energy": "energy"}


class SchemaTest(CliTest):
    def test_the_shipped_schemas_are_up_to_date(self):
        for kind in KINDS:
            shipped = (SOURCE / "configs" / "schemas" / f"{kind}.json").read_text()
            self.assertEqual(shipped, self.succeed("schema", kind),
                             f"renew it: hdpsim schema {kind} > configs/schemas/{kind}.json")

    def test_there_is_no_schema_that_nobody_makes(self):
        self.assertEqual({path.stem for path in (SOURCE / "configs" / "schemas").iterdir()},
                         set(KINDS))

    def test_every_configuration_names_its_schema(self):
        for kind, folder in KINDS.items():
            for path in (SOURCE / "configs" / folder).glob("*.json"):
                config = json.loads(path.read_text())
                if folder == "machines" and kind != {"hdp": "machine"}.get(config["kind"],
                                                                           config["kind"]):
                    continue
                up = "../" * len(folder.split("/"))
                self.assertEqual(config.get("$schema"), f"{up}schemas/{kind}.json", path.name)


if __name__ == "__main__":
    unittest.main()
