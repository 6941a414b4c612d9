"""What a resident does on the pages: say something, look at it, send it, come back; each thing once, nothing lost."""
