"""Layers of cells that rules write: name and meaning; a number for each cell."""

from __future__ import annotations

LAYERS = {
    "fear": "fear of reprisal against those who tell what they know, 0-1",
    "threat": "civilian deaths expected this week if no mission were near",
    "expected_attacks": "attacks by armed groups expected this week, before luck",
    "expected_battles": "battle deaths expected this week",
    "expected_abuse": "acts of state abuse expected this week",
    "expected_abuse_deaths": "deaths by them, given the chance of an answer",
    "scarcity": "livelihoods lost to drought or flood, 0-1",
    "mixing": "chance that two people there are of two groups",
    "dispute": "how far groups there quarrel, 0-1",
    "feud_pull": "how near the host's present feud is, 0-1",
    "expected_communal": "clashes between groups expected this week",
    "policed": "mission police who work against crime in reach",
    "expected_crimes": "crimes expected this week",
    "projects": "what quick projects are still worth",
    "sickness": "share of people who are ill",
    "exposed": "known to have informed, 0-1",
    "aid": "presence of aid, 0-1",
    "aid_risk": "memory of attacks on aid",
    "escorted": "how far missions open the place to aid, 0-1",
    "fought": "weeks for which a battle near still counts",
    "held": "how firmly missions held it last week, 0-1",
    "vacuum": "ground that nobody holds since it was cleared or left, 0-1",
    "settled": "weeks that a band has stayed on cleared ground",
    "calm": "weeks since the last attack on cleared ground",
    "alarm": "recent violence there and next door, as felt at once",
    "unease": "the same as it makes people leave, weeks later",
    "sheltered": "displaced people inside a mission's site",
    "secured": "share of the displaced whom nobody can reach there",
}
