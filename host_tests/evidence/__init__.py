"""The checks whose figures `shilling evidence` prints, one module each."""
