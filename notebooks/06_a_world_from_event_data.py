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
# # 6. A world from event data
#
# So far a generator has made up the country: where people live, where violence lies. Data on events know something
# about that. UCDP's *Georeferenced Event Dataset* (GED) records armed violence with at least one death, with place and
# day. In this notebook you will
#
# 1. look at a file of events and at what it does not say;
# 2. turn it into a world: cells, towns, people, a lasting disposition to violence;
# 3. play a mission in it and compare it with nobody;
# 4. ask how much of what comes out comes from the data.
#
# **The file is made up.** It has GED's columns and some of its habits, and nothing in it happened. Its country,
# Imaginia, lies where the ocean is. `scenarios/worlds/made_up/make.py` writes it, always the same. With a file of
# UCDP's (`ucdp.uu.se/downloads`) all goes the same way, but **nothing here predicts anything about a real country**: a
# world from events borrows the ground, and the actors on it stay invented.

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import sim
from sim.report import style
from sim.world import from_ged, save

# %% [markdown]
# ## What is in the file

# %%
folder = Path(sim.load("un_alone").folder) / "worlds" / "made_up"
events = pd.read_csv(folder / "events.csv")
events[["id", "type_of_violence", "side_a", "side_b", "where_prec", "adm_1", "date_start", "best"]].head()

# %%
told = events.assign(type=events["type_of_violence"].map({1: "state-based", 2: "non-state", 3: "one-sided"}))
told.groupby("type")["best"].agg(events="size", deaths="sum", median="median", largest="max")

# %% [markdown]
# Three things to know before using any such file.
#
# - **Not every event has a place.** `where_prec` is 1 for an exact place and grows to 7. From 5 on only a wider area or
#   the country is known. Such events have no cell, and are counted but not used.
# - **What is far from reporters is recorded less.** An empty cell may be calm, or unheard of.
# - **It says who fought and died, not why, and not who lives there.** Identity groups, roads and people between towns
#   have to come from elsewhere, or be made up.

# %%
precise = events["where_prec"].value_counts().sort_index()
print("\n".join(f"where_prec {level}: {n:3} events" for level, n in precise.items()))

# %% [markdown]
# ## From events to a world
#
# `from_ged` counts events by cells of half a degree. It keeps counts, never events. A gazetteer gives towns and their
# people. `credit` says to whom the data are owed, and every figure of this world says it; for UCDP's own files leave it
# out, and UCDP is named.
#
# On the command line the same is `sim world from-ged events.csv --gazetteer towns.csv --people 1500000`.

# %%
CREDIT = "Events and towns: made up for this project; nothing in them happened"
world = from_ged(folder / "events.csv", gazetteer=folder / "towns.csv", people=1_500_000, credit=CREDIT)
save(world, "imaginia.toml")
world

# %%
for what, number in world.about["counts"].items():
    print(f"{number:5}  {what}")
print("\nassumed:")
for line in world.about["assumptions"]:
    print("  -", line)

# %% [markdown]
# Read the assumptions. They are longer than what the data say, and that is always so.
#
# The most important thing that goes from the data into the model is the *propensity*: how prone each cell is to
# violence in the long run. It is not the plain count. A cell with one event in ten years may have been unlucky, so each
# count is drawn towards that of its neighbours, the more the fewer events there are.

# %%
count, prone = world.history["events"], np.exp(world.propensity)
believed = count / count.mean()
with style():
    page, ax = plt.subplots(figsize=(6.2, 4.4), layout="constrained")
    ax.scatter(count, prone, s=26, color="#57435f", alpha=0.7, lw=0)
    ax.plot([0, count.max()], [0, believed.max()], color="#8d8577", lw=1, ls=(0, (4, 2)))
    ax.text(count.max(), believed.max(), "were each count believed as it is  ", ha="right", color="#5b646e", fontsize=9)
    ax.set_xlabel(f"events in the file, by cell (n = {world.cells} cells, {count.sum()} events)")
    ax.set_ylabel("propensity (1 = the mean cell)")
    ax.set_title("Counts are drawn towards those of their neighbours")
    plt.show()

