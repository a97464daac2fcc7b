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
# # 5. A sweep and its uncertainty
#
# Notebook 1 compared two arrangements in one country, under one setting of everything that nobody knows. That answers
# "what follows *if* the world is like this". But is it? The literature gives signs and conditions, seldom sizes. A
# **sweep** asks the same question in many plausible worlds:
#
# - **choices** are what planners decide. Every value is crossed with every other.
# - **unknowns** are what nobody knows. They are sampled from ranges that are plausible.
#
# The two are never mixed. Nobody can choose an unknown, and nobody should be unsure of what they chose.

# %%
import sim

# %% [markdown]
# ## The question
#
# A sweep is a file; here it is written as a dict, which reads the same. How many soldiers does it take? Three strengths
# of a UN force are the choices, and no mission at all is the baseline. Four numbers are unknown: how strongly armed
# groups as a whole hold back when a mission is there, how often units act on an attack in reach, how much harm by
# outsiders feeds the group that they fight, and how strongly violence comes back to where it was. The country is tiny
# and the time is twenty weeks, so that this takes seconds.

# %%
question = {
    "question": "How many lives do more soldiers save, whatever the world is like?",
    "scenario": "un_alone",
    "baseline": "no_mission",
    "seeds": 2,
    "set": {
        "weeks": 20, "spin_up": 6, "world.grid": [8, 8], "world.places": 40, "world.people": 800_000,
        "armed_groups.rebels.fighters": 160, "armed_groups.front.fighters": 120,
        "armed_groups.raiders.fighters": 100, "armed_groups.militia.fighters": 100,
    },
    "choices": {"missions.UN.arrives": [0], "missions.UN.troops": [400, 800, 1600]},
    "unknowns": {
        "parameters.restraint.beta": "plausible", "parameters.response.base_chance": "plausible",
        "parameters.recruitment.by_harm": "plausible", "parameters.violence.near_repeat": "plausible",
    },
    "design": {"method": "latin_hypercube", "samples": 40},
}  # fmt: skip

# %% [markdown]
# Forty points are laid evenly into the box of the four unknowns. At each point every arm is played with the same two
# seeds, so that arms meet the same luck; other points have other seeds, so that points are independent worlds.
#
# The same from the command line is `sim sweep FILE`. Both write finished batches into a folder as they go. Whatever
# stops them, the same call goes on from there, to the same bytes.

# %%
found = sim.sweep(question, out="soldiers", progress=False)
found

# %% [markdown]
# `found.runs` is one table, a row per run: where it stands in the plan, what was chosen, what was drawn, and every
# metric of the summary. The parts in the folder are plain Parquet files, which other programs read as well.

# %%
found.runs.iloc[:4, :12]

# %% [markdown]
# ## Does it help, and in how many worlds?
#
# `compare` sets every arm against the first. A *world* (a point of the unknowns) is one observation, the mean over its
# seeds. Look at three things: the interval, in how many worlds the sign is the other one, and what pairing saves: how
# many times more runs it would take without the same luck in both arms.

# %%
metrics = ["civilians_killed_expected", "battle_deaths_expected", "legitimacy:all->UN"]
comparison = found.compare("no_mission", metrics)
comparison

# %% [markdown]
# The first metric is the expected number of civilians killed, before the luck of single attacks: in a country as small
# as this one, a handful of massacres rules the count of the dead.
#
# ## Is that enough luck?
#
# Two seeds at each point are few. `adequacy` says how well the mean at a point is known, and how many it would take.

# %%
found.adequacy("civilians_killed_expected")[["scenario", "half", "needed", "told"]]

# %% [markdown]
# The mean *level* is hardly known. The mean *difference* from the baseline is known much better, because both arms
# share their luck. That is why we compare, and seldom quote a level. A sweep that needs more can stop by itself when
# it has enough (`[enough]` in its file; see docs/how-to-sweep.md).
#
# ## Figures

# %%
_ = found.plot.response("civilians_killed_expected", "missions.UN.troops")

# %%
_ = found.plot.response("civilians_killed_expected", "parameters.restraint.beta", by="missions.UN.troops")

# %% [markdown]
# The second figure shows how a choice and an unknown meet: what more soldiers save depends on how far armed groups
# hold back because of them, and that is a number which nobody knows.
#
# Protection is not all there is. This one sets lives against what it costs:

# %%
_ = found.plot.tradeoff("civilians_killed_expected", "cost_all", better=("lower", "lower"))

# %% [markdown]
# ## In which worlds does it fail?
#
# *Scenario discovery* looks for a region of the unknowns in which an arm fails. Say that 800 soldiers fail where they
# save less than they do in the middle of all worlds. It also says whether what it found is better than chance, on
# worlds that were held out while it looked. "No region" is a finding too: the failures are then luck, or something that
# was not varied.

# %%
some = found.scenarios[2]
middle = comparison.row("civilians_killed_expected", 2)["difference"]
found.discover("civilians_killed_expected", "above", middle, arm=some, against="no_mission")

# %% [markdown]
# ## What matters most among the unknowns?
#
# For that the points must be laid otherwise: in *Morris trajectories* one unknown moves at a time. `mu_star` is how
# far the lives saved move when an unknown crosses its range, with an interval. What luck alone would show stands in the
# last row; an effect below it says nothing. An index that the sample cannot tell is refused, not guessed.

# %%
screen = question | {
    "choices": {"missions.UN.arrives": [0], "missions.UN.troops": [800]}, "design": {"method": "morris", "samples": 6},
}  # fmt: skip
effects = sim.sweep(screen, out="screen", progress=False).sensitivity(
    "civilians_killed_expected", arm="un_alone", against="no_mission"
)
effects

# %%
_ = effects.plot()

# %% [markdown]
# ## What to take away
#
# - A difference that holds in one world is an argument. One that holds in most plausible worlds is a better argument.
# - Say in how many worlds the other side wins. It is seldom none.
# - Never quote a level from a sweep. Quote differences, with their interval, and what was varied.
#
# ## Exercises
#
# 1. **More luck.** Raise `seeds` to 4 and play again into the same folder. What does it say, and why? Take another.
# 2. **Lives or money.** Which strength would you choose if lives alone counted? What does each further life cost?
# 3. **The government's dead.** Add `"hosts.host.abusiveness": [0.2, 0.8]` to the unknowns, and compare
#    `civilians_killed_expected:host`. How many of the government's victims do soldiers save?
# 4. **The worst run.** `sim.read("soldiers")` opens the folder again. Which run killed most civilians? Play it once
#    more with `sim.replay(ID, "soldiers")`.
# 5. **A bigger question.** Describe a shipped sweep with `sim describe which_doubts_matter`, and say what it would cost
#    with `sim sweep which_doubts_matter --dry-run`. Which of its unknowns do you expect to matter?
