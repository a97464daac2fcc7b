/* The drawer lies over the evidence, never over the maps: notes for the trainer, or the history of one cell. */
const items = (tag, rows) => html(tag, {}, ...rows.map((i) => html("li", {}, i)));
const section = (title, ...parts) => html("section", {}, html("h3", {}, title), ...parts);
const para = (...parts) => html("p", {}, ...parts);

function dotStrip(values) {                                        // one dot a pair of runs; right of zero A did better
  const W = 400, most = tallest(values, W), H = 44 + 12 * most, base = H - 18, top = Math.max(1, ...values.map(Math.abs)), x = (v) => W / 2 + (v / top) * (W / 2 - 16), stacks = {};
  const plot = svg("svg", { viewBox: `0 0 ${W} ${H}`, class: "dots", style: `height:${H / 15}rem`, role: "img", "aria-label": values.map((v) => signed(v)).join(", ") });
  plot.append(svg("line", { x1: 0, x2: W, y1: base, y2: base, stroke: RULE }), svg("line", { x1: x(0), x2: x(0), y1: 4, y2: base + 4, stroke: INK }));
  for (const v of [...values].sort((a, b) => a - b)) { const bin = Math.round(x(v) / 13), k = (stacks[bin] = (stacks[bin] ?? -1) + 1); plot.append(svg("circle", { cx: bin * 13, cy: base - 8 - k * 12, r: 5.2, fill: armColour(v < 0 ? "B" : "A"), opacity: v ? 1 : 0.4 })); }
  for (const [v, anchor] of [[-top, "start"], [0, "middle"], [top, "end"]]) plot.append(text(v ? signed(v) : "0", { x: v ? (v < 0 ? 0 : W) : x(0), y: H - 2, "text-anchor": anchor }));
  return plot;
}

/* How many dots the highest stack of a strip has. */
function tallest(values, W) {
  const top = Math.max(1, ...values.map(Math.abs)), stacks = {};
  for (const v of values) { const bin = Math.round((W / 2 + (v / top) * (W / 2 - 16)) / 13); stacks[bin] = (stacks[bin] ?? 0) + 1; }
  return Math.max(1, ...Object.values(stacks));
}

/* When the other side wins: by luck alone among the pairs, and in a plausible world, or honestly not. */
function otherSide(data) {
  const { worlds: w, pairs, seeds } = data, mean = pairs.reduce((a, b) => a + b, 0) / pairs.length, wins = pairs.filter((v) => w.side * v > 0).length;
  const parts = [para(t("other_usual", { n: seeds, few: t(w.side > 0 ? "few_B" : "few_A"), d: signed(mean, digitsFor(Math.abs(mean))) }), t(wins ? "other_pairs" : "other_pairsNone", { k: wins, n: pairs.length })), dotStrip(pairs), para(t("other_dots"))];
  if (!w.n) return [...parts, para(t("other_untried"))];
  if (!w.found) return [...parts, para(t("other_none", { n: w.n, checked: w.checked, found: w.side > 0 ? w.fewerA : w.fewerB }))];
  const value = (v) => t("other_value", { ...v, value: number(v.value, 3).replace(/[.,]?0+$/, ""), meaning: v.meaning.replace(/\.$/, "") });
  return [...parts, para(t("other_found", { n: w.n, of: w.found.of, d: signed(w.found.mean, 1), wins: w.found.wins })), items("ul", w.found.values.map((v) => html("span", { title: v.path }, value({ ...v }))))];
}

/* Everything that is watched, over the whole run: means of both arms, the paired difference and what may be said. */
function watchTable(data) {
  const cell = (words, tag = "td") => html(tag, {}, words), head = ["metric", "a", "b", "d", "verdict"].map((k) => cell(t("col_" + k), "th"));
  const rows = data.differences.map((d) => { const m = data.metrics[d.column]; return html("tr", { "data-column": d.column }, cell(capital(metricName(m)), "th"), cell(written(m, d.mean_a)), cell(written(m, d.mean_b)), cell(`${writtenChange(m, d.difference)} [${writtenChange(m, d.low)}, ${writtenChange(m, d.high)}]`), cell(t("v_" + d.verdict))); });
  return html("table", { className: "watch" }, html("thead", {}, html("tr", {}, ...head)), html("tbody", {}, ...rows));
}

