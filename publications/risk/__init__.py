"""What readers already know, and the attack on all that is published together."""
