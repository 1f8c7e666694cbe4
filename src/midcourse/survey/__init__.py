"""Studies of a plan: many cases, each over many worlds, cut into units that any worker can do."""
