"""Metrics that rest on more than a week: delivery, waits and presence with violence, each worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hand import act, flag, square, stand, value

from sim.actors.acts import ATTACK
from sim.actors.staff import COMPONENTS, TASK
from sim.metrics import METRICS
from sim.metrics.waits import watch

TROOPS, CIVILIANS = COMPONENTS.index("troops"), COMPONENTS.index("civilians")


def delivering():
    """Return the UN with two tasks: presence (priority 1) calls for 1,500 troops, rights (0.5) for 100 civilians.

    Of 2,000 troops authorised a quarter guards, all of the rest are called for; of 200 civilians a half.
    """
    m = square(mandate={"tasks": {"presence": 1.0, "human_rights_monitoring": 0.5}}, force_protection=0.25)
    un, t = m.actors.index["UN"], m.missions
    t.call[:], t.served[:], t.deployed[:], t.guarding[:] = 0, 0, 0, 0.25
    t.call[TASK["presence"], TROOPS, un], t.call[TASK["human_rights_monitoring"], CIVILIANS, un] = 1.0, 0.5
    t.deployed[TROOPS, un], t.deployed[CIVILIANS, un] = 2000, 200
    t.served[TASK["presence"], TROOPS, un], t.served[TASK["human_rights_monitoring"], CIVILIANS, un] = 0.4, 0.3
    return m


def test_task_delivery_is_people_at_work_of_people_called_for():
    """0.4 x 2,000 troops x 0.75 not on guard = 600 of 1,500; 0.3 x 200 civilians, who guard nothing, = 60 of 100."""
    m = delivering()
    assert value(m, "task_delivery", "UN:presence") == pytest.approx(0.4)
    assert value(m, "task_delivery", "UN:human_rights_monitoring") == pytest.approx(0.6)


def test_mandate_delivery_is_the_mean_by_priority():
    """(1 x 0.4 + 0.5 x 0.6) / 1.5."""
    assert value(delivering(), "mandate_delivery", "UN") == pytest.approx(0.7 / 1.5)


def test_tasks_done_share_counts_tasks_above_one_half():
    """Presence 0.4 is not, rights 0.6 is done: 1 of 2. A week of full presence makes (600 + 1,500) / 3,000 = 0.7."""
    m = delivering()
    done = m.log.ratios["task_delivery"]
    done[:, 0] = METRICS["task_delivery"].measure(m)
    assert value(m, "tasks_done_share", "UN") == 0.5
    m.missions.served[TASK["presence"], TROOPS, m.actors.index["UN"]] = 1.0
    done[:, 1] = METRICS["task_delivery"].measure(m)
    assert value(m, "tasks_done_share", "UN") == 1


def weeks(m, number: int, seen) -> None:
    """Let weeks pass, before each of which `seen` writes what there is to see."""
    for week in range(number):
        m.week = week
        m.acts.clear()
        seen(week)
        watch(m)


def test_alert_to_presence_weeks():
    """Attacks in cells 1 and 2 are reported to the UN in week 0; it is in reach of cell 2 at once, of 1 from week 3.

    Waits of 3 and 0 weeks. A second alert in cell 1 in week 1 opens no second wait; nobody tells the AU.
    """
    m = square()
    m.items.told[:], m.items.false[:] = False, -1

    def seen(week: int) -> None:
        stand(m, "UN", [0, week >= 3, 5, 0])
        for cell in {0: (1, 2), 1: (1,)}.get(week, ()):
            act(m, ATTACK, "rebels", cell=cell)
            flag(m, "reported", "UN", [1] * m.acts.size)

    weeks(m, 5, seen)
    assert value(m, "alert_to_presence_weeks", "UN") == pytest.approx(1.5)
    assert np.isnan(value(m, "alert_to_presence_weeks", "AU"))


def test_reallocation_weeks():
    """All threat is in cell 3: the AU stands there, the UN comes in week 2 and stays: no other wait is counted."""
    m = square()
    m.cells.threat[:] = 0, 0, 0, 4
    stand(m, "AU", [0, 0, 0, 9])
    weeks(m, 6, lambda week: stand(m, "UN", [7, 0, 0, week >= 2]))
    assert [value(m, "reallocation_weeks", name) for name in ("AU", "UN")] == [0, 2]


def test_a_cell_that_enters_the_top_tenth_again_is_waited_for_again():
    """The UN is in reach in weeks 2 and 3, and from week 9 on; cell 3 is in the top tenth in weeks 0-3 and 6-11.

    Waits of 2 (weeks 0-2) and 3 (weeks 6-9).
    """
    m = square()

    def seen(week: int) -> None:
        m.cells.threat[:] = 0, 0, 0, 0 if week in (4, 5) else 4
        stand(m, "UN", [0, 0, 0, week in (2, 3) or week >= 9])

    weeks(m, 12, seen)
    assert value(m, "reallocation_weeks", "UN") == pytest.approx((2 + 3) / 2)


def test_who_never_comes_is_waited_for_up_to_a_year():
    """The only wait is still open when the run is looked at: the curve stays level at 1 for 52 weeks."""
    m = square()
    m.cells.threat[:] = 0, 0, 0, 4
    weeks(m, 4, lambda _: None)
    assert value(m, "reallocation_weeks", "UN") == 52


def months(troops, events):
    """Return records of months of four weeks: mean troops and recorded events by half-degree cell."""
    m = square()
    m.log.troops, m.log.recorded = 4.0 * np.array(troops), np.array(events, float)
    m.log.weeks_in_month = np.full(len(troops), 4)
    return m


def test_presence_violence_raw():
    """Troops of 0, 0 and 3, then 0, 1 and 1 events: logs (0, 0, 2) and (0, 1, 1) times log 2.

    Around their means (-2, -2, 4) / 3 and (-2, 1, 1) / 3: (4 - 2 + 4) / sqrt(24 x 6) = 6 / 12.
    """
    m = months([[0, 0, 3], [9, 9, 9]], [[7, 7, 7], [0, 1, 1]])
    assert value(m, "presence_violence_raw") == pytest.approx(0.5)


def treated():
    """Return four cells over three months: troops come to two of them in the second; one of these has an event next.

    None of the four has an event in the month after the first.
    """
    return months([[0, 0, 0, 0], [5, 5, 0, 0], [0, 0, 0, 0]], [[1, 1, 1, 1], [0, 0, 0, 0], [2, 0, 0, 0]])


def test_presence_violence_fe_is_the_difference_of_differences():
    """Where troops came the chance of an event rose by (1 + 0) / 2, elsewhere by 0."""
    assert value(treated(), "presence_violence_fe") == pytest.approx(0.5)


def test_presence_violence_fe_se_is_clustered_by_cell():
    """Changes of 1 and 0 lie 0.5 from their mean: (0.25 + 0.25) / 2^2 = 1/8, times 4 / (4 - 1) for few cells: 1/6."""
    assert value(treated(), "presence_violence_fe_se") == pytest.approx((1 / 6) ** 0.5)


def test_a_month_that_is_not_whole_does_not_count():
    m = treated()
    m.log.weeks_in_month = np.array([4, 4, 3])
    assert np.isnan(value(m, "presence_violence_fe"))
