"""Sweeps: every choice crossed, what nobody knows sampled, the same luck for all, and no finished run ever lost."""
