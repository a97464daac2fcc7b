"""Experiments: running scenarios over seeds on all cores, results, paired comparison, sweeps, saving and reading."""