# %% [markdown]
# ## Play in it
#
# A scenario takes a world by its file. Everything else is that of `un_alone`: armed groups and army are the invented
# ones of that scenario, not the sides that the file names.

# %%
PLAYED = {
    "weeks": 104,
    "world": {"file": str(Path("imaginia.toml").resolve())},
    "missions.UN.arrives": 0,
    "missions.UN.troops": 3000,
}
un = sim.load("un_alone").but(PLAYED).named("UN alone")
nobody = un.without("UN").named("nobody")
runs = sim.run([nobody, un], seeds=8)
runs.compare(nobody, ["civilians_killed_expected", "attacks_expected", "displaced"])

# %% [markdown]
# First the ground itself: the shade is the disposition that came from the data, before any event; the marks are those
# killed in one run.

# %%
ground = runs.plot.violence(shadow="disposition")

# %%
fled = runs.plot.displaced()

# %%
forest = runs.compare(nobody).plot(["civilians_killed_expected", "attacks_expected", "displaced"])

# %% [markdown]
# ## How much of it comes from the data?
#
# Violence in the model follows the ground, but also bands, roads, people and memory of earlier violence. So does the
# play put violence where the file has it? Count both by cell.

# %%
acts = runs.events[(runs.events["scenario"] == "nobody") & (runs.events["kind"] == "attack_on_civilians")]
cells = pd.MultiIndex.from_arrays([world.y, world.x])
years = nobody.weeks / 52
by_seed = [acts[acts["seed"] == seed].groupby(["y", "x"]).size().reindex(cells, fill_value=0) for seed in runs.seeds]
yearly = sum(by_seed).to_numpy() / len(runs.seeds) / years
each = [pd.Series(count).corr(pd.Series(one.to_numpy()), method="spearman") for one in by_seed]

with style():
    page, ax = plt.subplots(figsize=(6.2, 4.4), layout="constrained")
    ax.scatter(count, yearly, s=26, color="#d62d1a", alpha=0.7, lw=0)
    ax.set_xlabel(f"events in the file, by cell (n = {world.cells} cells)")
    ax.set_ylabel(f"attacks on civilians a year, mean of n = {len(runs.seeds)} seeds")
    ax.set_title("Recorded and played, cell by cell")
    plt.show()
print(f"rank correlation, seed by seed: {min(each):.2f} to {max(each):.2f}, in the middle {np.median(each):.2f}")

# %% [markdown]
# As far as the two go together, that is no success of the model: the ground was *made* of the one. It would be a test
# only on events that were held back, such as those of later years (exercise 4). What does not go together is worth a
# look. The shade of the map above shows cells that are prone and stay calm in the play, and the other way round:
# invented bands stand where the scenario puts them, and not where the file's armed sides stood.
#
# Seeds are luck in *one* country on *one* reading of the data. The intervals above do not know that the file may be
# wrong, that borders were guessed from the events' outline, or that half the parameters rest on assumption.
#
# ## Exercises
#
# 1. **Another window.** Make a world of the first five years only (`until=date(2014, 12, 31)`). Which cells change
#    most? How many events are behind the largest change?
# 2. **Without a gazetteer.** Leave `gazetteer` out. Where is the capital now, and why? What does it do to where the UN
#    stands?
# 3. **What if it is the reporting?** Take away every second event outside the Coast province, as if reporters did not
#    get there, write the rest to a file and make a world of it. Compare the two propensities. Which of them would you
#    use to site bases?
# 4. **A fair test.** Make a world of the years to 2014, play it without a mission, and correlate attacks with the
#    file's events *after* 2014. How does it compare with the correlation of the events before with those after, without
#    any model?
# 5. **Too fresh.** Change the dates of some events to last month and try again. Why does the import refuse, and whom
#    might a map of last month's events harm?
