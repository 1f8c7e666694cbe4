"""Write the JSON Schema of the joint record from its models, as it ships with the package.

python scripts/make_schema.py
"""

from __future__ import annotations

from midcourse.output.files import write_whole
from midcourse.output.record.writing import SHIPPED_SCHEMA, schema_json

if __name__ == "__main__":
    print(write_whole(SHIPPED_SCHEMA, schema_json()))
