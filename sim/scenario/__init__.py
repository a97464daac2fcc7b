"""The language users write: scenario files, their layers, mandates, profiles, parameters."""

from sim.scenario.inner import Condition, Contributor, Funding
from sim.scenario.names import RULES
from sim.scenario.parameters import Parameter, Parameters
from sim.scenario.scenario import Scenario, load
from sim.scenario.schema import ArmedGroup, Event, Host, Mandate, Mission, Partnership, WorldSpec

__all__ = [
    "RULES",
    "ArmedGroup",
    "Condition",
    "Contributor",
    "Event",
    "Funding",
    "Host",
    "Mandate",
    "Mission",
    "Parameter",
    "Parameters",
    "Partnership",
    "Scenario",
    "WorldSpec",
    "load",
]
