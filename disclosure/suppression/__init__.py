"""The engine that chooses what is withheld beside the sensitive cells."""
