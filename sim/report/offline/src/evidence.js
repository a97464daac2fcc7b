/* The evidence: who killed, who thinks what of whom, what moved it. Built once, then only texts and bars change. */

/* Killed by perpetrator: a pair of bars on one scale, spreads as thin lines; below, what differs in the end. */
function makeHarm(section, data) {
  const top = Math.max(1, ...data.harm.arms.flat().flatMap((rows) => [rows[2].at(-1), rows[0].at(-1)])), x = (v) => (100 * v) / top;
  const rows = data.harm.names.map((who, p) => {
    const numbers = ARMS.map(() => html("span")), plot = svg("svg", { viewBox: "0 0 100 20", preserveAspectRatio: "none", role: "img" });
    const bars = ARMS.map((arm, i) => {
      const y = 2.5 + i * 8, bar = svg("rect", { x: 0, y, height: 6.6, fill: armColour(arm), opacity: 0.92 });
      const line = (stroke) => svg("line", { y1: y + 3.3, y2: y + 3.3, stroke, "stroke-width": 1, "vector-effect": "non-scaling-stroke" }), dark = line(armColour(arm)), light = line(PAPER);
      plot.append(bar, dark, light);
      return { bar, dark, light };
    });
    const row = html("div", { className: "row" }, html("span"), plot, ...numbers);
    row.dataset.actor = who;
    return { who, p, numbers, plot, bars, row };
  });
  $("div", section).replaceChildren(...rows.map((r) => r.row));
  function drawRow({ who, p, numbers, plot, bars }, week) {
    bars.forEach(({ bar, dark, light }, arm) => {
      const [v, lo, hi] = data.harm.arms[arm][p].map((values) => values[week]), inside = Math.max(lo, Math.min(v, hi));
      bar.setAttribute("width", Math.max(0.4, x(v)));
      dark.setAttribute("x1", x(lo)); dark.setAttribute("x2", x(hi));
      light.setAttribute("x1", x(lo)); light.setAttribute("x2", x(inside));      // light inside the bar, dark outside
      numbers[arm].textContent = number(v);
    });
    if (!state.playing) plot.setAttribute("aria-label", `${named(who)}: A ${numbers[0].textContent}, B ${numbers[1].textContent}`);
  }
  return {
    dress() {
      $("h3", section).replaceWith(heading(t("killedBy")));
      for (const { who, row } of rows) row.firstChild.replaceChildren(who === "others" ? html("i", { className: "mark" }) : mark(who, looks(who).role === "mission"), " " + capital(named(who)));
      for (const { who, row } of rows) row.title = who === "others" ? list(data.harm.rest.map(named)) : named(who);
      $("p", section).replaceChildren(...finding(data));
    },
    draw(week) { rows.forEach((row) => drawRow(row, week)); },
  };
}

/* Lives are never told without interval, share of pairs and share of plausible worlds. */
function finding(data) {
  const killed = data.numbers[0], row = data.differences.find((d) => d.column === killed), metric = data.metrics[killed], w = data.worlds;
  if (!row) return [];
  const values = { d: writtenChange(metric, row.difference), lo: writtenChange(metric, row.low), hi: writtenChange(metric, row.high), n: data.pairs.filter((v) => v < 0).length, seeds: data.pairs.length };
  return [rich(words("finding"), values), rich(words(w.n ? "findingWorlds" : "findingNoWorlds"), { k: w.fewerB, worlds: w.n })];
}

/* Under the curves: what the pairs say of them, whether they part at all, and what bands are. */
function differing(data, columns) {
  return columns.flatMap((column, i) => {
    const row = i ? data.differences.find((d) => d.column === column) : null, metric = data.metrics[column], parts = [];   // of the first curve the finding above says it
    if (row) parts.push(rich(words("differs"), { name: capital(metricName(metric)), d: writtenChange(metric, row.difference), lo: writtenChange(metric, row.low), hi: writtenChange(metric, row.high), verdict: t("v_" + row.verdict) }));
    if (metric.how === "smooth") parts.push(row ? "; " : "", t("smoothed", { name: row ? "" : capital(metricName(metric)) + ": " }));
    if (data.apart[column] === false) parts.push(parts.length ? "; " : "", t("together", { name: i ? "" : capital(metricName(metric)) + ": " }).trim());
    return parts.length ? [...parts, ". "] : [];
  }).concat(capital(t("s_note", { n: data.seeds })) + ".");
}

