# ---
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
# # Answers to the exercises
#
# One way to each answer, and what to look at. To run in a minute, everything here is small: a small country, nine
# months, and **four seeds, mostly, which is too few to believe a difference that is not large**. Where a line says
# `open`, that is the answer of so few seeds. Take twenty or more, and the notebooks' countries, before you trust one.

# %%
import csv
import tempfile
from datetime import date, timedelta
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import sim
from sim.experiment.sweeps.sweep import load_sweep
from sim.report import style
from sim.world import from_ged, save

SMALL = {"weeks": 39, "spin_up": 13, "world.grid": [16, 16], "world.places": 130, "world.people": 1_500_000}
SMALL |= {f"armed_groups.{name}.fighters": 300 for name in ("front", "militia", "raiders", "rebels")}
HELMETS = {"missions.UN.arrives": 0, "missions.UN.troops": 4000}
FORCE = {"missions.AU.arrives": 0, "missions.AU.troops": 2000}
PLAYED = Path(tempfile.mkdtemp()) / "played"
LINKS = ("coordination", "delineation", "shared_communications")

un = sim.load("un_alone").but(SMALL | HELMETS).named("UN alone")
joint = sim.load("un_au_parallel").but(SMALL | HELMETS | FORCE).named("UN and AU")
nobody = un.without("UN").named("nobody")


def play(*scenarios, seeds=4):
    """Play scenarios on a few seeds here; what is in the folder already is not played again."""
    return sim.run(list(scenarios), seeds=seeds, out=PLAYED, progress=False)


def say(runs, baseline, *metrics):
    """Print how every other scenario differs from a baseline, a line each."""
    comparison = runs.compare(baseline, list(metrics))
    for metric in metrics:
        for _, row in comparison.table[comparison.table["metric"] == metric].iterrows():
            ends = f"{row['difference']:+.3g} [{row['low']:+.3g}, {row['high']:+.3g}]"
            print(f"{metric}, {row['arm']}: {row['mean_b']:.3g} against {row['mean_a']:.3g}, {ends}, {row['verdict']}")


# %% [markdown]
# # 1. First run
#
# **1. More luck.** Intervals shrink with the root of the number of seeds: twice as many make them about 0.7 as wide.

# %%
first = play(nobody, un, joint)
more = first.more(4, progress=False)
for runs in (first, more):
    row = runs.compare(nobody, "civilians_killed_expected").row("civilians_killed_expected", "UN alone")
    print(f"{row['n']} pairs: width {row['high'] - row['low']:.0f}, {row['verdict']}")

# %% [markdown]
# **2. Nobody comes.** Look at the rows by perpetrator. Armed groups weigh whether an attack is met; the state's own
# forces hardly do, for the mission works with the state's consent and rarely fights it.

# %%
say(more, nobody, "civilians_killed_expected", "civilians_killed_expected:rebels", "civilians_killed_expected:host")

# %% [markdown]
# **3. A careful partner.** Care works on the people whom the force itself kills. What others think of the UN moves only
# as far as people mix the two up or hold it against the UN that it stands beside the force.

# %%
rough, careful = (joint.but({"missions.AU.care": care}).named(f"care {care}") for care in (0.2, 0.9))
care = play(rough, careful)
say(care, rough, "civilians_killed_expected:AU", "legitimacy:all->AU", "legitimacy:all->UN")

# %% [markdown]
# **4. Knock a rule out.** Without `attribution` nobody is blamed for what somebody else did, so the bars *mistaken
# blame* vanish. The UN's legitimacy need not rise by just what those bars said: with another image it is told other
# things, is elsewhere and meets other people. The bars are bookkeeping; the knock-out is the experiment.

# %%
clear = joint.but({"disable": ["attribution"]}).named("no mistaken blame")
blame = play(joint, clear)
say(blame, joint, "legitimacy:all->UN")
moved = blame.why("legitimacy", actor="UN", scenario=joint.name).table
print("booked as mistaken blame:", moved.loc[moved["rule"] == "attribution", "net"].sum().round(3))

# %% [markdown]
# **5. Which dial matters?** One example: how much the force finds out by itself (`sensing`). Said beforehand: one that
# sees more hits bands more often, and fewer people are killed.

# %%
dull, keen = (joint.but({"missions.AU.sensing": level}).named(f"sensing {level}") for level in (0.1, 0.9))
sensing = play(dull, keen)
say(sensing, dull, "hit_rate:AU", "civilians_killed_expected")

