"""The tables of a scenario file: what each key means, its unit, its limits and its default."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sim.scenario import catalogue
from sim.scenario.inner import Condition, Contributor, Funding
from sim.scenario.kinds import STRENGTH, Kept, Listed, Monday, Piece, Share, Strength, Strings, Week, among, dial
from sim.scenario.names import RULES

Task = Annotated[str, among(catalogue.tasks)]
Badge = Annotated[str, among(catalogue.badges)]
Perpetrator = Literal["armed_groups", "host", "communal"]
Component = Literal["troops", "police", "civilians", "observers"]
Seed = Annotated[int, Field(ge=0, le=2**63 - 1)] | Literal["run"]
Side = Annotated[int, Field(ge=1, le=500)]
Grid = Annotated[tuple[Side, Side], Listed]
People = Annotated[int, Field(ge=0, le=200_000)]
_TASKS = "a list of tasks, or a table task = priority from 0 to 1"


class Top(Piece):
    """What heads a scenario."""

    question: str = dial("The question that the scenario answers, in English", "")
    title: str = dial("Display name of the scenario", "")
    based_on: Strings = dial("Real cases that the configuration is modelled on", (), allowed="a list of texts")
    sources: Strings = dial("Evidence tags", (), allowed="a list of texts")
    weeks: int = dial("Length of a run", 156, unit="weeks", ge=1, le=1040)
    start: Monday = dial("The Monday of week 0; gives events a date", date(2013, 1, 7), allowed="a Monday's date")
    spin_up: int = dial("Weeks that the country lives without missions before week 0", 52, unit="weeks", ge=0, le=520)
    placebo: bool = dial("Missions are sited and recorded, and no other rule sees them", False)
    disable: Annotated[tuple[Annotated[str, among(lambda: RULES)], ...], Listed] = dial(
        "Rules knocked out by name", (), allowed="a list of rule names"
    )


class WorldSpec(Piece):
    """Which country: drawn by the generator from a seed, or read from a world file."""

    generator: Literal["country"] | None = dial("Generator of fictional countries", None, allowed="'country'")
    file: str | None = dial("A world file, such as worlds/xyz.toml, instead of a generator", None)
    seed: Seed = dial(
        'Which country; "run": each run its own', 7, allowed='a whole number from 0, or "run"', union_mode="smart"
    )
    grid: Grid = dial(
        "Rows and columns of cells",
        (32, 32),
        unit="cells",
        allowed="[rows, columns], whole numbers from 1 to 500",
    )
    people: int = dial("People in the country at the start", 5_000_000, unit="people", ge=0, le=2_000_000_000)
    groups: int = dial("Identity groups", 3, unit="groups", ge=1, le=12)
    places: int = dial("Populated cells; a community is one identity group in one of them", 600, ge=0, le=250_000)
    side_km: float = dial("Side of a cell", 25.0, unit="km", source="model.md 3", ge=10, le=60)
    path: str | None = Field(None, exclude=True, repr=False)
    """Where the world file was found; not part of the scenario's content."""


class Mandate(Piece):
    """What a mission may do: data, never a label."""

    name: str = dial("The mandate's name in the catalogue, or one of your own", "own")
    tasks: Annotated[dict[Task, Share], Kept] = dial(
        "Tasks the mandate names, with their priority", unit="priority", source="model.md 2; E17", allowed=_TASKS
    )
    use_of_force: Literal["self_defence", "protection", "enforcement"] = dial(
        "How far force may go", "self_defence", source="E15; F-M38"
    )
    covers: Annotated[tuple[Perpetrator, ...], Listed] = dial(
        "Whose violence the mandate covers", (), source="B-M88; B-M5",
        allowed="a list out of armed_groups, host, communal",
    )  # fmt: skip
    area: Literal["all"] | Strings = dial("Where it holds", "all", allowed='"all" or a list of area names')
    executive: bool = dial("Whether the mission may act in the state's place", False, source="S-M126")
    review: int = dial("Weeks between reviews of the mandate", 52, unit="weeks", source="F-M118", ge=4, le=520)
    adapts: Share = dial(
        "How far reviews narrow it to what its means allow; 0: renewed in agreed language", 0.0, unit="share",
        source="F-M116; F-M124; F-M120",
    )  # fmt: skip
    unity: Share = dial(
        "How united those who gave it are; divided, they may fail to renew what delivers little or is not wanted", 1.0,
        unit="share", source="B-M120; B-M101",
    )  # fmt: skip


