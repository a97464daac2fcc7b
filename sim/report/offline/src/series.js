/* A curve: both arms with bands, the shown run on top, the guess as a hollow diamond, a cursor for the week. */
const seriesTitle = (metric) => capital(t("s_" + metric.how, { name: metricName(metric) }));

function makeSeries(figure, data) {
  const caption = $("figcaption", figure), plot = $("svg", figure);
  let column, metric, cursor, dots, veil, frame;

  /* Room for axis numbers at the left and arms' names at the right. */
  function lay(guess) {
    const { width, height } = plot.getBoundingClientRect(), r = rem(), axis = data.axes[column] ?? [0, 1];
    const low = Math.min(axis[0], guess ?? axis[0]), high = Math.max(axis[1], guess ?? axis[1]);
    const ticks = steps(low, high, height > 4 * r ? 4 : 3), most_ = Math.max(...ticks.map((v) => Math.abs(v))) * scaleOf(metric), fine = ticks.length > 1 ? digitsFor(Math.abs(ticks[1] - ticks[0]) * scaleOf(metric) * 10) : 0;
    const names = ticks.map((v) => short(v * scaleOf(metric), most_ >= 1e4 ? 0 : fine)), left = (0.9 + 0.5 * Math.max(...names.map((s) => s.length))) * r, right = 3.2 * r, bottom = 1.15 * r, top = 0.7 * r;
    return { width, height, r, left, right, bottom, top, ticks, names, x: (w) => left + ((width - left - right) * w) / data.last, y: (v) => height - bottom - ((height - bottom - top) * (v - low)) / (high - low) };
  }

  function axes({ width, height, left, right, bottom, r, x, y, ticks, names }) {
    ticks.forEach((v, i) => plot.append(svg("line", { x1: left, x2: width - right, y1: y(v), y2: y(v), stroke: RULE }), text(names[i], { x: left - 0.35 * r, y: y(v) + 0.28 * r, "text-anchor": "end" })));
    for (let w = 0, n = 1; w < data.weeks - 12; w += 52, n++) {
      plot.append(text(t("year", { y: n }), { x: x(Math.min(w + 26, (w + data.last) / 2)), y: height - 0.1 * r, "text-anchor": "middle" }));
      if (w) plot.append(svg("line", { x1: x(w), x2: x(w), y1: height - bottom, y2: height - bottom + 0.35 * r, stroke: MUTED }));
    }
  }

  function moments({ height, bottom, top, r, x }) {
    for (const one of data.moments) {
      const colour = one.what === "arrives" ? colourOf(one.who) : MUTED;
      plot.append(svg("line", { x1: x(one.week), x2: x(one.week), y1: top - 0.2 * r, y2: height - bottom, stroke: colour, "stroke-dasharray": "2 3" }, svgTitle(momentName(one))));
    }
  }

  function curves({ x, y, left, right, width, height, bottom, r }) {
    const there = ARMS.map((arm, i) => ({ arm, values: data.series[i][column] })).filter((c) => c.values);
    const inside = (v) => Math.min(height - bottom, Math.max(0.35 * r, y(v)));              // a band that leaves the axis is cut off at its edge
    for (const { arm, values } of there) plot.append(svg("path", { d: area(values[1], values[2], x, inside), fill: armColour(arm), opacity: 0.17 }));
    for (const { arm, values } of there) plot.append(svg("path", { d: path(values[0], x, y), fill: "none", stroke: armColour(arm), "stroke-width": armLooks(arm).width, "stroke-linejoin": "round" }));
    const ends = there.map(({ arm, values }) => ({ arm, v: values[0].at(-1) })).filter((e) => e.v != null).map((e) => ({ ...e, y: y(e.v) + 0.3 * r })).sort((p, q) => p.y - q.y);
    if (ends.length > 1 && ends[1].y - ends[0].y < 1.05 * r) { const mid = (ends[0].y + ends[1].y) / 2; ends[0].y = mid - 0.52 * r; ends[1].y = mid + 0.53 * r; }
    for (const e of ends) plot.append(text(`${e.arm} ${written(metric, e.v, extent(data, column)[1] * scaleOf(metric)).replace(" M$", "")}`, { class: e.arm.toLowerCase(), x: width - right + 0.35 * r, y: e.y }));
    ARMS.filter((a) => !there.some((c) => c.arm === a)).forEach((arm) => plot.append(text(`${arm}: ${t("noCurve")}`, { class: arm.toLowerCase(), x: left + 0.5 * r, y: height - bottom - 0.5 * r })));
  }

  function guessed(guess, { x, y, r }) {
    if (guess == null) return;
    const gx = x(data.last), gy = y(guess), from = data.moments.find((m) => m.what === "arrives")?.week ?? 0, start = data.series[0][column]?.[0][from] ?? guess;
    plot.append(svg("line", { x1: x(from), y1: y(start), x2: gx, y2: gy, stroke: INK, "stroke-dasharray": "1 4", "stroke-linecap": "round", "stroke-width": 1.6 }), diamond(gx, gy, 0.36 * r),
      text(t("guessIs", { v: written(metric, guess) }), { x: gx - 0.7 * r, y: gy - 0.45 * r, "text-anchor": "end", class: "halo" }));
  }

  return {
    get column() { return column; },
    build(which, guess) {
      column = which; metric = data.metrics[column]; cursor = null;
      figure.dataset.column = column;
      caption.textContent = seriesTitle(metric);
      plot.replaceChildren();
      frame = lay(guess);
      if (frame.width < 50 || frame.height < 30) return;
      const { width, height, bottom, top, right, r } = frame;
      plot.setAttribute("viewBox", `0 0 ${width} ${height}`);      // so that it scales on paper
      axes(frame); moments(frame); curves(frame);
      veil = svg("rect", { y: top, height: height - bottom - top, fill: PAPER, opacity: 0.6 });   // the future is there, but pale
      plot.append(veil);
      guessed(guess, frame);
      cursor = svg("line", { y1: top - 0.2 * r, y2: height - bottom, stroke: INK, "stroke-width": 1 });
      dots = ARMS.map((arm) => svg("circle", { r: 0.27 * r, fill: armColour(arm), stroke: PAPER, "stroke-width": 1.3 }));
      plot.append(cursor, ...dots);
      frame.end = width - right;
    },
    draw(time) {
      if (!cursor) return;
      const { x, y } = frame, at = x(time);
      cursor.setAttribute("transform", `translate(${at})`);
      veil.setAttribute("x", at); veil.setAttribute("width", Math.max(0, frame.end - at));
    },
    drawWeek(week) {
      if (!cursor) return;
      const at = (a, k) => data.series[a][column]?.[k][week] ?? null, told = (a, k) => written(metric, at(a, k));
      dots.forEach((dot, i) => { const v = at(i, 0); dot.style.display = v == null ? "none" : ""; if (v != null) { dot.setAttribute("cx", frame.x(week)); dot.setAttribute("cy", frame.y(v)); } });
      if (!state.playing) plot.setAttribute("aria-label", t("seriesLabel", { title: seriesTitle(metric), w: week + 1, a: told(0, 0), alo: told(0, 1), ahi: told(0, 2), b: told(1, 0), blo: told(1, 1), bhi: told(1, 2) }));
    },
  };
}
const svgTitle = (words) => Object.assign(svg("title"), { textContent: words });
const momentName = ({ week, what, who, arms }) => `${t("week", { w: week + 1 })}: ${what === "arrives" ? t("arrives", { m: named(who) }) : t(what) + (who ? ` (${named(who)})` : "")}${arms.length < 2 ? ` (${ARMS[arms[0]]})` : ""}`;

