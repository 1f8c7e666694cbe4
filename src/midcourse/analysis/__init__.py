"""Questions asked of a dossier, and their answers."""
