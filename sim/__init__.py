"""Agent-based simulation of partnership peacekeeping."""
