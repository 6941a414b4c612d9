"""What can be done from the command line, one module a subject."""
