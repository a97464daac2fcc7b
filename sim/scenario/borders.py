"""Checks of what a scenario says about borders: whose land a mission, an army or an armed group may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.scenario.faults import Faults
from sim.scenario.schema import ArmedGroup, Host, Mission


def check(
    missions: Mapping[str, Mission],
    hosts: Mapping[str, Host],
    groups: Mapping[str, ArmedGroup],
    sections: Mapping[str, list[str]],
    faults: Faults,
) -> None:
    """Note every fault: hosts and groups that there are not, and a pursuit into land where one stands anyway."""
    known = sections["hosts"]
    for mission in missions.values():
        path = f"missions.{mission.name}"
        stands = known if mission.hosts == "all" else mission.hosts
        _known(f"{path}.hosts", stands, known, faults)
        _known(f"{path}.pursuit", mission.pursuit, known, faults)
        if mission.hosts != "all" and not mission.hosts:
            faults.add(f"{path}.hosts", [], '"all" or at least one host')
        for name in mission.pursuit:
            if name in stands:
                faults.add(f"{path}.pursuit", name, f"a host that is not in {path}.hosts, where its units may stand")
    for host in hosts.values():
        _known(f"hosts.{host.name}.pursuit", host.pursuit, [n for n in known if n != host.name], faults)
        for key in ("tolerates", "backs"):
            _known(f"hosts.{host.name}.{key}", getattr(host, key), sections["armed_groups"], faults)
    for group in groups.values():
        if group.host is not None:
            _known(f"armed_groups.{group.name}.host", [group.host], known, faults)
        if group.host is not None and group.splits_from is not None:
            why = f"nothing: its home is that of {group.splits_from}"
            faults.add(f"armed_groups.{group.name}.host", group.host, why)


def _known(path: str, names: Iterable[str], known: list[str], faults: Faults) -> None:
    """Complain of names that are not among the known."""
    for name in names:
        if name not in known:
            faults.unknown(path, name, known)
