"""The joint record as a document: in JSON under a published schema, as HTML, as PDF, and in the terminal."""
