"""Re-makes whatever a phone can send, so that only what is to be seen or heard is kept. In a process of its own."""
