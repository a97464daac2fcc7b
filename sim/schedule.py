"""One week, read from top to bottom: the table of contents of the model."""

from __future__ import annotations

from sim.rules.authority import arrival, authority, timeline
from sim.rules.blame import attribution, complicity
from sim.rules.contributors import contributors, partner_trust
from sim.rules.information import picture, reports
from sim.rules.judgement import contact, decay, harm_seen, inaction, protection_seen, speaking_out
from sim.rules.money import funding
from sim.rules.movement import band_moves, campaigns, state_moves
from sim.rules.offensives import offensives, revenge
from sim.rules.record import record
from sim.rules.recruitment import recruitment
from sim.rules.response import response
from sim.rules.rule import Rule
from sim.rules.siting import siting
from sim.rules.violence import attacks, battles, state_abuse

WEEK: tuple[Rule, ...] = (
    timeline,  # what the scenario says happens
    funding,  # whose money came
    authority,  # who may do what, and what can be done of it
    arrival,  # who is there
    reports,  # what missions are told
    picture,  # what they think is where
    siting,  # where their units go
    campaigns,  # where armed groups mean to strike
    band_moves,  # where bands go
    state_moves,  # where state forces go
    battles,  # bands against state forces
    attacks,  # bands against civilians
    state_abuse,  # state forces against civilians
    response,  # who answers, and what bands learn
    offensives,  # missions against bands, and whom they hurt
    revenge,  # what struck bands remember
    recruitment,  # how groups regrow
    attribution,  # who is thought to have done it
    complicity,  # who is held to have had a part in it
    protection_seen,  # credit for being there and for answering
    harm_seen,  # blame for harm
    inaction,  # blame for standing by
    speaking_out,  # credit for naming abuse
    contact,  # credit for being met
    decay,  # what is not renewed fades
    contributors,  # what those who sent people make of their losses
    partner_trust,  # how far partners trust each other
    record,  # the dead are counted, and all is written down
)

JUDGEMENT = (protection_seen, harm_seen, inaction, speaking_out, contact, decay)
"""Rules that read opinions as the week began, so that one week without any of them differs by exactly its entries."""
