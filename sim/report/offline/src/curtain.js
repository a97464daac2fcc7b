/* Predict first: A's line is known, the room drags where B ends; the curtain opens on commitment. */
function makeCurtain(root, data, columns, onOpen) {
  const guess = {}, W = 420, H = 200, LEFT = 46, RIGHT = 334;
  let prediction = null;

  /* The scale of a guess knows A alone: B's numbers must not be read from it. */
  function rangeOf(column) {
    const metric = data.metrics[column], a = data.series[0][column];
    if (metric.unit === "share" || (metric.unit === "0-1" && metric.how !== "sum")) return [0, 1];
    const top = a ? Math.max(...a[0].filter((v) => v != null)) * 2.2 : 0, marks = steps(0, top || 1, 4);
    return [0, marks.at(-1)];
  }

  function question(column) {
    const metric = data.metrics[column], [lo, hi] = rangeOf(column), a = data.series[0][column], final = a?.[0].at(-1) ?? null, counts = hi >= 20;
    const x = (w) => LEFT + ((RIGHT - LEFT) * w) / data.last, y = (v) => H - 22 - ((H - 36) * (v - lo)) / (hi - lo);
    const id = `guess-${column.replace(/\W+/g, "-")}`, slider = html("input", { type: "range", id, min: lo, max: hi, step: counts ? 1 : hi === 1 ? 0.01 : (hi - lo) / 200 }), out = html("output");
    slider.value = guess[column] ?? final ?? (lo + hi) / 2;
    const like = (v) => (counts ? Math.round(v) : hi === 1 ? Math.round(100 * v) / 100 : v);   // compared as finely as it can be set
    slider.dataset.column = column;
    out.setAttribute("for", id);
    const plot = guessPlot(metric, { W, H, LEFT, RIGHT, lo, hi, x, y }, a, final), show = () => {
      const v = +slider.value;
      guess[column] = v;
      plot.set(v);
      const d = final == null ? null : like(v) - like(final);
      out.textContent = d == null ? t("guessAlone", { v: written(metric, v) }) : t(writtenChange(metric, d).startsWith("±") ? "guessSame" : "guessAgainst", { v: written(metric, v), d: writtenChange(metric, d) });
      slider.setAttribute("aria-valuetext", out.textContent);
    };
    slider.addEventListener("input", show);
    plot.onDrag((share) => { slider.value = lo + share * (hi - lo); show(); });
    show();
    return html("div", {}, Object.assign(html("label", {}, t("q_end", { name: capital(metricName(metric)), w: data.weeks })), { htmlFor: id }), plot.node, out, slider);
  }

  /* What the scene offers to predict, as a list to choose from; a second choice takes the place of the first. */
  function predictions() {
    if (!data.scene.predictions.length) return [];
    const item = (words, i) => { const input = html("input", { type: "radio", name: "prediction", value: i, checked: prediction === i, onchange: () => (prediction = i) }); return html("label", {}, input, " " + words); };
    return [html("fieldset", {}, html("legend", {}, t("which")), ...sceneWords(data, "predictions").map(item))];
  }

  function open(value) {
    root.classList.add("open");
    setTimeout(() => (root.hidden = true), calm.matches ? 0 : 1100);
    onOpen(value);
  }
  return {
    show() {
      root.hidden = false; root.classList.remove("open");
      const [a, b] = armNames(data);
      root.replaceChildren(html("div", { className: "half left" }), html("div", { className: "half right" }),
        html("div", { className: "ask" }, html("h2", {}, t("curtainTitle")), html("p", {}, t("curtainText", { a, b })), html("div", { className: "guesses" }, ...columns().map(question)), ...predictions(),
          html("div", { className: "actions" }, html("button", { id: "commit", className: "main", onclick: () => open({ values: { ...guess }, prediction }) }, t("commit")), html("button", { id: "skip-guess", className: "quiet", onclick: () => open(null) }, t("skipGuess")))));
    },
  };
}

/* A's line, and a dotted line to a knob that can be dragged. */
function guessPlot(metric, { W, H, LEFT, RIGHT, lo, hi, x, y }, a, final) {
  const node = svg("svg", { viewBox: `0 0 ${W} ${H}`, "aria-hidden": "true" }), last = RIGHT, from = a ? a[0].findIndex((v) => v != null) : 0;
  for (const v of steps(lo, hi, 3)) node.append(svg("line", { x1: LEFT, x2: RIGHT, y1: y(v), y2: y(v), stroke: "#ffffff22" }), text(written(metric, v, hi * scaleOf(metric)).replace(" M$", ""), { x: LEFT - 7, y: y(v) + 5, "text-anchor": "end" }));
  if (a) node.append(svg("path", { d: path(a[0], x, y), fill: "none", stroke: "#f6f1e6", "stroke-width": 2 }));
  if (final != null) node.append(text("A: " + written(metric, final), { x: RIGHT + 14, y: y(final) + 5, style: "fill:#f6f1e6" }));
  const start = final == null ? y((lo + hi) / 2) : y(a[0][Math.max(from, 0)]), line = svg("line", { x1: x(Math.max(from, 0)), y1: start, x2: last, stroke: "#ffb03b", "stroke-width": 2.5, "stroke-dasharray": "1 6", "stroke-linecap": "round" });
  const knob = svg("path", { fill: "#1d1328", stroke: "#ffb03b", "stroke-width": 2.5 }), name = text("", { x: RIGHT + 14, style: "fill:#ffc26b;font-weight:660" });
  node.append(line, knob, name);
  return {
    node,
    set(v) {
      const gy = y(v), near = final != null && Math.abs(gy - y(final)) < 18;
      line.setAttribute("y2", gy); knob.setAttribute("d", `M${last} ${gy - 9}l9 9l-9 9l-9 -9Z`);
      name.textContent = "B: " + written(metric, v); name.setAttribute("y", near ? y(final) + (gy < y(final) ? -13 : 23) : gy + 5);
    },
    onDrag(set) {
      const drag = (e) => { if (!e.buttons) return; const box = node.getBoundingClientRect(), scale = Math.min(box.width / W, box.height / H), at = (e.clientY - box.top - (box.height - H * scale) / 2) / scale; set(Math.min(1, Math.max(0, (H - 22 - at) / (H - 36)))); };
      node.addEventListener("pointerdown", (e) => { node.setPointerCapture(e.pointerId); drag(e); });
      node.addEventListener("pointermove", drag);
    },
  };
}
