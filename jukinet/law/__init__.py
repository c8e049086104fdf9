"""Rules: pure functions under their article, dated. They answer with a Decision, never raise, and read no clock."""
