"""What a reader sees: maps, charts, the report and the table in the terminal."""
