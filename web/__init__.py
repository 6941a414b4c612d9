"""Pages for a browser: what residents can do in a chat, without one."""
