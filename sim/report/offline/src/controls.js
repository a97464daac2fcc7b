/* Controls: choices by mouse and arrows, keys by name, words of the scene in either language. */

/* One of several buttons; arrows move the choice, Tab leaves it. */
function choice(box, label, values, name, current, set) {
  box.setAttribute("aria-label", label);
  const button = (v) => html("button", { role: "radio", ariaChecked: String(v === current), tabIndex: v === current ? 0 : -1, value: v, onclick: () => { set(v); $("[aria-checked=true]", box).focus(); } }, name(v));
  box.replaceChildren(...values.map(button));
  box.onkeydown = (e) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (!step) return;
    e.preventDefault(); e.stopPropagation();
    set(values[(values.indexOf(current) + step + values.length) % values.length]);
    $("[aria-checked=true]", box).focus();
  };
}

/* One of many, from a list. */
function select(box, label, values, name, current, set) {
  box.setAttribute("aria-label", label); box.title = label;
  box.replaceChildren(...values.map((v) => html("option", { value: v, selected: v === current }, name(v))));
  box.onchange = () => set(box.value);
}

/* The scene's own words: in French where the scene has them, else as written. */
function sceneWords(data, key) {
  const own = data.scene.fr?.[key];
  return language === "fr" && own?.length ? own.map(typeset) : data.scene[key];
}
function sceneWord(data, key) {
  const own = language === "fr" && data.scene.fr?.[key];
  return own ? typeset(own) : key === "dial" ? data.scene.dial.title : data.scene[key];
}
const armNames = (data) => (language === "fr" && data.scene.fr?.arms) || data.scene.arms;

/* The scale of the layer on the maps, in words and colour. */
function drawLegend(data, state) {
  const box = $("#legend"), kind = state.layer, swatch = (colour, words, extra = []) => html("span", { className: "swatch", style: `--c:${colour}` }, ...extra, words);
  if (kind === "presence") return box.replaceChildren(swatch(css(BARE), t("nobodyNear")), ...data.missions.map((m) => swatch(css(tint(m)), named(m), [mark(m)])), html("span", { className: "hint" }, data.missions.length > 1 ? t("oneStripe") : ""));
  const layer = data.layers[kind === "legitimacy" ? `legitimacy:${state.whom}` : kind], names = words("legend_" + kind);
  const mid = layer.top * 0.5 ** (1 / (layer.power ?? 1)), told = (v) => number(v, Number.isInteger(v) ? 0 : v >= 1 ? 1 : String(v).split(".")[1].length), times = kind === "legitimacy" ? 100 : 1, values = { low: told(layer.low * times), top: told(layer.top * times), mid: told(Number(mid.toPrecision(1))) };
  const [first, last] = names.map((s) => s.replace(/\{(\w+)\}/g, (_, k) => values[k]));
  box.replaceChildren(first, html("span", { className: "ramp", style: `background:linear-gradient(90deg,${PALETTE.scales[kind]})` }), last, ...(times > 1 ? [html("span", { className: "hint" }, t("bare"))] : []));
}

/* Missions and what rings mean; perpetrators stand with their marks beside the maps. */
function drawGlyphs(data, layer) {
  const ring = svg("svg", { class: "mark", viewBox: "-1.25 -1.25 2.5 2.5" }, svg("circle", { r: 0.5, fill: MUTED }), svg("circle", { r: 1.05, fill: "none", stroke: data.missions.length ? colourOf(data.missions.at(-1)) : MUTED, "stroke-width": 0.36 }));
  const item = (actor) => html("li", { title: looks(actor).title }, mark(actor), named(actor));
  const rings = data.missions.length ? [html("li", {}, ring, t("answered")), html("li", {}, mark(data.missions[0], true), t("hollow"))] : [];
  $("#glyphs").replaceChildren(...(layer === "presence" ? [] : data.missions.map(item)), ...rings);   // the scale of presence names them already
}

/* Units in the field, by mission, in words. */
function unitsIn(data, arm, week) {
  const units = data.layers.units, count = data.missions.map(() => 0);
  data.unitsOf.forEach((m, u) => { if (units.at(arm, week, u) !== 65535) count[m]++; });
  const there = data.missions.map((m, k) => [m, count[k]]).filter(([, n]) => n).map(([m, n]) => t("unitsOf", { m: named(m), n }));
  return there.length ? there.join(" · ") : t("noMission");
}
