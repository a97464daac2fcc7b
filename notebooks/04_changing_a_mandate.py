# ---
# # ruff: noqa: B018
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4. Changing a mandate
#
# A mandate is what a mission is told to do, and what it may do. In the Security Council every word of it is fought
# over. Here it is data: a list of tasks with priorities, how force may be used, whose violence is covered. In this
# notebook you will
#
# 1. write a mandate of your own, as one entry in a file;
# 2. see what the mission does with it: what it delivers, where it is;
# 3. see what the country does: who is killed, what people think, and which rules moved it;
# 4. change one word at a time, to find out which word it was.
#
# Countries and numbers are invented. What can be learnt is which consequences follow from which assumptions.

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import sim
from sim.report import style

# %% [markdown]
# ## The mandate there is
#
# The UN in `un_alone` has the mandate `poc`, for *protection of civilians*. The country is made smaller than usual, so
# that this takes less than a minute, and the mission is there from the start.

# %%
SMALL = {
    "weeks": 104,
    "world.grid": [20, 20],
    "world.places": 200,
    "world.people": 2_000_000,
    "missions.UN.arrives": 0,
    "missions.UN.troops": 4000,
}

protect = sim.load("un_alone").but(SMALL).named("full mandate")
mandate = protect.missions["UN"].mandate
print("use of force:", mandate.use_of_force)
print("whose violence it covers:", ", ".join(mandate.covers))
print("tasks:", ", ".join(f"{task} {priority:g}" for task, priority in mandate.tasks.items()))

# %% [markdown]
# A priority, from 0 to 1, is a task's weight when people and hours are short. `sim describe tasks` prints which tasks
# there are and what each needs.
#
# ## One of your own
#
# Some say that a mission protects best by being there, listening and reporting, not by shooting. Let us write that
# mandate down. A scenario file says only what differs from the scenario that it extends.

# %%
Path("listen.toml").write_text("""
question = "If a mission may watch, listen and talk but not fight for civilians, whom does it protect?"
title    = "UN that listens"
extends  = "un_alone"

[missions.UN.mandate]
name         = "listen"
use_of_force = "self_defence"      # it may defend itself, nobody else
covers       = []                  # so nobody's violence is its business

[missions.UN.mandate.tasks]
presence                = 1.0
community_engagement    = 1.0
early_warning           = 1.0
human_rights_monitoring = 0.6
good_offices            = 0.6
""")
listen = sim.load("listen.toml").but(SMALL).named("listen only")
listen.diff(protect)

# %% [markdown]
# To give it to any scenario by name, as `mandate = "listen"`, a mandate is one entry in
# `sim/scenario/data/mandates.toml`, where each number also says on what it rests. `CONTRIBUTING.md` shows it.
#
# The two differ in many words at once. So take a third, which differs from the first by two words only: all tasks of
# `poc`, but no force for civilians.

# %%
no_force = {"missions.UN.mandate.use_of_force": "self_defence", "missions.UN.mandate.covers": []}
tied = protect.but(no_force).named("full, without force")

# %% [markdown]
# Before you run the next cell, write down what you expect. With which mandate are most people killed? Which mission
# hears most from people? Which one do people think well of?

# %%
runs = sim.run([protect, listen, tied], seeds=8)
comparison = runs.compare(protect, ["civilians_killed_expected", "attacks_expected", "reports", "mandate_delivery"])
comparison

# %% [markdown]
# `expected` means before luck: how many would have been killed on average in the state in which the country was each
# week. Eight pairs of runs are few. A large difference shows all the same; a line that says `open` is one of which
# eight pairs cannot tell.
#
# ## What the mission does
#
# *Delivery* is the capacity that goes into a task, as a share of what the task calls for. With fewer tasks one might
# expect more for each. Is that so?

# %%
runs_of = runs.summary.groupby("scenario", observed=True)
told, spread = runs_of.mean(numeric_only=True), runs_of.std(numeric_only=True)
tasks = [f"task_delivery:UN:{task}" for task in mandate.tasks]
names = [task.rsplit(":", 1)[1].replace("_", " ") for task in tasks]

with style():
    page, ax = plt.subplots(figsize=(7, 6), layout="constrained")
    for k, (scenario, colour) in enumerate(zip(runs.scenarios, ("#1f2a36", "#c26a00", "#6d7680"), strict=True)):
        y = np.arange(len(tasks)) + 0.26 * (k - 1)
        mean, sd = 100 * told.loc[scenario, tasks], 100 * spread.loc[scenario, tasks]
        ax.barh(y, mean, height=0.24, color=colour, label=scenario)
        ax.errorbar(mean, y, xerr=sd, fmt="none", ecolor="#8d8577", lw=1)
    ax.set(yticks=range(len(tasks)), yticklabels=names, xlim=(0, 100))
    ax.set_xlabel(f"delivery, % of what a task calls for (mean and, as a stroke, sd over n = {len(runs.seeds)} seeds)")
    ax.invert_yaxis()
    ax.set_title("What the mission gets done of each task in its mandate")
    page.legend(loc="outside lower left", ncols=3)
    plt.show()