class Dials(Piece):
    """How a mission behaves; a profile gives the values, a mission's own keys override them."""

    delay: int = dial("Weeks from the mandate to the first unit in the country", unit="weeks", ge=0, le=260)
    ramp: int = dial("Weeks from the first unit to full strength", unit="weeks", ge=0, le=520)
    unit_size: int = dial("People in a troop unit", unit="people", ge=50, le=2000)
    mobile_share: Share = dial("Share of units that are mobile", unit="share")
    mobility: float = dial("Multiplier of the reach of units", unit="multiple", ge=0.2, le=3)
    force_protection: Share = dial("Share of units that guard the mission itself", unit="share")
    risk_tolerance: Share = dial("Willingness to act at a risk to oneself", unit="share")
    care: Share = dial("Care taken to spare civilians when force is used", unit="share")
    liaison: Share = dial("Reach of liaison with communities: who hears of bands and threats", unit="share")
    sensing: Share = dial("Quality of technical sensing", unit="share")
    oversight: Share = dial("Discipline, investigation and reporting of abuses, its own and others'", unit="share")
    tempo: float = dial("Operations", unit="a week per 1,000 ready troops", ge=0, le=10)
    holding: Share = dial("How far ground where it stands is held", unit="share")
    conduct: Share = dial("Discipline of its people towards those among whom they live", unit="share")
    outreach: Share = dial("Reach of its radio and messengers beyond its patrols", unit="share")
    assured: Share = dial("Share of the budget that is assured; the rest is voluntary", unit="share")
    reserve: float = dial("Cash in hand that bridges gaps", unit="weeks of budget", ge=0, le=104)
    casualty_tolerance: float = dial(
        "Deaths that contributors bear before they take people home", unit="a year per 1,000 people", ge=0.1, le=1000
    )


class Mission(Dials):
    """A peace operation or outside force."""

    name: str = ""
    org_type: Annotated[str, among(catalogue.org_types)] = dial("Kind of organisation; display only")
    title: str = dial("Display name", "")
    badge: Badge = dial("What people and fighters see: its look", source="F-M93; F-M49")
    profile: Annotated[str, among(catalogue.profiles)] = dial("The profile that gives the dials their values")
    mandate: Mandate = dial("What it may do", allowed="a mandate's name, or a table with tasks")
    mandated: Week = dial("Week of the mandate", 0, unit="week")
    arrives: Week = dial("First week with units in the country", unit="week", source="B-M75")
    troops: Strength = dial("Authorised troops", (), unit="people", allowed=STRENGTH)
    police: Strength = dial("Authorised police", (), unit="people", allowed=STRENGTH)
    civilians: Strength = dial("Authorised civilian staff", (), unit="people", allowed=STRENGTH)
    observers: Strength = dial("Authorised military observers", (), unit="people", allowed=STRENGTH)
    on_expulsion_of: str | None = dial(
        "The mission whose expulsion brings this one, its delay later; it arrives no other way", None, source="B-M104"
    )
    on_event: str | None = dial(
        "The event of the timeline that brings this one, its delay later; it arrives no other way", None,
        source="B-M159; B-M134",
    )  # fmt: skip
    siting: Literal["hot_spot", "random"] = dial("Where units go", "hot_spot", source="S23; E19")
    hosts: Literal["all"] | Strings = dial(
        "In whose land its units may stand, of the hosts that consent", "all",
        source="S-M111; S-M112", allowed='"all" or a list of hosts',
    )  # fmt: skip
    pursuit: Strings = dial(
        "Hosts into whose land it may follow armed groups a short way, from land where it stands, as they consent", (),
        source="B-M95; F-M27", allowed="a list of hosts",
    )  # fmt: skip
    funding: Funding | None = dial(
        "Its money by parts, instead of `assured` and the rest", None, source="B-M108; B-M116; F-M102",
        allowed="a table of assessed, voluntary and donor, shares of the budget",
    )  # fmt: skip
    contributors: Annotated[dict[str, Contributor], Kept] | None = dial(
        "Who sends its soldiers and police; if not said, one with the mission's own dials", None,
        source="B-M17; F-M135", allowed="a table of tables, each with share",
    )  # fmt: skip
    accommodation: Share = dial(
        "How far it pays the price that a host asks for its consent", 0.5, unit="share", source="B-M6; F-M15"
    )
    cuts: Literal["uniform", "prioritised"] = dial(
        "Who goes short when money or time is: all tasks alike, or the least in priority first",
        "uniform",
        source="B-M112",
    )


