"""What a mission's money lets it do: income, cash in hand, arrears, and the strength that can be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import MISCONDUCT, MISSION_HARM
from sim.rules.movement import drift
from sim.rules.rule import kept, rule

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Event, Funding


@rule(
    reads=(
        "missions.cut", "missions.cut_weeks", "missions.donors", "missions.cash", "missions.afford", "missions.supply",
        "scenario.missions.mandated", "scenario.missions.assured", "scenario.missions.reserve", "missions.mandated",
        "missions.owed", "missions.stain", "past", "timeline", "scenario.missions.funding",),
    writes=(
        "missions.donors", "missions.cash", "missions.paid", "missions.afford", "missions.cut", "missions.cut_weeks",
        "missions.owed", "missions.stain",
    ),
)  # fmt: skip
def funding(m: Model) -> None:
    """Part of a mission's money is assured, the rest comes late or not at all; when cash is gone, work stops first.

    A week at full strength costs one week of budget. Assured contributions come as due; voluntary ones drift around
    less than what was pledged. Cash in hand bridges gaps. What is not paid for is not done (authority), and if arrears
    last, strength shrinks to what can be paid (arrival), after which work picks up again. What a partner carries,
    supplies and heals need not be paid: support lets a force with little assured money endure.
    Where a mission's money is told by its parts, assessed dues come late, pledges are kept in part, and donors besides
    draw back from a force whose people harm or abuse; what the parts leave of the budget nobody pays.
    Source: B-M108, B-M109, B-M111, B-M112, B-M116, F-M91, F-M97, F-M102, B-H77. Basis: assumption (sizes), literature
    (order).
    """
    p, t = m.p.funding, m.missions
    for k, name in enumerate(m.actors.missions):
        spec = m.setup.missions[name]
        if m.week < t.mandated[k]:
            continue
        t.donors[k] = drift(t.donors[k], m.luck("funding", name, 1)[0], p.donors_sd, p.donors_weeks)
        parts = spec.funding
        due = by_parts(m, k, parts) if parts else expected_income(spec.assured, p.pledges_kept, t.donors[k])
        income = (1 - t.cut[k]) * due
        needs = t.afford[k] * (1 - m.p.logistics.in_kind * min(1.0, float(t.supply[k])))
        t.paid[k], t.cash[k] = pay(income, t.cash[k], needs, spec.reserve)
        t.afford[k] = keep_strength(t.afford[k], t.paid[k], p.patience, p.recovery)
    pass_cuts(m)


def expected_income(assured: float, kept: float, donors: float) -> float:
    """Return this week's income as a share of the budget: what is assured, and of the rest what donors now give."""
    return assured + (1 - assured) * min(max(float(kept * (1 + donors)), 0.0), 1.0)


def by_parts(m: Model, mission: int, parts: Funding) -> float:
    """Return this week's income as a share of the budget from assessed dues, voluntary pledges and donors."""
    p, t = m.p.funding, m.missions
    t.owed[mission] += parts.assessed
    dues = t.owed[mission] * -np.expm1(-1 / p.assessed_weeks)
    t.owed[mission] -= dues
    blemish(m, mission)
    given = expected_income(0.0, p.pledges_kept, t.donors[mission])
    return float(dues + given * (parts.voluntary + parts.donor * (1 - p.donor_recoil * t.stain[mission])))


def blemish(m: Model, mission: int) -> None:
    """Let last week's harm and misconduct by a mission's people, and scandals, stain its name with donors; it fades."""
    p, stain, past = m.p.funding, m.missions.stain, m.past
    acts = np.count_nonzero(past.perpetrator[past.of(MISSION_HARM, MISCONDUCT)] == mission)
    scandals = sum(event.mission == m.actors.names[mission] for event in m.today("scandal"))
    fresh = -np.expm1(-(acts + m.p.conduct.scandal * scandals) / p.stain_acts)
    stain[mission] = stain[mission] * kept(p.stain_weeks)
    stain[mission] += (1 - stain[mission]) * fresh


def pay(income: float, cash: float, needs: float, most: float) -> tuple[float, float]:
    """Return the share of a week's needs that is paid, and the weeks of budget then in hand.

    Needs, as a share of the budget, go by strength, less what comes in kind.
    """
    there = cash + income
    if there >= needs:
        return 1.0, min(most, there - needs)
    return there / max(needs, 1e-9), 0.0


def keep_strength(afford: float, paid: float, patience: float, recovery: float) -> float:
    """Return the share of authorised strength that can be kept: it sinks in arrears and grows back when all is paid."""
    if paid < 1:
        return afford - (1 - paid) * afford / patience
    return min(1.0, afford + (1 - afford) / recovery) if afford < 1 else 1.0


def pass_cuts(m: Model) -> None:
    """Count down the cuts that last for some weeks; those without an end (-1) stay."""
    t = m.missions
    over = t.cut_weeks == 1
    t.cut[over] = 0.0
    t.cut_weeks[t.cut_weeks > 0] -= 1


def funding_cut(m: Model, event: Event) -> None:
    """A share of a mission's money fails to come, for so many weeks or for good."""
    t, k = m.missions, m.actors.index[str(event.mission)]
    t.cut[k] = 1 - (1 - t.cut[k]) * (1 - (event.share or 0.0))
    t.cut_weeks[k] = event.duration or -1
