"""Armed groups attack peacekeepers after they lost fighters in battle, and less where battles cost them none.

Evidence: E39 (attacks on peacekeepers follow battlefield losses; stronger groups attack). The rule states that losses
raise the rate (built in); that whole weeks of battles show in the record of attacks on the mission is what is tested.
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, column, played, small

WAR = {
    "parameters.attacks_on_peacekeepers.base": 0.02,
    "parameters.battles.base": 0.05,
    "parameters.moves.stay": 1.0,
    "weeks": 40,
}
MISSION = UN | HERE | {"troops": 6000}


def weeks(changes=None) -> tuple[np.ndarray, np.ndarray]:
    """Return recent losses of bands and attacks on the mission per 1,000 fighters, in each week of a few runs."""
    losses, attacks = [], []
    for seed in range(6):
        m = played(small(WAR | (changes or {}), missions={"UN": MISSION}), 2, seed)
        for _ in range(38):
            losses.append(column(m, "bands.lost").mean())
            fighters = column(m, "bands.fighters").sum()
            m.step()
            attacks.append(1000 * m.log.values["attacks_on_peacekeepers"][m.week].sum() / fighters)
    return np.array(losses), np.array(attacks)


def test_weeks_after_losses_see_more_attacks_on_the_mission():
    losses, attacks = weeks()
    heavy = losses > np.median(losses)
    assert attacks[heavy].mean() > 1.5 * attacks[~heavy].mean() > 0


def test_without_losses_in_battle_there_are_fewer():
    spared = {"parameters.battles.band_share": 0.0}
    assert weeks(spared)[1].mean() < 0.7 * weeks()[1].mean()