class Partnership(Piece):
    """A link between two missions, or a mission and the host."""

    name: str = ""
    between: Annotated[tuple[str, str], Listed] = dial("The two partners", allowed="[one, other], two actors' names")
    form: Annotated[str, among(catalogue.forms)] = dial(
        "The arrangement; it gives the dials their values", "parallel", source="berlin-2025 3.4"
    )
    coordination: Share = dial("Share of information and planning that crosses", unit="share", source="B-M92; B-M35")
    delineation: Share = dial("How far areas and roles are told apart", unit="share", source="B-M90; B-M72")
    shared_communications: Share = dial("How far both speak with one voice", unit="share", source="B-M69")
    support_level: Share = dial("Support that one gives the other", unit="share", source="B-M78; B-M80")
    recipient: str | None = dial("Who receives the support: a host if there is one, else the second partner", None)
    conditional: bool = dial(
        "Support stops while the recipient's abuse is above what vetting lets pass", source="B-M89; F-M95"
    )
    vetting: Share = dial("Strictness of human-rights due diligence", unit="share", source="B-M89; S-M134; F-M93")
    lead: str | None = dial(
        'Which partner leads; "nobody" for none where the form is led', None, source="S-M104; B-M126"
    )
    joint_analysis: bool = dial("Whether they analyse threats together", source="S-M104; S-M105")
    trust: Share = dial("Trust between them at the start", unit="share", source="B-M92; S-M114")
    visible: Share = dial("How far people see them as one where both stand", unit="share", source="B-M73; F-P1")
    chains: int = dial(
        "Headquarters whose word each order needs", unit="chains of command", source="B-M78; S-F3", ge=1, le=3
    )
    prepared: Share = dial("How far a handover between them is planned beforehand", unit="share", source="F-M99; B-M77")
    shared_posts: Share = dial("How far they post and send their people together", unit="share", source="F-M104")
    split_supply: Share = dial(
        "How far supply answers to another institution than those who fight", unit="share", source="B-M78; B-M79"
    )


class Host(Piece):
    """The host state."""

    name: str = ""
    title: str = dial("Display name", "")
    badge: Badge = dial("What people see: its look", "host")
    capacity: Share = dial("Capacity of its forces and services", 0.4, unit="share", source="B-M81")
    abusiveness: Share = dial("Abuse of civilians by its forces", 0.3, unit="share", source="B-M5; S30c")
    inclusiveness: Share = dial("How far it serves all groups", 0.4, unit="share", source="B-M51")
    dependence: Share = dial("Dependence on outside support", 0.5, unit="share", source="E12; B-M101")
    consent: Annotated[dict[str, Share], Kept] = dial(
        "Consent to each mission at the start", {}, unit="share", source="B-M45; F-M2",
        allowed="a number from 0 to 1, or a table mission = number",
    )  # fmt: skip
    tolerates: Annotated[dict[str, Share], Kept] = dial(
        "How far its forces leave an armed group alone", {}, unit="share", source="F-M26; F-M108",
        allowed="a table group = number from 0 to 1",
    )  # fmt: skip
    backs: Annotated[dict[str, Share], Kept] = dial(
        "How far it feeds an armed group that stands on its land", {}, unit="share", source="B-M105; F-M108",
        allowed="a table group = number from 0 to 1",
    )  # fmt: skip
    pursuit: Strings = dial(
        "Hosts into whose land its forces may follow armed groups a short way", (), source="F-M27",
        allowed="a list of hosts",
    )  # fmt: skip
    obstruction: Share = dial(
        "Readiness to deny movement and hold up arrivals of a mission that it does not want", 0.0, unit="share",
        source="F-M1; E39; S-M83",
    )  # fmt: skip
    bargaining: Share = dial(
        "How much support and silence it asks as the price of its consent", 0.0, unit="share", source="F-M2; B-M6"
    )
    forces: int = dial("Army and police units", 40, unit="units", ge=0, le=400)
    force_size: int = dial("People in a unit", 400, unit="people", ge=10, le=5000)

    def consent_to(self, mission: str) -> float:
        """Return the consent to one mission at the start, 0-1."""
        return self.consent[mission]