/* The scrubber is a chart: deaths a week, A up, B down, and what happens when. */
function drawScrubber(data, open) {
  const plot = $("#scrub svg"), { width, height } = plot.getBoundingClientRect(), mid = height / 2, x = (w) => (width * (w + 0.5)) / data.weeks, r = rem();
  const weekly = [0, 1].map((a) => data.series[a][data.numbers[0]][0].map((v, i, all) => v - (all[i - 1] ?? 0))), top = Math.max(1, ...weekly.flat()), bar = Math.max(1, (width / data.weeks) * 0.62);
  plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
  plot.replaceChildren(svg("line", { x1: 0, x2: width, y1: mid, y2: mid, stroke: RULE }));
  weekly.forEach((values, i) => (i && !open) || values.forEach((v, w) => { const h = ((mid - 2) * v) / top; if (v) plot.append(svg("rect", { x: x(w) - bar / 2, y: i ? mid + 1 : mid - 1 - h, width: bar, height: h, fill: armColour(ARMS[i]), opacity: 0.55 })); }));
  for (const [name, y] of [["A", mid - 0.35 * r], ["B", mid + 1 * r]]) plot.append(text(name, { x: -0.35 * r, y, "text-anchor": "end", class: name.toLowerCase() }));
  const seen = new Map();
  for (const one of data.moments) {
    if (!open && !one.arms.includes(0)) continue;                // what happens in B alone stays behind the curtain
    const k = seen.get(one.week) ?? 0, arrives = one.what === "arrives", at = x(one.week) + 0.85 * r * Math.floor(k / 3), y = (0.35 + 0.78 * (k % 3)) * r;      // three below each other, then beside
    seen.set(one.week, k + 1);
    plot.append(svg("line", { x1: x(one.week), x2: x(one.week), y1: 0, y2: height, stroke: arrives ? colourOf(one.who) : MUTED, "stroke-dasharray": "2 3" }), svg("g", { transform: `translate(${at} ${y}) scale(${0.36 * r})` }, svg("path", { d: arrives ? looks(one.who).path : DIAMOND, fill: arrives ? colourOf(one.who) : "#fff", stroke: arrives ? "none" : MUTED, "stroke-width": 0.3 }), svgTitle(momentName(one))));
  }
  for (let w = 52; w < data.weeks; w += 52) plot.append(svg("line", { x1: x(w - 0.5), x2: x(w - 0.5), y1: mid - 0.5 * r, y2: mid + 0.5 * r, stroke: MUTED }));
  const knob = svg("g", {}, svg("line", { y1: -2, y2: height + 2, stroke: INK, "stroke-width": 2 }), svg("circle", { cy: mid, r: r * 0.62, fill: INK, stroke: PAPER, "stroke-width": 2.5 }));
  plot.append(knob);
  return (time) => knob.setAttribute("transform", `translate(${x(time)})`);
}
