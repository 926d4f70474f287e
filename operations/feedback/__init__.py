"""What an area gets back after a quarter is public: its figures, its place, its quality level."""