# %% [markdown]
# Where was it? The shade is how much of the time a unit could have reached a place. Where a mission stands follows from
# what it knows, and what it knows from who talks to it. So the words of a mandate move bases too.

# %%
near = runs.plot.presence([protect, listen])

# %% [markdown]
# ## What the country does
#
# The whole difference, by who did the killing, each in its own unit. Look at the state's own forces (`host`) as well as
# at armed groups: a mandate that covers the state's violence on paper need not do so on the ground.

# %%
forest = runs.compare(protect).plot(["civilians_killed_expected", "coverage:UN", "legitimacy:all->UN"], arm=listen.name)

# %%
curve = runs.plot.series("civilians_killed", [protect, listen])

# %%
killed = told["civilians_killed_expected"] / told.loc[protect.name, "civilians_killed_expected"]
for scenario, times in killed.items():
    print(f"{scenario}: {times:.1f} times as many killed as with the full mandate, before luck")
answered = told.loc[protect.name, "attacks_answered_share:UN"]
print(f"of the attacks within its reach, the UN with the full mandate answers {100 * answered:.0f} %")

# %% [markdown]
# Set these two numbers beside each other. The mission steps in between attackers and villagers in only a small part of
# the cases, and yet much hangs on its being allowed to. In this model that is because bands *expect* to be met: they
# keep away from places where they believe that an attack is answered. Take the permission away and they learn it. That
# is an assumption made precise (the rules `attacks` and `response`), not a measurement: `sim describe rules` says on
# what it rests.
#
# ## What people think, and what moved it

# %%
why = runs.why("legitimacy", actor="UN")
bars = why.plot()

# %%
why

# %% [markdown]
# Hold the standing against the dead. What people see is patrols, and they are glad of them (*protection seen*). What
# they do not see is the attack that did not happen, so its absence cannot be missed. *Promises not kept* is what they
# were led to expect and did not get: is it smaller where a mandate promises less? The strokes are intervals; where
# those of two arms overlap, do not make a story of the difference.
#
# The ledger is bookkeeping: it says what moved it then. What would have been without a rule is another question.
#
# ## One word at a time
#
# Is it the task `protect_civilians`, or the right to use force? And does a short mandate, with the same few people on
# fewer tasks, do better than a long one?

# %%
short = protect.but(
    {
        "missions.UN.mandate": {
            "name": "short",
            "use_of_force": "protection",
            "covers": ["armed_groups", "host", "communal"],
            "tasks": {"presence": 1.0, "protect_civilians": 1.0, "early_warning": 0.7},
        }
    }
).named("three tasks")
no_task = protect.but({"missions.UN.mandate.tasks.protect_civilians": 0.0}).named("without its first task")

words = sim.run([protect, short, no_task], seeds=6)
cloud = words.compare(protect).plot.tradeoff("civilians_killed_expected", "legitimacy:all->UN")

# %% [markdown]
# Read the crosses, not the dots: an arm whose cross covers a line has not been told from the full mandate on that side.
# Six pairs are very few. If an arm is `open`, `words.more(14)` is the next step, and the first exercise.
#
# A misspelt task is an error in one line that says what is allowed.

# %%
try:
    protect.but({"missions.UN.mandate.tasks.protect_civilian": 1.0})
except sim.SimError as error:
    print(error)

# %% [markdown]
# ## Exercises
#
# 1. **More luck.** Play `words.more(14)`. Do the open lines close? Does a short mandate protect more, less, or as well?
#    Which of the dropped tasks could explain it? (Hint: `reports`.)
# 2. **The other word.** Start from `listen` (listen only) and give it only the right to use force: `use_of_force =
#    "protection"` and the three kinds of violence to cover. How much of the difference is gone? Why is there a
#    difference left?
# 3. **Whose violence?** Let the mandate cover `armed_groups` only. What changes in killings by the state, and what in
#    the UN's impartiality?
# 4. **Too much to do.** Halve the troops to 2,000 under the full mandate, then under the three tasks. Which mandate
#    bears it better, by delivery and by people killed?
# 5. **A mandate from the shelf.** `sim describe mandates` lists those that ship. Give the UN the mandate `observe` or
#    `intervention_brigade` by name, say beforehand what you expect and why, and play it. Were you right for the right
#    reason? `why` helps to find out.
