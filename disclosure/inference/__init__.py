"""What follows from figures and sums: intervals, exact values, linear programs."""
