"""The functions as Lambda runs them, and the HTTP in front of AWS."""