/* Audience x actor, A beside B beside their difference; a hatched box means nobody has an opinion. */
const LEVEL = ramp(PALETTE.scales.legitimacy), NONE = 255, CROWDED = 5, SIGNED = 1.4;   // actors from which on a matrix is crowded, room of a number with a sign
const SHADES = LEVEL.map((rgb) => ({ back: css(rgb), ink: inkOn(rgb) }));
function inkOn(rgb) {                                              // the text colour that reads best: never below 4.5 to 1
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)), light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return light < 0.179 ? "#fff" : light < 0.4 ? "#000" : INK;
}
function makeMatrix(section, data) {
  const view = data.layers.views, titles = ["A", "B", "diff"], shown = new Map();
  let cells = [];
  const read = (arm, week, i, j, k) => { const v = view.at(arm, week, i, j, k); return v === NONE ? null : v; };
  function set(cell, v, shade, told) {
    if (shown.get(cell) === told) return;
    shown.set(cell, told);
    cell.textContent = told;
    cell.className = v == null ? "none" : "";
    cell.title = v == null ? t("noOpinion") : "";
    const look = v == null ? null : SHADES[Math.min(255, Math.max(0, Math.round(shade)))];
    cell.style.background = look?.back ?? ""; cell.style.color = look?.ink ?? "";
  }
  function build() {
    const side = (words = "") => html("td", { className: "gap side" }, words), name = (title) => (title === "diff" ? t("diff") : title);
    shown.clear();
    cells = data.audiences.map(() => titles.map(() => data.judged.map(() => html("td"))));
    const head = html("tr", {}, html("td"), ...titles.flatMap((title) => [side(name(title)), ...data.judged.map((a) => html("th", { scope: "col", title: named(a), ariaLabel: `${name(title)}: ${named(a)}` }, mark(a)))]));
    const rows = data.audiences.map((who, i) => html("tr", {}, html("th", { scope: "row", title: named(who) }, named(who)), ...cells[i].flatMap((block) => [side(), ...block])));
    $("table", section).replaceChildren(columns(titles), html("thead", {}, head), html("tbody", {}, ...rows));
    $("table", section).classList.toggle("dense", data.judged.length > CROWDED);
  }
  /* Columns in per cent: a difference has a sign and takes more room than an opinion; many actors leave less for gaps. */
  function columns(titles) {
    const n = data.judged.length, [name, gap, last] = n > CROWDED ? [13, 3.2, 6.4] : [14, 4.2, 8.4], one = (100 - name - 2 * gap - last) / (n * (2 + SIGNED));
    const col = (width) => { const c = html("col"); c.style.width = `${width}%`; return c; };
    return html("colgroup", {}, col(name), ...titles.flatMap((title) => [col(title === "diff" ? last : gap), ...data.judged.map(() => col(title === "diff" ? one * SIGNED : one))]));
  }
  return {
    dress() { $("h3", section).textContent = t("matrixTitle"); build(); },
    draw(week, quantity) {
      const k = data.opinions.indexOf(quantity);
      cells.forEach((blocks, i) => data.judged.forEach((_, j) => {
        const a = read(0, week, i, j, k), b = read(1, week, i, j, k), d = a == null || b == null ? null : b - a;
        set(blocks[0][j], a, 127.5 + (a - 50) * 3, a == null ? "" : String(a));
        set(blocks[1][j], b, 127.5 + (b - 50) * 3, b == null ? "" : String(b));
        set(blocks[2][j], d, 127.5 + (d ?? 0) * 9, d == null ? "" : d === 0 ? "0" : signed(d));
      }));
    },
  };
}

/* Ledger bars: to the right it lifted the opinion, to the left it cost it. First impressions are told as the start. */
const movedTitle = (data, key, more = {}) => t(key, { quantity: t(data.moved.quantity).toLowerCase(), actor: named(data.moved.actor), ...more });
function makeMoved(section, data) {
  const top = Math.max(1, ...data.moved.arms.flatMap((rows) => rows.at(-1)).map(Math.abs));
  let bars = [];
  return {
    dress() {
      bars = data.moved.rules.map((rule) => makeBars(capital(ruleName(rule)), 1));
      $("h3", section).replaceWith(heading(movedTitle(data, "movedTitle")));
      $("div", section).replaceChildren(...bars.map((b) => b.box));
    },
    draw(week) {
      bars.forEach((bar, i) => bar.draw(data.moved.arms.map((rows) => rows[week][i]), top));
      const at = (arm) => { const v = data.moved.opening[arm][week]; return v ? signed(v, 1) : t("openingNone"); };
      $("p", section).textContent = t("opening", { a: at(0), b: at(1) });
    },
  };
}
