"""What `shilling run` is made of: the VM and its serial port, the panel's server, the till."""
