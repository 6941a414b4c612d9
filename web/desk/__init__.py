"""The pages of the staff: what they can do in a chat, without one."""
