"""The world as data: outlines of land and countries, cities with their people, regions by name."""
