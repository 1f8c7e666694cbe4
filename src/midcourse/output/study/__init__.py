"""A study's questions as pictures: maps side by side, claims, quantities and raids over all its cases."""