# %% [markdown]
# Neither half need hold. A force that people and a partner tell much gains little by seeing more itself; set
# `partnerships.UN-AU.coordination` to 0 and try again. Being right for the wrong reason is common too, and `why` is
# there to notice it.
#
# # 2. Reading results
#
# **1. A question of your own.** Both shares count attacks by whoever. They agree as far as the same acts are counted;
# the metric sums attacks over the run before it divides, and so must you: not the mean of each run's share.

# %%
attacks = more.events[more.events["kind"] == "attack_on_civilians"]
answered = (attacks["answered_by"] != "").groupby(attacks["scenario"], observed=True).agg(["sum", "size"])
print((answered["sum"] / answered["size"]).round(3).to_string())
compared = more.compare(nobody, "attacks_answered_all").table.set_index("arm")["mean_b"]
print(compared.round(3).to_string())

# %% [markdown]
# **2. The wrong end of an interval.** Of an open line one knows that differences outside the interval are unlikely, and
# not which sign it has. "Between 30 fewer and 12 more are killed" is a fair sentence; "it makes no difference" is not.

# %%
beside = more.compare(un)
table = beside.table
print(", ".join(table[(table["arm"] == joint.name) & (table["verdict"] == "open")]["metric"].head(12)))

# %% [markdown]
# **3. What seeds buy.** The width falls like one over the root of n, in jumps, for each new pair also says how much
# pairs vary.

# %%
d = beside.differences("civilians_killed_expected", joint.name)["difference"].to_numpy()
width = [2 * 1.96 * d[:n].std(ddof=1) / n**0.5 for n in range(3, len(d) + 1)]
with style():
    page, ax = plt.subplots(figsize=(5, 3), layout="constrained")
    ax.plot(range(3, len(d) + 1), width, marker="o", color="#1f2a36")
    ax.set(xlabel="pairs of seeds", ylabel="width of the interval (people)", ylim=(0, None))
    ax.set_title("What seeds buy")
    plt.show()

# %% [markdown]
# **4. When does it happen?** Two maps of the same runs, the first quarter and the third. The scale is attacks *a year*,
# so that windows of any length can be compared; a quarter has few events, and its shade is rough.

# %%
early = more.plot.violence([nobody, un], weeks=(0, 12))
late = more.plot.violence([nobody, un], weeks=(26, 38))

# %% [markdown]
# **5. Another price.** A mission that nine in ten like can lose the tenth, and with it what that group would have told
# it. The least content group is also the one to whom an armed group can offer itself as a protector.

# %%
cloud = beside.plot.tradeoff("civilians_killed_expected", "impartiality_min:UN", arm=joint.name)

# %% [markdown]
# # 3. Comparing partnerships
#
# **1. Half way.** A level at which two effects of opposite sign balance depends on how large both are, and both differ
# from one country to the next. So do not bet: play the same levels with another `world.seed` and see where it goes.

# %%
levels = [joint.but({f"partnerships.UN-AU.{dial}": x for dial in LINKS}).named(f"level {x}") for x in (0.0, 0.5, 1.0)]
half = play(un, *levels)
say(half, un, "civilians_killed_expected", "impartiality:all->UN")

# %% [markdown]
# **2. One dial at a time.** Coordination carries sightings, delineation and common words tell people who did what.

# %%
zero = levels[0]
talk = zero.but({"partnerships.UN-AU.coordination": 1.0}).named("only coordination")
clarity = zero.but({f"partnerships.UN-AU.{dial}": 1.0 for dial in LINKS[1:]}).named("only the other two")
dials = play(zero, talk, clarity)
say(dials, zero, "civilians_killed_expected", "hit_rate:AU", "impartiality:all->UN")

# %% [markdown]
# **3. A careful force.** The bad side had two parts, the people killed by the force and what follows from it. Care
# takes away the first and with it most of the second. What the force does not know, it still does not know.

# %%
gentle = zero.but({"missions.AU.care": 0.9}).named("each for itself, careful")
kind = play(un, zero, gentle)
say(kind, un, "civilians_killed_expected", "civilians_killed_expected:AU")

# %% [markdown]
# **4. Fewer blue helmets.** Find the strength by halving the range. With few seeds the answer is a range and no number.

# %%
fewer = [levels[-1].but({"missions.UN.troops": n}).named(f"{n:,} helmets") for n in (1000, 2000)]
strength = play(un, *fewer, levels[-1])
say(strength, un, "civilians_killed_expected", "legitimacy:all->UN")

