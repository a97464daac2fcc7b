/* Small helpers for charts in SVG: they print, they can be read aloud, and there are few enough of them. */
const path = (values, x, y) => { let pen = "M"; return values.map((v, i) => (v == null ? ((pen = "M"), "") : [pen, (pen = "L")][0] + x(i).toFixed(1) + " " + y(v).toFixed(1))).join(""); };
function area(lo, hi, x, y) {
  const known = hi.map((v, i) => i).filter((i) => hi[i] != null && lo[i] != null);
  if (!known.length) return "";
  const up = known.map((i) => `${x(i).toFixed(1)} ${y(hi[i]).toFixed(1)}`), down = known.reverse().map((i) => `${x(i).toFixed(1)} ${y(lo[i]).toFixed(1)}`);
  return `M${[...up, ...down].join("L")}Z`;
}

/* Round steps for an axis with about n of them. */
function steps(low, high, n = 4) {
  const raw = (high - low) / n || 1, unit = 10 ** Math.floor(Math.log10(raw)), step = [1, 2, 2.5, 5, 10].find((k) => k * unit >= raw * 0.999) * unit;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}

/* The largest and smallest of both arms' values, the guess among them. */
function extent(data, column, guess) {
  const all = [0, 1].flatMap((a) => data.series[a][column] ?? []).flat().concat(guess ?? []).filter((v) => v != null);
  return all.length ? [Math.min(...all), Math.max(...all)] : [0, 1];
}

/* A number with its spread: the bar spans 5-95 % of the runs, the tick is the shown run, the diamond the room's guess. */
function makeNumber(data, arm, column) {
  const metric = data.metrics[column], series = data.series[arm][column];
  const dt = html("dt"), value = html("span"), spread = html("small"), dd = html("dd", {}, value, spread);
  const rect = (at) => svg("rect", { ...at, fill: armColour(ARMS[arm]) }), band = rect({ y: 2, height: 6, opacity: 0.4 }), tick = rect({ y: -0.5, width: 1.8, height: 11 }), line = svg("rect", { y: 4, width: 100, height: 2, fill: RULE });
  const bar = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, line, band, tick), box = html("div", { "data-column": column }, dt, dd, bar);
  let low = 0, top = 1;
  const x = (v) => (100 * (v - low)) / (top - low || 1);
  function spreadText(week, most) {
    const [shown, lo, hi] = series ? series.map((v) => v[week]) : [null, null, null];
    return lo == null || shown == null ? "" : t("spread", { lo: brief(metric, lo, most), hi: brief(metric, hi, most) });
  }
  return {
    box,
    dress(guess) {
      dt.textContent = metricName(metric); dt.title = seriesTitle(metric); dd.title = t("spreadTitle", { n: data.seeds });
      const [least, most] = extent(data, column, guess);
      [low, top] = metric.unit === "0-1" && metric.how !== "sum" ? [Math.max(0, least - 0.05), Math.min(1, most + 0.05)] : [Math.min(0, least), most];
      $(".guess-mark", bar)?.remove();
      if (guess != null) bar.append(svg("path", { class: "guess-mark", d: `M${x(guess)} -1l2.6 6l-2.6 6l-2.6 -6Z`, fill: "#fff", stroke: INK, "stroke-width": 1, "vector-effect": "non-scaling-stroke" }));
    },
    fit() {                                                          // the longest text of all weeks sets the size, so that none touches the next number
      const most = Math.abs(top) * scaleOf(metric), room = dd.clientWidth, told = (series?.[0] ?? []).map((v, w) => [written(metric, v, most), spreadText(w, most)]);
      const [a, b] = told.reduce((p, q) => (q.join("").length > p.join("").length ? q : p), ["", ""]);
      dd.style.setProperty("--fit", 1); value.textContent = a; spread.textContent = b;
      if (room) dd.style.setProperty("--fit", Math.max(0.6, Math.min(1, (room - 3) / Math.max(1, value.offsetWidth + spread.offsetWidth + 0.25 * rem()))).toFixed(3));
    },
    draw(week) {
      const [shown, lo, hi] = series ? series.map((v) => v[week]) : [null, null, null], most = Math.abs(top) * scaleOf(metric);
      dd.dataset.value = shown ?? "";
      value.textContent = written(metric, shown, most);
      spread.textContent = spreadText(week, most);
      bar.style.visibility = shown == null ? "hidden" : "visible";
      band.setAttribute("x", x(lo ?? 0)); band.setAttribute("width", Math.max(0.8, x(hi ?? 0) - x(lo ?? 0)));
      tick.setAttribute("x", x(shown ?? 0) - 0.9);
    },
  };
}

/* A row of a label, a pair of bars from a middle line, and both numbers; values may be set again and again. */
function makeBars(label, digits) {
  const parts = ARMS.map((arm, i) => svg("rect", { y: 1.6 + i * 6.6, height: 5.6, fill: armColour(arm) })), numbers = ARMS.map(() => html("span"));
  const plot = svg("svg", { viewBox: "0 0 200 16", preserveAspectRatio: "none", role: "img" }, ...parts, svg("line", { x1: 100, x2: 100, y1: -1, y2: 17, stroke: MUTED, "vector-effect": "non-scaling-stroke" }));
  const name = html("span", { title: label }, label);
  return {
    box: html("div", { className: "row" }, name, plot, ...numbers),
    draw(values, top) {
      values.forEach((v, i) => {
        const x = 100 + (98 * v) / top;
        parts[i].setAttribute("x", Math.min(100, x)); parts[i].setAttribute("width", Math.max(0.5, Math.abs(x - 100)));
        numbers[i].textContent = signed(v, digits);
      });
      if (!state.playing) plot.setAttribute("aria-label", `${label}: A ${numbers[0].textContent}, B ${numbers[1].textContent}`);
    },
  };
}

/* A heading over rows of label, bars, A, B. */
const heading = (title) => html("h3", { className: "row" }, html("span", {}, title), ...ARMS.map((a) => html("span", {}, a)));
