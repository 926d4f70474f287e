"""Checking a pack at the area, before it is sent: the rules of the build, without home or keys."""