# %% [markdown]
# **5. Who averted what?** Read the interval before the number: where it holds zero, the share is not told from nothing.

# %%
half.attribute("level 1.0", progress=False)

# %% [markdown]
# # 4. Changing a mandate
#
# **1. More luck.** As in the first notebook: an open line that stays open after twenty pairs is a small effect, or one
# that depends on where luck puts bands. The short mandate drops the tasks by which people come to talk to the mission.

# %%
ALL = ["armed_groups", "host", "communal"]
tasks = {"presence": 1.0, "protect_civilians": 1.0, "early_warning": 0.7}
mandate = {"name": "short", "use_of_force": "protection", "covers": ALL, "tasks": tasks}
short = un.but({"missions.UN.mandate": mandate}).named("three tasks")
lengths = play(un, short, seeds=4)
say(lengths, un, "civilians_killed_expected", "reports:UN")

# %% [markdown]
# **2. The other word.** Force without the task `protect_civilians` is a right that nobody is told to use for civilians:
# units may act, and have other things to do. If the two lines read alike, that is why.

# %%
listening = {"presence": 1.0, "community_engagement": 1.0, "early_warning": 1.0}
ears = {"name": "listen", "use_of_force": "self_defence", "covers": [], "tasks": listening}
listen = un.but({"missions.UN.mandate": ears}).named("listen only")
armed = un.but({"missions.UN.mandate": ears | {"use_of_force": "protection", "covers": ALL}}).named("listen, may fight")
rights = play(un, listen, armed)
say(rights, un, "civilians_killed_expected", "attacks_answered_all")

# %% [markdown]
# **3. Whose violence?** On paper a mandate that covers armed groups only leaves the state's forces alone. Look at what
# the full mandate did about them to begin with (first notebook, exercise 2): what was not held back cannot be let
# loose.

# %%
blind = un.but({"missions.UN.mandate.covers": ["armed_groups"]}).named("armed groups only")
whose = play(un, blind)
say(whose, un, "civilians_killed_expected:host", "impartiality:all->UN", "civilians_killed_expected:militia")

# %% [markdown]
# **4. Too much to do.** Tasks share people. Delivery says how much of what the tasks call for is done; a shorter list
# need not be done better if its tasks call for the scarcest people.

# %%
few = {"missions.UN.troops": 2000}
halves = play(un, un.but(few).named("half of it"), short, short.but(few).named("half, three tasks"))
columns = ["mandate_delivery:UN", "civilians_killed_expected"]
halves.summary.groupby("scenario", observed=True)[columns].mean().round(2)

# %% [markdown]
# **5. A mandate from the shelf.** Observers may not fight for civilians; the brigade goes after bands.

# %%
shelf = [un.but({"missions.UN.mandate": name}).named(name) for name in ("observe", "intervention_brigade")]
kinds = play(un, *shelf)
say(kinds, un, "civilians_killed_expected", "battle_deaths_expected", "legitimacy:all->UN")

# %% [markdown]
# # 5. A sweep and its uncertainty
#
# **1. More luck.** A folder holds one sweep. Another number of seeds is another plan, and it is refused.

# %%
few = {f"armed_groups.{name}.fighters": 120 for name in ("front", "militia", "raiders", "rebels")}
tiny = {"weeks": 26, "spin_up": 13, "world.grid": [8, 8], "world.places": 40, "world.people": 800_000}
question = {
    "question": "How many lives do more soldiers save?", "scenario": "un_alone", "baseline": "no_mission", "seeds": 1,
    "set": tiny | few, "choices": {"missions.UN.arrives": [0], "missions.UN.troops": [800, 1600]},
    "unknowns": {"parameters.restraint.beta": "plausible", "hosts.host.abusiveness": [0.2, 0.8]},
    "design": {"samples": 8},
}  # fmt: skip
place = Path(tempfile.mkdtemp()) / "soldiers"
swept = sim.sweep(question, out=place, progress=False)
try:
    sim.sweep(question | {"seeds": 4}, out=place, progress=False)
except sim.SimError as error:
    print(error)

# %% [markdown]
# **2. Lives or money.** If lives alone counted: the largest force. What a life costs is hardly known from so few runs.

# %%
found = swept.compare("no_mission", ["civilians_killed_expected", "cost_all"])
found.table[["metric", "arm", "difference", "low", "high"]]

# %% [markdown]
# **3. The government's dead.** Hardly any: soldiers restrain armed groups, and hardly governments (E4, E12).

# %%
swept.compare("no_mission", "civilians_killed_expected:host")