function assumptions(data) {
  const p = data.parameters;
  return items("ul", [t("assume_fiction"), t("assume_basis", p), t("assume_seeds"), t("assume_moved"), t("assume_shown", { shown: data.shown, n: data.seeds })]);
}

/* Sources: documents, each with a link to copy (nothing is asked of a network), its entries and what rests on them. */
function sourceList(data) {
  const used = (s) => (s.used.length ? t("source_used", { used: s.used.join(", ") }) + (s.more ? t("source_more", { n: s.more }) : "") : t("source_none"));
  const entries = (d) => html("dl", {}, ...d.entries.flatMap((s) => [html("dt", { "data-tag": s.tag }, s.tag), html("dd", {}, used(s))]));
  return html("div", { className: "sources" }, ...data.scene.sources.flatMap((d) => [para(d.reference || t("source_unknown"), ...(d.link ? [" ", html("span", { className: "link", title: t("source_copy") }, d.link)] : [])), entries(d)]));
}

function notes(data) {
  const s = data.scene, parts = [];
  if (s.debrief.length) parts.push(section(t("h_debrief"), items("ol", sceneWords(data, "debrief"))));
  parts.push(section(t("h_other"), ...otherSide(data)), section(t("h_watch", { n: data.seeds }), watchTable(data)));
  if (s.predictions.length) parts.push(section(t("h_predict"), items("ol", sceneWords(data, "predictions"))));
  if (s.dial) parts.push(section(t("h_dial"), para(t("turnsIt", { title: sceneWord(data, "dial"), path: s.dial.path, values: s.dial.values.join(", "), arms: s.dial.turns === "both" ? t("both") : s.dial.turns.toUpperCase() }))));
  parts.push(section(t("h_differs"), html("table", { className: "watch" }, html("tbody", {}, ...s.differs.map(([path, a, b]) => html("tr", {}, html("th", {}, path), html("td", {}, `A ${a}`), html("td", {}, `B ${b}`)))))));
  parts.push(section(t("h_assume"), assumptions(data)), section(t("h_sources"), ...(s.based_on.length ? [para(t("based", { cases: s.based_on.join("; ") }))] : []), para(t("sourceNote")), sourceList(data), ...s.owed.map((words) => para(words))));
  return parts;
}

/* What happened in one cell of one arm. */
function happened(data, arm, cell, week) {
  const events = data.harmEvents[arm].slice(0, week + 1).flat().filter((e) => e.cell === cell && e.drawn).reverse();
  const item = (e) => { const m = missionsIn(data, e.answered); return html("li", {}, mark(e.who), html("span", {}, t("ev", { w: e.week + 1, who: named(e.who), dead: deadText(e.dead) }) + (m.length && e.kind !== "mission_harm" ? "; " + t("evAnswered", { m: list(m.map(named)) }) : ""))); };
  const more = events.length > 6 ? [html("li", {}, html("span"), html("span", {}, t("evMore", { n: events.length - 6 })))] : [];
  return html("div", { className: "arm", "data-arm": ARMS[arm] }, html("h4", {}, `${ARMS[arm]} · ${armNames(data)[arm]}`), events.length ? html("ul", { className: "events" }, ...events.slice(0, 6).map(item), ...more) : para(t("nothing")));
}

