"""One week, read from top to bottom: the table of contents of the model."""

from __future__ import annotations

from sim.rules.armies import state_moves
from sim.rules.arrival import arrival
from sim.rules.authority import authority
from sim.rules.blame import attribution, complicity
from sim.rules.communal import communal, mediation
from sim.rules.conduct import conduct
from sim.rules.consent import consent
from sim.rules.contributors import contributors, partner_trust
from sim.rules.crime import crime
from sim.rules.displacement import flight, return_home
from sim.rules.expectation import coverage_by_group, expectation
from sim.rules.host_conduct import host_conduct
from sim.rules.information import picture, reports
from sim.rules.judgement import contact, decay, harm_seen, inaction, protection_seen, speaking_out
from sim.rules.money import funding
from sim.rules.movement import band_moves, campaigns
from sim.rules.offensives import offensives, revenge
from sim.rules.peace import peace
from sim.rules.protest import expulsion, protest
from sim.rules.record import record
from sim.rules.recruitment import recruitment
from sim.rules.relapse import relapse
from sim.rules.response import response
from sim.rules.rule import Rule
from sim.rules.services import services
from sim.rules.siting import siting
from sim.rules.splitting import splitting
from sim.rules.talk import disinformation, talk
from sim.rules.targets import attacks_on_aid, attacks_on_peacekeepers
from sim.rules.timeline import timeline
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
    communal,  # identity groups against one another
    crime,  # gangs against whoever lives there
    attacks_on_peacekeepers,  # bands against missions, which then guard themselves
    attacks_on_aid,  # bands against aid workers, and where aid dares to go
    response,  # who answers, and what bands learn
    offensives,  # missions against bands, and whom they hurt
    revenge,  # what struck bands remember
    relapse,  # what becomes of ground that nobody holds
    services,  # what missions do for people
    mediation,  # who settles disputes
    flight,  # who leaves, and where to
    return_home,  # who goes back
    recruitment,  # how groups regrow
    splitting,  # how they break up
    attribution,  # who is thought to have done it
    complicity,  # who is held to have had a part in it
    protection_seen,  # credit for being there and for answering
    harm_seen,  # blame for harm
    inaction,  # blame for standing by
    expectation,  # blame for promising more than is done
    conduct,  # what a mission's own people do
    speaking_out,  # credit for naming abuse
    contact,  # credit for being met
    coverage_by_group,  # whose places are in sight
    decay,  # what is not renewed fades
    talk,  # what neighbours think, and what radio says
    disinformation,  # false claims, and who answers them
    protest,  # towns turn against missions
    consent,  # capitals and areas let them be there, or do not
    host_conduct,  # what support makes of a host
    expulsion,  # who is sent out, and who comes back
    peace,  # guns fall silent, and break silence
    contributors,  # what those who sent people make of their losses
    partner_trust,  # how far partners trust each other
    record,  # the dead are counted, and all is written down
)

JUDGEMENT = (
    protection_seen, harm_seen, inaction, expectation, conduct, speaking_out, contact, coverage_by_group, decay, talk,
    disinformation,
)  # fmt: skip
"""Rules that read opinions as the week began, so that one week without any of them differs by exactly its entries."""
