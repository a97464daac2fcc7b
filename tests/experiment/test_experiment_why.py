"""What moved it: the ledger, summed."""

from __future__ import annotations

import pytest
from toy import Toy, scenario, with_mission

import sim
from sim.errors import SimError
from sim.experiment.results import run


@pytest.fixture(scope="module")
def results():
    return run([scenario(), with_mission()], 4, 1, progress=False, _model=Toy)


def test_opening_and_moves_add_up_to_closing(results):
    why = results.why("impartiality", "UN")
    for _, balance in why.balance.iterrows():
        moves = why.table[why.table["scenario"] == balance["scenario"]]
        assert balance["opening"] == pytest.approx(0.5)
        assert balance["opening"] + moves["net"].sum() == pytest.approx(balance["closing"])
        assert (moves["gains"] + moves["losses"]).to_numpy() == pytest.approx(moves["net"].to_numpy())


def test_the_largest_move_comes_first_with_its_cause(results):
    table = results.why("impartiality", "UN", scenario="alone").table
    assert list(table["rule"]) == ["harm_seen", "decay"] and list(table["cause"]) == ["rebels", ""]
    assert (table["agree"] == 1).all()
    killed = results.summary.query("scenario == 'alone'")["civilians_killed"].mean()
    assert table["net"].iloc[0] == pytest.approx(-0.001 * killed)


def test_seeds_can_be_chosen(results):
    one = results.why("impartiality", "UN", scenario="alone", seeds=[2])
    killed = results.summary.query("scenario == 'alone' and seed == 2")["civilians_killed"].iloc[0]
    assert one.table["net"].iloc[0] == pytest.approx(-0.001 * killed) and one.balance["seeds"].iloc[0] == 1


def test_it_reads_as_sentences(results):
    told = str(results.why("impartiality", "UN"))
    assert "alone: UN impartiality in the eyes of all fell 0.2" in told and "from 0.50 to 0.2" in told
    assert "harm_seen (rebels), in 100 % of seeds" in told and "moved by" in told and "caused" not in told
    assert results.why("impartiality", "UN")._repr_html_().startswith("<pre>")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (("impartialty", "UN"), "did you mean 'impartiality'"),
        (("impartiality", "AU"), "in the ledger are UN"),
        (("impartiality", "UN", "al"), "did you mean 'all'"),
    ],
)
def test_unknown_names_are_refused_with_those_there_are(results, call, words):
    with pytest.raises(SimError, match=words):
        results.why(*call)


def test_the_real_ledger_accounts_for_the_whole_way():
    short = {"weeks": 12, "spin_up": 2, "world.places": 80, "world.grid": [12, 12], "missions.UN.arrives": 3}
    r = sim.run(sim.load("un_alone").but(short), seeds=2, jobs=1, progress=False)
    for quantity in ("legitimacy", "impartiality", "credibility"):
        balance = r.why(quantity, "UN").balance.iloc[0]
        assert balance["opening"] + balance["moved"] == pytest.approx(balance["closing"], abs=1e-9)
        assert balance["opening"] == pytest.approx(0, abs=1e-9)  # nobody has met it when the run opens
    fighters = r.why("fighters", "rebels").balance.iloc[0]
    assert fighters["opening"] + fighters["moved"] == fighters["closing"] > 0
