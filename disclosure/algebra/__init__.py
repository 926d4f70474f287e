"""Arithmetic modulo a prime, elimination, bases and solvers: no word of disclosure control."""
