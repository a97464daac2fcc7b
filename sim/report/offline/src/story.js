/* The week in sentences, from events and ledger; the gravest event first. */
const kindOf = (data, cell) => data.kinds[data.placeOf.get(cell)] ?? 9;
const placeName = (data, cell) => t("at", { place: t("kind" + kindOf(data, cell)), ref: reference(data, cell) });
const deadText = (n) => (n > 1 ? t("dead", { n: number(n) }) : t("dead" + n));

function story(data, arm, week) {
  const events = data.harmEvents[arm][week], grave = events.filter((e) => e.drawn).sort((a, b) => b.dead - a.dead)[0], parts = [];
  if (grave) parts.push(...told(data, grave, arm));
  else parts.push(t("story_quiet"));
  const others = counted(events.filter((e) => e !== grave));
  if (others.length) parts.push(t("story_more", { list: list(others) }));
  return { event: grave, parts, ledger: unusualMove(data, arm, week) };
}

/* One attack: who, where, how many died; who acted, or was near and did not; who is blamed. */
function told(data, e, arm) {
  const parts = [rich(words("story_" + e.kind), { who: capital(named(e.who)), place: placeName(data, e.cell), dead: deadText(e.dead) })];
  if (e.kind === "mission_harm") { if (e.blamed !== e.who) parts.push(t("story_blamed", { m: named(e.blamed) })); return parts; }
  const answered = missionsIn(data, e.answered), near = missionsIn(data, e.inReach);
  if (answered.length) parts.push(t("story_answered", { m: list(answered.map(named)) }));
  else if (near.length) parts.push(t("story_idle", { m: list(near.map(named)) }));
  else if (data.fielded.has(`${arm} ${e.week}`)) parts.push(t("story_far"));
  if (e.blamed !== e.who) parts.push(t("story_blamed", { m: named(e.blamed) }));
  return parts;
}

/* Other events of the week, counted by kind; the three most frequent kinds are told. */
function counted(events) {
  const counts = new Map();
  for (const e of events) counts.set(e.kind, (counts.get(e.kind) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([kind, n]) => words("c_" + kind)[n > 1 ? 1 : 0].replace("{n}", n));
}

/* The least usual move of the week, because the largest is always slow drift. */
function unusualMove(data, arm, week) {
  const { rules, arms, quantity, actor } = data.moved, now = arms[arm][week], before = week ? arms[arm][week - 1] : now.map(() => 0), all = arms[arm].at(-1);
  let best = null;
  rules.forEach((rule, i) => { const points = now[i] - before[i], odd = Math.abs(points - all[i] / data.weeks); if (rule[0] && Math.abs(points) >= 0.05 && odd > (best?.odd ?? 0)) best = { rule, points, odd }; });
  return best ? t("story_ledger", { quantity: t(quantity), actor: named(actor), rule: ruleName(best.rule), points: signed(best.points, 1) }) : "";
}

function drawStory(box, data, arm, week) {
  const { event, parts, ledger } = story(data, arm, week);
  box.replaceChildren(...(event ? [mark(event.who, looks(event.who).role === "mission"), " "] : []), ...parts.flatMap((p) => [p, " "]), html("em", {}, ledger));
  if (!state.playing && box.scrollHeight > box.clientHeight + 2) box.lastChild.remove();          // the ledger's word goes first where there is no room
}
