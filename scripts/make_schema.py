"""Write the JSON Schemas of the joint record and of the record of a run, as they ship with the package.

python scripts/make_schema.py
"""

from __future__ import annotations

from midcourse.output.files import write_whole
from midcourse.output.operation import document as run
from midcourse.output.record.writing import SHIPPED_SCHEMA, schema_json

if __name__ == "__main__":
    print(write_whole(SHIPPED_SCHEMA, schema_json()))
    print(write_whole(run.SHIPPED_SCHEMA, run.schema_json()))
