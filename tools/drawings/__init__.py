"""What docs/ is drawn and listed from: `python -m tools.drawings` makes all of it again."""
