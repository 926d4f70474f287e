"""The release as writers see it: protected figures, words and dates, and nothing else."""
