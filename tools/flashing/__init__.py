"""What goes onto a board's flash, how it gets there, and how it is read back."""
