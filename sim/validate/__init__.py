"""What the model must show: contrasts in which either side can win, each a data file with its sources."""
