"""Abuse by a mission's own people lowers what people think of it by more than it lowers what they tell it.

Evidence: E31 (Port-au-Prince: abuse sharply lowers opinion, with a smaller effect on cooperation), B-M38, F-M62. It
comes out because misconduct says nothing of a mission's strength or of its side, and people tell by all three. Where
trust is already low the order turns: there each loss of standing weighs more on what is told than on opinion. Nobody is
found out here: who tells less is punished less, and that lack of fear would hide the loss of trust that E31 speaks of.
"""

from __future__ import annotations

from helpers import HERE, UN, played, view, village

from sim.rules.information import chance_of_report

ABUSIVE = {"parameters.conduct.rate": 1.0, "parameters.informants.found_out": 0.0}


def standing(conduct: float, prior: float = 0.5) -> tuple[float, float]:
    """Return the UN's legitimacy in a village after a season, and the chance that people report what they see."""
    same = {"parameters.perceptions.prior": prior, "parameters.perceptions.prior_spread": 0.0}
    m = played(village(ABUSIVE | same, missions={"UN": UN | HERE | {"conduct": conduct}}), 16)
    return view(m, "legitimacy", "UN"), float(chance_of_report(m, 0, m.world.places)[0])


def test_opinion_falls_by_a_larger_share_than_reports():
    (liked, told), (disliked, less_told) = standing(conduct=1.0), standing(conduct=0.0)
    opinion, reporting = 1 - disliked / liked, 1 - less_told / told
    assert opinion > 0.2 and 0 < reporting < 0.85 * opinion
