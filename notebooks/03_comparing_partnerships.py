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
# # 3. Comparing partnerships
#
# Two outside forces in one country: the United Nations, and a strike force of one outside state that hunts armed
# groups. The policy literature disagrees about such parallel deployments. Some find that they protect people better
# than the UN alone, some that they undermine it. Both can be right, in different circumstances. In this notebook you
# will
#
# 1. play two parallel deployments of the *same* two forces, of the same strength and with the same luck, one of which
#    the literature would expect to help and the other to harm;
# 2. ask the ledger what moved the UN's image in each;
# 3. knock rules out, one at a time, to find out *why* one helps and the other harms.
#
# Countries and numbers are invented. What can be learnt is how the argument hangs together, not what will happen.

# %%
import sim

# %% [markdown]
# ## Three arrangements
#
# The country is a little smaller than usual, so that this takes less than a minute. The strike force (called AU in the
# file; a name is only a name) gets the habits of a bilateral counter-terrorist force: fast, mobile, not very careful,
# and hardly in touch with villages.

# %%
both = sim.load("un_au_parallel").but(
    {
        "weeks": 104,
        "world.grid": [20, 20],
        "world.places": 200,
        "missions.UN.arrives": 0,
        "missions.AU.arrives": 0,
        "missions.AU.profile": "bilateral_ct",
        "missions.AU.care": 0.2,
        "missions.AU.troops": 2000,
        "missions.AU.title": "Strike force",
    }
)


def linked(level: float) -> dict[str, float]:
    """Set what the two share, how clearly they divide their work, and how far they speak with one voice."""
    return {f"partnerships.UN-AU.{dial}": level for dial in ("coordination", "delineation", "shared_communications")}


alone = both.without("AU").named("UN alone")
apart = both.but(linked(0.0)).named("each for itself")
together = both.but(linked(1.0)).named("hand in hand")
together.diff(apart)

# %% [markdown]
# Only three numbers differ between the last two. They are dials of the *partnership*, not of either force:
#
# - `coordination`: the chance that a sighting or a report that one of them has reaches the other;
# - `delineation`: how far they keep to areas of their own;
# - `shared_communications`: how far people hear from both who did what.
#
# Before you run the next cell, write down what you expect. More civilians killed than under the UN alone, or fewer? In
# which of the two? By whom?

# %%
runs = sim.run([alone, apart, together], seeds=8)
comparison = runs.compare(alone, ["civilians_killed_expected", "attacks_expected", "battle_deaths_expected"])
comparison

# %% [markdown]
# Counts of the dead are ruled by luck: one massacre outweighs a month. The columns here are the same counts *before*
# luck: how many would have been killed on average in the state in which the country was each week.
#
# As a figure, each dot one pair of runs with the same luck:

# %%
forest = runs.compare(alone).plot(["civilians_killed_expected", "battle_deaths_expected", "impartiality_min:UN"])

# %% [markdown]
# Three arms are two comparisons with one baseline. The table says that its intervals are widened for it (Holm).
#
# Protection and standing together: left of the line fewer people are killed than under the UN alone, above it people
# think better of the UN. Small marks are pairs of runs, large ones means with their intervals.

# %%
cloud = runs.compare(alone).plot.tradeoff("civilians_killed_expected", "impartiality:all->UN")

# %% [markdown]
# Where does the strike force go, and whom does it reach? The shade is the UN, the hatching the strike force.

# %%
near = runs.plot.presence([apart, together])

# %% [markdown]
#
# ## Who does the killing
#
# The total hides something: a strike force also kills civilians itself, and those dead are not made good by others
# saved elsewhere. So harm is always told apart by who did it.

# %%
summary = runs.summary.groupby("scenario")[
    ["civilians_killed_expected:AU", "civilians_killed_expected:rebels", "operations:AU", "hit_rate:AU", "reports:UN"]
].mean()
summary.round(2)