class ArmedGroup(Piece):
    """An armed organisation with its bands."""

    name: str = ""
    title: str = dial("Display name", "")
    badge: Badge = dial("What people see: its look", "armed")
    motive: Literal["territorial", "jihadist", "predation", "ethnic", "criminal"] = dial(
        "What it fights for", source="B-M2"
    )
    fighters: int = dial("Fighters at the start", 600, unit="people", ge=0, le=100_000)
    bands: int = dial("Mobile units", unit="bands", ge=1, le=400)
    reliance: Share = dial("Reliance on the support of civilians", 0.5, unit="share", source="E27")
    willingness: Share = dial("Willingness to bargain", 0.3, unit="share", source="F-M25")
    sanctuary: Share = dial("Access to safe ground beyond the map's edge", 0.2, unit="share", source="F-M26")
    host: str | None = dial("In whose land it is at home; anywhere if not said", None, source="F-M26")
    splits_from: str | None = dial(
        "The group from which it may split off; till then it has nobody", None, source="B-M106"
    )


class Event(Piece):
    """Something that the scenario makes happen, in a week or on a condition; which fields it takes: events.toml."""

    name: str = ""
    week: Week | None = dial("When; or `when`", None, unit="week")
    when: Condition | None = dial(
        "The condition on which it happens, instead of a week", None, source="B-M154; F-M91; F-M92",
        allowed="a table with measure, above or below",
    )  # fmt: skip
    event: Annotated[str, among(catalogue.events)] = dial("What happens")
    title: str = dial("Display text", "")
    mission: str | None = dial("The mission concerned", None)
    to: str | None = dial("The mission that takes over", None)
    by: str | None = dial("The actor that does it", None)
    host: str | None = dial("The host concerned", None)
    group: str | None = dial("The armed group concerned", None)
    area: str | None = dial("The area concerned", None)
    share: Share | None = dial("How much of it", None, unit="share")
    components: Annotated[tuple[Component, ...], Listed] | None = dial(
        "Who goes; all if not said", None, source="B-M133", allowed="a list out of troops, police, civilians, observers"
    )
    duration: Annotated[int, Field(ge=1, le=1040)] | None = dial("For how long", None, unit="weeks")
    contributor: str | None = dial("The contributor concerned; all of them if not said", None)
    deaths: Annotated[int, Field(ge=0, le=10_000)] | None = dial("Civilians killed", None, unit="people")
    troops: People | None = dial("More troops", None, unit="people")
    police: People | None = dial("More police", None, unit="people")
    civilians: People | None = dial("More civilian staff", None, unit="people")
    observers: People | None = dial("More military observers", None, unit="people")
    fighters: People | None = dial("Fighters who join", None, unit="people")
    mandate: Mandate | None = dial("The new mandate", None, allowed="a mandate's name, or a table with tasks")


MODELS: dict[str, type[Piece]] = {
    "missions": Mission,
    "partnerships": Partnership,
    "hosts": Host,
    "armed_groups": ArmedGroup,
    "timeline": Event,
}
"""What each table of named tables holds."""
