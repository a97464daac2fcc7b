/* The page: one state, one clock, one place where keys are named. */
const LAYERS = ["threat", "presence", "displaced", "legitimacy"], SPEEDS = [2, 4, 8, 16];
const state = { time: 0, playing: false, speed: 4, layer: "threat", whom: null, view: "legitimacy", curve: null, cell: null, opened: null, guess: null, open: false };
const measured = { frames: 0, fps: null, slowest: null, firstPaint: null, ready: null };

async function start() {
  const data = await unpack(document.getElementById("data").textContent.trim());
  await Promise.all([document.fonts.load("500 16px Look"), document.fonts.load("500 16px 'Look Serif'")]);
  prepare(data);
  const page = makePage(data);
  readHash(data);
  page.dress();
  if (!state.open) page.close();
  page.run();
  measured.ready = Math.round(performance.now());
  document.documentElement.dataset.ready = measured.ready;
  window.__page = { state, measured, data, seek: page.seek };
}

/* What is looked up often: actors' looks, place of a cell, weeks with a mission in the field. */
function prepare(data) {
  ACTORS = data.actors;
  data.placeOf = new Map(data.places.map((cell, k) => [cell, k]));
  data.fielded = new Set();
  for (const arm of [0, 1]) for (let w = 0; w < data.weeks; w++) if (data.unitsOf.some((_, u) => data.layers.units.at(arm, w, u) !== 65535)) data.fielded.add(`${arm} ${w}`);
  const killed = data.numbers[0], others = data.curves.filter((c) => c !== killed), both = others.filter((c) => data.series[0][c] && data.series[1][c]);
  state.curve = both.find((c) => data.apart[c]) ?? both[0] ?? others[0] ?? killed;
  state.whom = data.judged.includes(data.moved.actor) ? data.moved.actor : data.judged[0];
}

/* page.html#week=47&layer=legitimacy&whom=UN&guess=380,0.5&lang=fr opens a moment, for links, tests and slides. */
function readHash(data) {
  const wish = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (wish.lang in STRINGS) language = wish.lang;
  if (LAYERS.includes(wish.layer)) state.layer = wish.layer;
  if (data.judged.includes(wish.whom)) state.whom = wish.whom;
  if (data.curves.includes(wish.curve)) state.curve = wish.curve;
  if (wish.guess) { const [killed, second] = wish.guess.split(",").map(Number); state.guess = { values: { [data.numbers[0]]: killed, ...(Number.isFinite(second) ? { [state.curve]: second } : {}) }, prediction: null }; }
  state.open = "week" in wish || "guess" in wish;
  state.time = Math.min(data.last, Math.max(0, (+wish.week || 1) - 1));
}

/* A long question is set smaller, so that it never pushes the maps down. */
function fitQuestion(h1) {
  for (let size = 1.92; size >= 1.1; size -= 0.06) { h1.style.fontSize = `${size}rem`; if (h1.scrollWidth <= h1.clientWidth) return; }
  h1.style.whiteSpace = "normal";
}