# %% [markdown]
# **4. The worst run.** A run follows from its scenario, its unknowns and its seed, and from nothing else.

# %%
worst = swept.runs.loc[swept.runs["civilians_killed"].idxmax()]
sim.replay(worst["id"], place)

# %% [markdown]
# **5. A bigger question.** Expect what stands where most people die: attacks, and what restrains those who attack.

# %%
load_sweep("which_doubts_matter")

# %% [markdown]
# # 6. A world from event data
#
# **1. Another window.** The cells that change most have few events: with so few, a window is luck too.

# %%
folder = Path(sim.load("un_alone").folder) / "worlds" / "made_up"
CREDIT = "Events and towns: made up for this project; nothing in them happened"
given = {"gazetteer": folder / "towns.csv", "people": 1_500_000, "credit": CREDIT}


def by_place(world):
    """Return events and propensity by the centre of the cell."""
    where = pd.MultiIndex.from_arrays([world.lat, world.lon], names=["lat", "lon"])
    return pd.DataFrame({"events": world.history["events"], "prone": np.exp(world.propensity)}, index=where)


whole = by_place(from_ged(folder / "events.csv", **given))
half = by_place(from_ged(folder / "events.csv", until=date(2014, 12, 31), **given))
both = whole.merge(half, left_index=True, right_index=True, suffixes=(" (all)", " (to 2014)"))
change = (both["prone (to 2014)"] - both["prone (all)"]).abs()
both.loc[change.nlargest(5).index].round(1)

# %% [markdown]
# **2. Without a gazetteer.** Towns are now the places that events name, and the one named most becomes the capital: the
# place with most violence, not the one with most people. The seat of a mission, its roads and its people move there.

# %%
plain = from_ged(folder / "events.csv", people=1_500_000, credit=CREDIT)
known = from_ged(folder / "events.csv", **given)
for name, world in (("with", known), ("without", plain)):
    seat = world.capital[0]
    print(f"{name} a gazetteer: capital at {world.lat[seat]:.2f}, {world.lon[seat]:.2f}; "
          f"{world.history['events'][seat]} events there")  # fmt: skip

# %% [markdown]
# **3. What if it is the reporting?** Far provinces look calmer than they are. A mission sited by such data stands where
# reporters are. Neither of the two is right; play both, and see whether the choice of bases hangs on it.

# %%
with (folder / "events.csv").open(newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
far = [row for row in rows if row["adm_1"] != "Coast province"]
heard = [row for row in rows if row["adm_1"] == "Coast province"] + far[::2]


def written(rows, name):
    """Write events to a file and return it."""
    path = Path(tempfile.mkdtemp()) / name
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


less = by_place(from_ged(written(heard, "heard.csv"), **given))
both = whole.merge(less, left_index=True, right_index=True, suffixes=(" (all)", " (heard)"))
print(
    "rank correlation of the two propensities:", round(both["prone (all)"].corr(both["prone (heard)"], "spearman"), 2)
)

# %% [markdown]
# **4. A fair test.** The naive forecast, that violence will be where it was, is hard to beat. If the play does no
# better than it, the play adds nothing *as a forecast*. It was not made to be one.

# %%
past = from_ged(folder / "events.csv", until=date(2014, 12, 31), **given)
path = save(past, Path(tempfile.mkdtemp()) / "past.toml")
there = (
    sim.load("no_mission").but({"weeks": 52, "spin_up": 20, "world": {"file": str(path)}}).named("ground of the past")
)
acts = play(there).events
acts = acts[acts["kind"] == "attack_on_civilians"].groupby(["lat", "lon"]).size()
later = from_ged(folder / "events.csv", since=date(2015, 1, 1), **given)
SUFFIXES = (" before", " after")
test = by_place(past).merge(by_place(later), left_index=True, right_index=True, suffixes=SUFFIXES)
test["played"] = acts.reindex(test.index, fill_value=0)
test[["events before", "played", "events after"]].corr("spearman").round(2)

# %% [markdown]
# **5. Too fresh.** A map of last month's events can show where people are hiding, where an army is thin, which road is
# still open. So the import refuses what is newer than twelve months unless told otherwise.

# %%
lately = f"{date.today() - timedelta(days=30)} 00:00:00.000"
fresh = [row | {"date_start": lately, "date_end": lately} if k < 5 else row for k, row in enumerate(rows)]
try:
    from_ged(written(fresh, "fresh.csv"), **given)
except sim.SimError as error:
    print(error)