/* Legitimacy in one cell over time, both arms. */
function cellCurve(data, place, week, whom) {
  const layer = data.layers[`legitimacy:${whom}`], W = 400, H = 100, x = (w) => 30 + ((W - 62) * w) / data.last, y = (v) => H - 8 - (H - 16) * v;
  const plot = svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `${t("layer_legitimacy")} ${named(whom)}` });
  for (const v of [0, 0.5, 1]) plot.append(svg("line", { x1: 30, x2: W - 32, y1: y(v), y2: y(v), stroke: RULE }), text(100 * v, { x: 24, y: y(v) + 4, "text-anchor": "end" }));
  const lines = [0, 1].map((arm) => Array.from({ length: data.weeks }, (_, w) => { const byte = layer.at(arm, w, place); return byte ? valueOf(layer, byte) : null; }));
  lines.forEach((values, arm) => plot.append(svg("path", { d: path(values, x, y), fill: "none", stroke: armColour(ARMS[arm]), "stroke-width": 2 })));
  const ends = lines.map((values) => values.at(-1)), close = ends[0] != null && ends[1] != null && Math.abs(ends[0] - ends[1]) < 0.14;
  ends.forEach((v, arm) => v != null && plot.append(text(ARMS[arm], { class: ARMS[arm].toLowerCase(), x: W - 26, y: y(v) + 4 + (close ? (ends[arm] >= ends[1 - arm] ? -6 : 7) : 0) })));
  plot.append(svg("line", { x1: x(week), x2: x(week), y1: 4, y2: H - 4, stroke: INK }));
  return plot;
}

function cellHistory(data, cell, week, whom) {
  const place = data.placeOf.get(cell), ref = reference(data, cell);
  if (place == null) return [para(t("cellEmpty", { ref })), html("div", { className: "two" }, happened(data, 0, cell, week), happened(data, 1, cell, week))];
  const people = data.people.map((g) => g[place]), all = people.reduce((a, b) => a + b, 0), groups = data.groups.map((g, i) => [g, people[i]]).filter(([, n]) => n).map(([g, n]) => `${named(g)} ${number(n)}`);
  const gone = (arm) => { const l = data.layers.displaced, byte = l.at(arm, week, place); return byte > 1 ? "≈ " + short(Number(valueOf(l, byte).toPrecision(2)), 0) : "0"; };
  const near = (arm) => list(missionsIn(data, data.layers.presence.at(arm, week, place)).map(named)) || t("nobody");
  const moves = data.layers.cell_moves, quarter = Math.min(moves.axes[1] - 1, Math.floor(week / data.quarter)), until = Math.min((quarter + 1) * data.quarter, data.weeks);
  const value = (arm, i) => moves.at(arm, quarter, i, place) * moves.unit, rows = data.moved.rules.map((rule, i) => ({ rule, values: [value(0, i), value(1, i)] })), top = Math.max(4, ...rows.flatMap((r) => r.values.map(Math.abs)));
  const bars = rows.map(({ rule, values }) => { const bar = makeBars(capital(ruleName(rule)), 1); bar.draw(values, top); return bar.box; });
  return [para(t("cell", { people: number(all), ref, groups: groups.join(", "), gone: gone(0), goneB: gone(1) }), " ", t("cellReach", { w: week + 1, a: near(0), b: near(1) })),
    html("h3", {}, t("happened", { w: week + 1 })), html("div", { className: "two" }, happened(data, 0, cell, week), happened(data, 1, cell, week)),
    html("h3", {}, `${t("layer_legitimacy")} ${named(whom)}, 0–100`), cellCurve(data, place, week, whom), html("h3", {}, movedTitle(data, "why", { w: until })), ...bars];
}

function makeDrawer(root, data) {
  let back = null;
  const fill = (title, parts, close) => root.replaceChildren(html("div", { className: "bar" }, html("h2", {}, title), html("button", { className: "close", onclick: close }, t("close"))), ...parts);
  const close = () => { if (root.hidden) return; root.hidden = true; back?.focus(); $("#notes-button").setAttribute("aria-expanded", "false"); };
  const open = (kind) => { if (root.hidden) back = document.activeElement; root.hidden = false; root.dataset.shows = kind; root.scrollTop = 0; root.focus({ preventScroll: true }); };
  const keys = () => section(t("h_keys"), html("dl", { className: "keys" }, ...words("keys").flatMap(([k, what]) => [html("dt", {}, html("kbd", {}, k)), html("dd", {}, what)])));
  return {
    close,
    notes() { fill(t("notesTitle"), [...notes(data), keys()], close); open("notes"); $("#notes-button").setAttribute("aria-expanded", "true"); },
    cell(cell, week, whom, focus = true) { fill(capital(placeName(data, cell)), cellHistory(data, cell, week, whom), close); root.dataset.cell = reference(data, cell); if (focus) open("cell"); },
  };
}
