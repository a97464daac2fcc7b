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
# # 1. First run
#
# A country is at war with itself. Armed groups attack villages, the army sometimes does too, and outside forces come
# to protect people. This notebook asks one question of that country:
#
# > Does a regional force beside the United Nations protect more people, and what does it do to the UN's standing?
#
# You will load two *scenarios* (who is sent where, with what orders), let the simulation play both, compare them, ask
# *why* they differ, and change one thing. It takes less than a minute and no internet.
#
# The country is invented and so are its numbers. Nothing here is a forecast. The simulation makes an argument
# precise: if people, fighters and soldiers behave by these rules, what follows?

# %%
import sim

# %% [markdown]
# ## Two scenarios
#
# A scenario is a short text file. These two come with the project. The second says only what it adds to the first.

# %%
un = sim.load("un_alone")
joint = sim.load("un_au_parallel")
un

# %%
joint.diff(un)

# %% [markdown]
# So `un_au_parallel` is the same country and the same UN mission, plus a regional force called AU with orders to
# fight armed groups, and a *partnership* between the two: how much they tell each other (`coordination`), how clearly
# areas and roles are divided (`delineation`), and whether they speak to people together (`shared_communications`).
# All three run from 0 to 1.
#
# ## Play them
#
# One *run* plays a country week by week. Much of what happens is luck: where a band turns up, how an attack ends. So
# a single run proves nothing, and we play each scenario ten times, with ten different *seeds*. A seed is a number
# that stands for one stream of luck. The same seed gives both scenarios the same country and the same luck, so what
# differs between them comes from what we changed.
#
# We play two years (104 weeks) to keep it short.

# %%
un, joint = (scenario.but({"weeks": 104}).named(scenario.name) for scenario in (un, joint))
runs = sim.run([un, joint], seeds=10)
runs

# %% [markdown]
# Each cell of that table is the middle value of the ten runs, and in brackets how far nearly all of them spread. Look
# at how wide the brackets are: luck alone can change the number of the dead several times over. That is why a
# difference between two single runs means little.
#
# Three words in it need a sentence each. *Legitimacy* is whether people think that an actor has a right to be there
# and to act. *Impartiality* is whether they think that it treats all sides alike. *Credibility* is whether they think
# that it is able to act. All three run from 0 to 1.
#
# ## Compare them
#
# `compare` takes the two runs of each seed as a pair and looks at the difference in each pair.

# %%
comparison = runs.compare("un_alone")
comparison

# %% [markdown]
# Read a line from left to right: the average without the regional force, the average with it, the average difference,
# and in brackets the *interval*: the range in which that average may well lie, given that we played only ten pairs.
# If the interval holds zero, ten pairs cannot tell the difference from luck, and the line says `open`. It says `flat`
# if any difference is too small to matter, and `higher` or `lower` if the sign can be trusted.
#
# The same as a figure. Each grey dot is one pair; the circle is the average and the bar its interval.

# %%
forest = comparison.plot(["civilians_killed", "battle_deaths"])

# %% [markdown]
# Civilians killed are counted by who killed them, and never set off against each other: people killed by the regional
# force do not vanish behind people saved elsewhere.
#
# ## Where it happens
#
# The map shows one run of each scenario: not the most striking, but the one in the middle. Darker cells are attacked
# more often, over all ten runs. The marks are the dead of the run that is shown, each shape and colour one
# perpetrator. The same shapes and colours stand for the same actors in every figure.

# %%
maps = runs.plot.violence()

# %% [markdown]
# And where the missions were. A unit protects those whom it can reach; nobody can be everywhere.

# %%
near = runs.plot.presence()

# %% [markdown]
# ## How it unfolds
#
# The line is the run in the middle, the band what eight in ten runs stay within. Where two bands overlap widely, luck
# weighs more than the difference between the scenarios.

# %%
killed = runs.plot.series("civilians_killed")

# %% [markdown]
# ## What people think, and why
#
# Who thinks what of whom at the end, from 0 (brown) to 100 (teal). Rows are audiences: everybody, and each of the
# country's identity groups. Columns are actors. At the right the difference, in brackets where ten pairs cannot tell
# it from luck.

# %%
opinions = runs.plot.matrix("legitimacy")

# %% [markdown]
# Every change of opinion is written into a *ledger* at the moment when it happens, with the rule that made it. So we
# can ask what moved the UN's legitimacy, and the answer adds up to the last decimal.

# %%
why = runs.why("legitimacy", actor="UN")
why

# %%
bars = why.plot()

# %% [markdown]
# The strokes are intervals again. Look for *mistaken blame for AU* in the second picture. When the regional force
# harms people, some of them cannot tell the two outside forces apart and blame the UN for it. That is one price of
# working side by side.
#
# The ledger is bookkeeping: it says what moved it then. It does not say what would have happened otherwise. For that,
# play the other case.
#
# ## Change one thing
#
# What if the two forces kept to themselves: no shared information, no division of areas, no common word to the
# people? `but` makes a copy of a scenario with some values changed. It checks them, and the original stays as it was.

# %%
apart = joint.but(
    {
        "partnerships.UN-AU.coordination": 0.0,
        "partnerships.UN-AU.delineation": 0.0,
        "partnerships.UN-AU.shared_communications": 0.0,
    }
).named("side by side, each for itself")

both = sim.run([joint, apart], seeds=10)
price = both.compare(joint).plot(["civilians_killed", "legitimacy:all->UN", "legitimacy:all->AU"])

# %% [markdown]
# Each row is in units of the *spread*, which is how much runs of one scenario differ by luck, so that deaths and
# opinions fit on one axis; their own units stand beside it. What moved the UN's legitimacy now?

# %%
both.why("legitimacy", actor="UN", scenario=apart)

# %% [markdown]
# A misspelt value is an error in one line that says what is allowed.

# %%
try:
    joint.but({"partnerships.UN-AU.cordination": 0.9})
except sim.SimError as error:
    print(error)

# %% [markdown]
# ## Everything is a table
#
# Whatever the figures show is in tables (pandas data frames), a row for each thing that happened. The ten deadliest
# events with the regional force, in the run in the middle:

# %%
events = runs.events
shown = events[(events["scenario"] == "un_au_parallel") & (events["seed"] == runs.shown())]
columns = ["date", "cell", "kind", "perpetrator", "civilians", "answered_by"]
shown.nlargest(10, "civilians")[columns]

# %% [markdown]
# `answered_by` is the mission that stepped in, and it is mostly empty: most attacks go unanswered, here as in the
# world.
#
# ## Exercises
#
# 1. **More luck.** Play ten more seeds with `runs = runs.more(10)` and compare again. Which lines that were `open`
#    are so no longer? Which intervals became narrower, and by about how much?
# 2. **Nobody comes.** Load `no_mission`, play it with the same seeds and 104 weeks beside the other two, and compare
#    with it. From whose violence does the UN protect, and from whose does it hardly protect? (Hint:
#    `civilians_killed` by perpetrator.)
# 3. **A careful partner.** How careful a force is with civilians is the dial `missions.AU.care`, from 0 to 1. Try 0.2
#    and 0.9. Does care change how many people the force kills, how people see it, how they see the UN?
# 4. **Knock a rule out.** `joint.but({"disable": ["attribution"]})` gives all blame to the one who did it. What
#    becomes of the UN's legitimacy beside the regional force? What does that say about the figure of what moved it?
# 5. **Which dial matters?** `sim.dials(joint)` lists every value that can be turned. Choose one of the regional
#    force, say beforehand what you expect, in which direction and why, and then play it. Were you right, and for the
#    reason that you gave? `why` helps to find out.
