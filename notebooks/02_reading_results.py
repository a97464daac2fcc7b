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
# # 2. Reading results
#
# A run leaves much behind: who was killed when and by whom, where every unit stood, what each group thought of each
# actor, and what moved it. This notebook shows how to read it, how sure one may be of it, and how to make a figure of
# it that can go into a paper. You will
#
# 1. find a number: in the summary, by week, by actor, by event;
# 2. tell a difference from luck, and learn what more seeds buy;
# 3. see *where* things are: violence, opinions, displaced people;
# 4. ask what one gains and what one pays for it;
# 5. lay out a page of your own and save it.
#
# The country is invented, and smaller than usual, so that this takes less than a minute.

# %%
import matplotlib.pyplot as plt

import sim
from sim.report import style

# %% [markdown]
# ## Three arms on the same luck
#
# The United Nations alone; the UN beside a regional force, called AU here, with which it shares what it knows; and the
# two side by side, each for itself.

# %%
SMALL = {
    "weeks": 104,
    "world.grid": [20, 20],
    "world.places": 200,
    "missions.UN.arrives": 13,
    "missions.UN.troops": 5000,
}

un = sim.load("un_alone").but(SMALL).named("UN alone")
joint = sim.load("un_au_parallel").but(SMALL | {"missions.AU.arrives": 13, "missions.AU.troops": 3000})
linked = joint.named("UN and AU")
apart = joint.but(
    {f"partnerships.UN-AU.{dial}": 0.0 for dial in ("coordination", "delineation", "shared_communications")}
).named("each for itself")

few = sim.run([un, linked, apart], seeds=5)
few

# %% [markdown]
# The table shows the headline. Each cell is the median over seeds and, in brackets, where nine in ten seeds lie: the
# *spread*, which is what luck does to a single country. It does not shrink with more seeds.
#
# ## Find a number
#
# `summary` has a row for each run and a column for each metric. A metric that is told apart by actor has a column for
# each: `civilians_killed:rebels`. What a metric means, and in which unit, `sim.metrics()` says.

# %%
wanted = ["civilians_killed", "civilians_killed_expected", "displaced", "coverage", "task_delivery"]
table = sim.metrics().set_index("name").loc[wanted]
for name, metric in table.iterrows():
    print(f"{name} ({metric['unit']}, {metric['better']} is better, over_run: {metric['over_run']})")
    print(f"    {metric['meaning']}")

# %% [markdown]
# `over_run` says how weeks become one number: `sum` adds up, `mean` averages, `last` takes the last week, and `ratio`
# divides sums by sums, so that quiet weeks do not count as much as bad ones.
#
# Two of these look alike. `civilians_killed` counts the dead. `civilians_killed_expected` is the same *before* luck:
# how many would have died on average in the state in which the country was each week. It is steadier.

# %%
columns = ["civilians_killed", "civilians_killed_expected", "civilians_killed:rebels", "coverage:UN"]
few.summary.set_index(["scenario", "seed"])[columns].round(2).head(10)

# %% [markdown]
# `events` has a row for each act: what a coder of events would write down, and besides what only the model knows, such
# as who was taken for the perpetrator (`taken_for`) and who stepped in (`answered_by`). `weeks`, `actors`,
# `perceptions`, `units` and `ledger` are alike. So any question can be put by ordinary means. Who kills most in a
# single attack?

# %%
attacks = few.events[few.events["kind"] == "attack_on_civilians"]
attacks.groupby("perpetrator", observed=True)["civilians"].describe()[["count", "mean", "50%", "max"]].round(1)

# %% [markdown]
# The mean lies well above the median (`50%`): most attacks kill few people, and a few kill many. That is why totals
# jump from one run to the next.
#
# ## Tell a difference from luck
#
# One run against one run says next to nothing. Ask instead how *pairs* of runs with the same luck differ. The figure
# shows each pair as a grey dot, their mean, and as a bar the *interval*: where the mean over very many pairs may well
# lie. The interval does shrink with more seeds, about by half for four times as many. `more` adds some.

# %%
METRICS = ["civilians_killed", "civilians_killed_expected", "legitimacy:all->UN"]
runs = few.more(5)
for which in (few, runs):
    row = which.compare(un).row("civilians_killed_expected", arm="each for itself")
    print(f"{row['n']:2} pairs: {row['difference']:+.0f} [{row['low']:+.0f}, {row['high']:+.0f}], {row['verdict']}")