function makePage(data) {
  const arms = [...document.querySelectorAll("main .arm")], canvases = arms.map((a) => $("canvas", a)), maps = canvases.map((c, i) => makeMap(c, data, i)), last = data.last;
  const numbers = arms.map((_, i) => data.numbers.map((c) => makeNumber(data, i, c))), harm = makeHarm($("#killed"), data), matrix = makeMatrix($("#matrix"), data), moved = makeMoved($("#moved"), data);
  const curves = [...document.querySelectorAll("#series figure")].map((f) => makeSeries(f, data)), drawer = makeDrawer($("#drawer"), data), slider = $("#scrub input"), killed = data.numbers[0];
  const guessed = () => [killed, ...(state.curve === killed ? [] : [state.curve])];
  const curtain = makeCurtain($("#curtain"), data, guessed, (guess) => { Object.assign(state, { guess, open: true, time: 0 }); behind(false); dress(); play(!calm.matches); $("#play").focus(); });
  arms.forEach((box, i) => $(".numbers", box).replaceChildren(...numbers[i].map((n) => n.box)));
  slider.max = last;
  let drawn = -1, cursor = -1, setKnob = () => {};

  /* What the curtain hides cannot be tabbed to. */
  function behind(on) { [arms[1], $("#evidence")].forEach((n) => (n.inert = on)); }
  function close() { behind(true); curtain.show(); }
  const layerName = () => (state.layer === "legitimacy" ? `legitimacy:${state.whom}` : state.layer);

  /* --- drawing: every frame the maps and cursors, every new week the rest --- */
  function draw() {
    maps.forEach((m) => m.draw(state.time, layerName(), state.cell));
    const near = Math.round(state.time * 4) / 4;                  // cursors in charts move four times a week
    if (near !== cursor) { cursor = near; curves.forEach((c) => c.draw(near)); setKnob(near); }
    drawWeekly();
  }
  function drawWeekly(force) {
    const week = Math.floor(state.time);
    if (week === drawn && !force) return;
    drawn = week;
    document.documentElement.dataset.week = week;
    $("#now b").textContent = t("week", { w: week + 1 });
    $("#now span").textContent = dateOf(data.start, week);
    slider.value = week; slider.setAttribute("aria-valuetext", `${t("week", { w: week + 1 })}, ${dateOf(data.start, week)}`);
    arms.forEach((box, i) => drawArm(box, i, week));
    harm.draw(week); matrix.draw(week, state.view); moved.draw(week);
    curves.forEach((c) => c.drawWeek(week));
    if (state.opened != null && !$("#drawer").hidden) drawer.cell(state.opened, week, state.whom, false);
    if (!state.playing && state.open) $("#live").textContent = arms.map((b, i) => `${ARMS[i]}: ${$(".story", b).textContent}`).join(" ");
  }
  function drawArm(box, i, week) {
    const units = unitsIn(data, i, week);
    numbers[i].forEach((n) => n.draw(week));
    drawStory($(".story", box), data, i, week);
    $("h2 small", box).textContent = units;
    if (!state.playing) canvases[i].setAttribute("aria-label", t("mapLabel", { arm: armNames(data)[i], w: week + 1, layer: t("layer_" + state.layer), killed: written(data.metrics[killed], data.series[i][killed][0][week]), units }));
  }

  /* --- the parts that change with language, choice or size --- */
  function dressTexts() {
    const s = data.scene;
    document.documentElement.lang = language;
    document.title = sceneWord(data, "question");
    document.querySelectorAll("[data-t]").forEach((n) => (n.textContent = t(n.dataset.t)));
    document.querySelectorAll("[data-label]").forEach((n) => n.setAttribute("aria-label", t(n.dataset.label)));
    $("#question").textContent = sceneWord(data, "question"); fitQuestion($("#question"));
    $("#kicker").textContent = s.name ? t("scene", { name: s.name, title: sceneWord(data, "title"), n: s.minutes }) : t("pairKicker");
    arms.forEach((box, i) => { $("h2 span", box).textContent = armNames(data)[i]; $("h2 span", box).title = armNames(data)[i]; $("h2 .guess", box)?.remove(); });
    if (state.guess) $("h2", arms[1]).append(html("small", { className: "guess" }, svg("svg", { class: "mark", viewBox: "-1.3 -1.3 2.6 2.6" }, diamond(0, 0, 1)), guessText()));
    canvases.forEach((c) => (c.title = t("cellHint")));
    $("#lang-button").textContent = t("other"); slider.setAttribute("aria-label", t("scrub"));
    $("#basis").textContent = t("basis", { ...data.parameters, seeds: data.seeds, worlds: data.worlds.n, shown: data.shown }) + s.owed.map((words) => ` ${words}`).join(""); $("#basis").title = $("#basis").textContent;
  }
  function guessText() {
    const { values } = state.guess, second = Object.keys(values).find((c) => c !== killed);
    return t(second ? "roomGuess" : "roomGuessOne", { killed: written(data.metrics[killed], values[killed]), second: second ? `${metricName(data.metrics[second])} ${written(data.metrics[second], values[second])}` : "" });
  }
  function dressChoices() {
    const set = (key) => (v) => { state[key] = v; dress(); };
    choice($("#speed"), t("speed"), SPEEDS, (s) => `${s / 4}×`.replace("0.5", "½"), state.speed, set("speed"));
    choice($("#layer"), t("layer"), LAYERS, (l) => t("layer_" + l), state.layer, set("layer"));
    choice($("#matrix .choice"), t("matrixTitle"), data.opinions, t, state.view, set("view"));
    select($("#whom"), t("whom"), data.judged, named, state.whom, (v) => Object.assign(state, { whom: v, layer: "legitimacy" }) && dress());
    select($("#curve"), t("curve"), data.curves.filter((c) => c !== killed), (c) => metricName(data.metrics[c]), state.curve, set("curve"));
    $("#curve").hidden = data.curves.length < 3;
  }
  function dressHandout() {
    const told = state.guess ? [section(t("handGuess"), para(guessText()), ...(state.guess.prediction != null ? [para(sceneWords(data, "predictions")[state.guess.prediction])] : []))] : [];
    $("#handout").replaceChildren(...told, ...notes(data), section(t("handNotes"), ...Array.from({ length: 5 }, () => html("div", { className: "lines" }))));
  }
  function dress() {
    dressTexts(); dressChoices(); dressHandout();
    drawLegend(data, state); drawGlyphs(data, state.layer);
    setKnob = drawScrubber(data, state.open); setPlay();
    numbers.flat().forEach((n, k) => n.dress(k >= data.numbers.length ? state.guess?.values[data.numbers[k % data.numbers.length]] : null));
    numbers.flat().forEach((n) => n.fit());
    harm.dress(); matrix.dress(); moved.dress();
    $("#differing").replaceChildren(...differing(data, guessed()));
    maps.forEach((m) => m.resize());
    curves[0].build(killed, state.guess?.values[killed]); curves[1].build(state.curve, state.guess?.values[state.curve]);
    cursor = -1;
    drawWeekly(true);
    draw();
  }

  /* --- the clock --- */
  function setPlay() { $("#play").setAttribute("aria-label", t(state.playing ? "pause" : "play")); $("#play").dataset.playing = state.playing; $("#play path").setAttribute("d", state.playing ? "M6 4h4v16H6zM14 4h4v16h-4z" : "M7 3.5v17l14-8.5z"); }
  function play(on) { if (on && state.time >= last) state.time = 0; state.playing = on; setPlay(); drawWeekly(!on); }
  function seek(time) { play(false); state.time = Math.min(last, Math.max(0, time)); draw(); }
  let before = 0, frames = 0, since = 0, slowest = 0;
  function tick(now) {
    const gap = now - before;
    before = now;
    if (state.playing) {
      state.time = Math.min(last, state.time + (Math.min(100, gap) / 1000) * state.speed);
      draw();
      if (state.time >= last) play(false);
      frames++; measured.frames++; slowest = Math.max(slowest, gap);
      if (now - since > 1000) { measured.fps = (frames * 1000) / (now - since); measured.slowest = slowest; showSpeed(); frames = 0; since = now; slowest = 0; }
    } else { frames = 0; since = now; slowest = 0; }
    requestAnimationFrame(tick);
  }
  function showSpeed() {
    measured.firstPaint ??= performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null;
    const parts = [measured.fps && t("fps", { n: Math.round(measured.fps) }), measured.firstPaint && t("paint", { s: number(measured.firstPaint / 1000, 2) })];
    $("#fps").textContent = parts.filter(Boolean).join(" · ");
    if (measured.fps) document.documentElement.dataset.fps = measured.fps.toFixed(1);
    if (measured.firstPaint) document.documentElement.dataset.paint = Math.round(measured.firstPaint);
  }

  /* --- mouse and keys --- */
  function openCell(cell) { state.cell = state.opened = cell; drawer.cell(cell, Math.floor(state.time), state.whom); draw(); }
  function shut() { state.cell = state.opened = null; drawer.close(); draw(); }
  function moveCell(by) {
    const cell = (state.cell ?? data.places[Math.floor(data.places.length / 2)]) + by;
    if (cell >= 0 && cell < data.rows * data.cols) state.cell = cell;
    if (state.opened != null) { state.opened = state.cell; drawer.cell(state.cell, Math.floor(state.time), state.whom, false); }
    draw();
    $("#live").textContent = placeName(data, state.cell);
  }
  canvases.forEach((canvas, i) => {
    canvas.addEventListener("pointermove", (e) => { if (state.opened == null) { state.cell = maps[i].cellAt(e); draw(); } });
    canvas.addEventListener("pointerleave", () => { if (state.opened == null) { state.cell = null; draw(); } });
    canvas.addEventListener("click", (e) => openCell(maps[i].cellAt(e)));
    canvas.addEventListener("keydown", (e) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -data.cols, ArrowDown: data.cols }[e.key];
      if (step) moveCell(step);
      else if (e.key === "Enter") openCell(state.cell ?? data.places[Math.floor(data.places.length / 2)]);
      else return;
      e.preventDefault(); e.stopPropagation();
    });
  });
  slider.addEventListener("input", () => seek(+slider.value));
  $("#play").onclick = () => play(!state.playing);
  $("#notes-button").onclick = () => ($("#drawer").hidden || state.opened != null ? ((state.opened = state.cell = null), drawer.notes(), draw()) : shut());
  $("#guess-button").onclick = () => { shut(); state.open = false; seek(0); dress(); close(); $("#curtain input").focus(); };
  $("#print-button").onclick = () => print();
  $("#lang-button").onclick = () => { language = language === "en" ? "fr" : "en"; shut(); dress(); if (!$("#curtain").hidden) curtain.show(); };
  const cycle = (key, values, by = 1) => { state[key] = values[(values.indexOf(state[key]) + by + values.length) % values.length]; dress(); };
  const faster = (by) => { state.speed = SPEEDS[Math.min(3, Math.max(0, SPEEDS.indexOf(state.speed) + by))]; dress(); };
  const KEYS = {
    " ": () => play(!state.playing), ArrowRight: (e) => seek(Math.floor(state.time) + (e.shiftKey ? 13 : 1)), ArrowLeft: (e) => seek(Math.ceil(state.time) - (e.shiftKey ? 13 : 1)),
    Home: () => seek(0), End: () => seek(last), "+": () => faster(1), "=": () => faster(1), "-": () => faster(-1), m: () => cycle("view", data.opinions), c: () => state.open && cycle("curve", data.curves.filter((c) => c !== killed)),
    n: () => $("#notes-button").click(), l: () => $("#lang-button").click(), p: () => print(), Escape: shut,
  };
  LAYERS.forEach((l, i) => (KEYS[i + 1] = () => { state.layer = l; dress(); }));
  addEventListener("keydown", (e) => {
    const typing = e.target.matches("select, #curtain *") && e.key !== "Escape";
    if (e.ctrlKey || e.altKey || e.metaKey || typing || (e.target.matches("button") && e.key === " ")) return;
    const act = KEYS[e.key.length === 1 ? e.key.toLowerCase() : e.key];
    if (act) { act(e); e.preventDefault(); }
  });
  addEventListener("resize", dress);
  return { dress, close, seek, run() { requestAnimationFrame((now) => { before = since = now; requestAnimationFrame(tick); setTimeout(showSpeed, 300); }); } };
}
start();