# %% [markdown]
# `hit_rate` is the share of operations that met an armed band. Compare how often the force strikes in the two
# arrangements, and how often it meets somebody: same weapons, same care. Apart from the UN it does not know where bands
# are, because people do not tell it. That is what it gets from its partner.
#
# ## What moved the UN's image

# %%
why_apart = runs.why("impartiality", actor="UN", scenario=apart)
why_apart

# %%
waterfall = why_apart.plot()

# %% [markdown]
# Two lines are there only because the UN is not alone. *Mistaken blame for AU*: people cannot tell two foreign forces
# apart and hold the UN responsible for a raid that it had no part in. *Complicity with AU*: people know very well who
# did it, and hold it against the UN that it stands beside them. The two have different cures. Clear areas and common
# messages help against confusion; against complicity they do not.

# %%
runs.why("impartiality", actor="UN", scenario=together)

# %% [markdown]
# ## Why? Knock rules out
#
# The ledger says what moved the numbers then. What *would* have happened otherwise is another question, and the way to
# ask it is to play the country without a rule or an effect, all else equal, luck included.
#
# Suspect one: shared sightings make the good side. `picture.share = 0` lets nothing of one's map reach the other.

# %%
no_sharing = {"parameters.picture.share": 0}
blind = sim.run(
    [alone.but(no_sharing).named("UN alone"), together.but(no_sharing).named("hand in hand, no sharing")], seeds=6
)
blind.compare("UN alone", ["civilians_killed_expected", "hit_rate:AU"])

# %% [markdown]
# Suspect two: the harm that operations do makes the bad side. `offensives.harm = 0` makes every raid a clean one. It
# changes the dead of the raids themselves, and what follows from them: grievance, recruits, blame.

# %%
no_harm = {"parameters.offensives.harm": 0}
clean = sim.run([alone.but(no_harm).named("UN alone"), apart.but(no_harm).named("each for itself, no harm")], seeds=6)
clean.compare("UN alone", ["civilians_killed_expected", "fighters"])

# %% [markdown]
# Suspect three: confusion. Without the rule `attribution` everyone knows who did what.

# %%
no_confusion = {"disable": ["attribution"]}
clear = sim.run([apart, apart.but(no_confusion).named("each for itself, no confusion")], seeds=6)
image = clear.compare(apart).plot(["impartiality_min:UN", "contagion_loss:AU->UN", "civilians_killed_expected"])

# %% [markdown]
# The model's answer, over more seeds and countries than this notebook can play (`benchmarks/logs/heart_fresh.txt`):
# **information** makes the better side, **harm by operations** the worse one, **confusion** costs the UN its name.
# Three different jobs, for three different dials. Do the few pairs here say the same? Where a line is `open` they do
# not say otherwise either; they say too little.
#
# ## When does the other side win?
#
# A finding in one invented country is an anecdote. `benchmarks/contrasts.py` plays this very contrast at five levels,
# in four countries, and over draws of all parameters from their plausible ranges; its log says in what share of
# plausible worlds each side holds. That share is the finding.
#
# ## Exercises
#
# 1. **Half way.** Play `linked(0.25)`, `linked(0.5)` and `linked(0.75)` beside the two ends. Where do the strike
#    force's benefits and costs balance? Would you bet on that level in another country (`world.seed`)?
# 2. **One dial at a time.** Turn `coordination` up and leave the other two at zero, then the other way round. Which
#    dial moves civilians killed, which the UN's impartiality?
# 3. **A careful force.** Set `missions.AU.care` to 0.9 and play *each for itself* again. Is there still a bad side?
# 4. **Fewer blue helmets.** With the two hand in hand, lower `missions.UN.troops` until people are as badly off as
#    under the UN alone with 8,000. How many helmets does the partner save, and what does the UN's image cost?
# 5. **Who averted what?** `sim.attribute(together, seeds=6)` shares the harm averted between the two missions so that
#    the parts add up, and says how much they do together beyond the sum of both alone. Read the interval before the
#    number.