# %%
forest = runs.compare(un).plot(METRICS, arm="each for itself")

# %% [markdown]
# Read the last column before the numbers. `higher` and `lower`: a sign that holds. `flat`: any difference is too small
# to matter. `open`: so few pairs cannot tell. An open line is no sign of no difference, and ten pairs, as here, are
# few. The printed comparison says what difference would have stayed unseen.
#
# Compare the rows of the dead with those of the dead before luck. Do they agree on the sign? Which intervals are
# narrower, measured in their own units at the right?
#
# ## See where it is
#
# A map shows one run, the one in the middle of all, and says below how far the runs spread. Here is where people have
# fled to, with the units of missions in that week.

# %%
fled = runs.plot.displaced([un, linked])

# %% [markdown]
# And what people think of the UN, place by place: brown is below 50 of 100, teal above, hatched where nobody has met it
# yet. People judge by what they see near them, so a country does not have one opinion.

# %%
thought = runs.plot.perceptions([un, linked], actor="UN")

# %% [markdown]
# Both maps need what each community does and thinks, week by week. That is a large table and not kept unless you ask
# (`keep=[..., "communities"]`). The maps manage without: they play the one run again that they show, and since luck is
# addressed by seed, it is the same run.
#
# Who thinks what of whom, in numbers. In the differences at the right, brackets mean that the interval over pairs holds
# zero: take such a number for luck.

# %%
opinions = runs.plot.matrix("impartiality", [un, apart])

# %% [markdown]
# ## What is gained, what is paid
#
# Protection and standing need not go together. Each small mark is a pair of runs; left means that fewer people are
# killed, up that the UN stands higher. The large marks are means, and their crosses the intervals.

# %%
cloud = runs.compare(un).plot.tradeoff("civilians_killed_expected", "legitimacy:all->UN")

# %% [markdown]
# ## A page of your own
#
# Every figure is a Matplotlib figure. Without `ax` it makes its own page. With `ax` it draws where you say, and you get
# the axes back. `caption=False` leaves the note below to you; then tell your readers yourself what is shown. Inside
# `with style()` all that you draw has the look of the other figures.

# %%
CURVES = "A (dark): UN alone. B (saffron): UN and AU. Line: the run shown. Band: 10th to 90th percentile of 10 runs."
with style():
    page, axes = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    runs.plot.series("civilians_killed", [un, linked], ax=axes[0], caption=False)
    runs.plot.series("legitimacy:all->UN", [un, linked], ax=axes[1], caption=False)
    page.suptitle(CURVES, x=0.01, ha="left", fontsize=10)
    page.savefig("two_curves.pdf")
    plt.show()

# %% [markdown]
# Lines of scenarios are ink, saffron and grey; the colours of the figures belong to actors, always the same colour and
# shape for the same actor. A figure on its own page keeps its text as text in PDF and SVG, so that a publisher can
# still set it: `cloud.figure.savefig("cloud.svg")`.
#
# Everything can be kept on disk and read again, without playing it anew.

# %%
kept = runs.save("my_study")
again = sim.read("my_study")
print(
    again.scenarios, len(again), "runs;", (again.summary["civilians_killed"] == runs.summary["civilians_killed"]).all()
)

# %% [markdown]
# ## Exercises
#
# 1. **A question of your own.** From `runs.events`, find the share of attacks on civilians that a mission answered
#    (`answered_by` is not empty), for each scenario. Compare with the column `attacks_answered_all` of the summary.
# 2. **The wrong end of an interval.** Which lines of `runs.compare(un)` for "each for itself" are `open`? For one of
#    them, say in a sentence what you know and what you do not.
# 3. **What seeds buy.** Draw the width of the interval of `civilians_killed_expected` against the number of seeds, from
#    3 to 10. (Hint: `runs.compare(un).differences(...)` has the values of each pair.)
# 4. **When does it happen?** Draw the map of violence for weeks 0 to 12 and for weeks 52 to 103 with
#    `runs.plot.violence(weeks=(0, 12))`. What changes when missions have come?
# 5. **Another price.** Draw the trade-off with `impartiality_min:UN`, the UN's even-handedness in the eyes of the group
#    that thinks least of it. Does the picture change? Why might the least content group matter most?
