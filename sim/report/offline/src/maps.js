/* A map: cells by layer, then the ground, then units, then events; sizes of 24x24 or 60x60 alike. */
const BARE = rgbOf(PALETTE.scales.threat[0]);
const RAMPS = Object.fromEntries(["threat", "displaced", "legitimacy"].map((k) => [k, Uint32Array.from(ramp(PALETTE.scales[k]), packed)]));
const STRIPES = 12, STEPS = 6, FADE = 6, NAMED = 10, LARGEST = 1.3;          // stripes of a cell, paintings a week, weeks an attack is seen, dead that get a number, radius in badges
const tint = (mission) => mixed(BARE, rgbOf(colourOf(mission)), 0.42);

function makeMap(canvas, data, arm) {
  const pen = canvas.getContext("2d"), { cols, rows, places } = data;
  const pixels = (w) => { const c = html("canvas", { width: w, height: rows }), brush = c.getContext("2d"), image = brush.createImageData(w, rows); return { c, brush, image, px: new Uint32Array(image.data.buffer) }; };
  const cells = pixels(cols), near = pixels(cols * STRIPES), harm = layOutHarm(data, arm), stand = layOutUnits(data, arm), sprites = new Map();
  let frame, ground, presence, base, presenceWeek = -1, painted = "";

  function resize() {
    const wanted = Math.round(canvas.clientWidth * (devicePixelRatio || 1));
    if (!wanted || wanted === frame?.size) return;
    canvas.width = canvas.height = wanted;
    frame = makeFrame(data, wanted);
    ground = drawGround(data, frame);
    [presence, base] = [0, 1].map(() => html("canvas", { width: wanted, height: wanted }));
    presenceWeek = -1; painted = "";
    sprites.clear();
  }

  /* Ground and cells together are painted a few times a week, and copied as they are in between. */
  function paintBase(name, time) {
    const week = Math.floor(time), f = name === "presence" ? 0 : Math.floor((time - week) * STEPS) / STEPS, wanted = `${name} ${week} ${f}`;
    if (painted !== wanted) {
      const brush = base.getContext("2d");
      brush.clearRect(0, 0, frame.size, frame.size);
      brush.drawImage(ground.under, 0, 0);
      name === "presence" ? paintPresence(brush, week) : paintCells(brush, name, week, f);
      brush.drawImage(ground.over, 0, 0);
      painted = wanted;
    }
    pen.globalCompositeOperation = "copy"; pen.drawImage(base, 0, 0); pen.globalCompositeOperation = "source-over";
  }

  /* The cells between two weeks: each byte slides to the next week's. */
  function paintCells(brush, name, week, f) {
    const layer = data.layers[name], now = layer.slice(arm, week), then = layer.slice(arm, Math.min(week + 1, data.last)), colours = RAMPS[name.split(":")[0]], { px } = cells;
    for (let k = 0; k < places.length; k++) { const v = now[k]; px[places[k]] = v ? colours[then[k] ? Math.round(v + (then[k] - v) * f) : v] : 0; }
    cells.brush.putImageData(cells.image, 0, 0);
    brush.imageSmoothingEnabled = false;
    brush.drawImage(cells.c, frame.x0, frame.y0, cols * frame.unit, rows * frame.unit);
  }

  /* Presence: one stripe for each mission in reach, hatched from the second mission on; redrawn once a week. */
  function paintPresence(onto, week) {
    if (week !== presenceWeek) {
      const now = data.layers.presence.slice(arm, week), brush = presence.getContext("2d");
      for (let k = 0; k < places.length; k++) stripe(near.px, places[k], now[k], data);
      near.brush.putImageData(near.image, 0, 0);
      brush.clearRect(0, 0, frame.size, frame.size);
      brush.imageSmoothingEnabled = false;
      brush.drawImage(near.c, frame.x0, frame.y0, cols * frame.unit, rows * frame.unit);
      data.missions.forEach((m, k) => k && hatch(brush, now, k, colourOf(m)));
      presenceWeek = week;
    }
    onto.drawImage(presence, 0, 0);
  }
  function hatch(brush, now, k, colour) {
    const [ax, ay, bx, by] = HATCH[(k - 1) % HATCH.length], { unit } = frame;
    brush.beginPath();
    places.forEach((cell, i) => { if (now[i] & (1 << k)) { const x = frame.x0 + (cell % cols) * unit, y = frame.y0 + Math.floor(cell / cols) * unit; brush.moveTo(x + ax * unit, y + ay * unit); brush.lineTo(x + bx * unit, y + by * unit); } });
    brush.strokeStyle = colour; brush.lineWidth = Math.max(0.7, unit * 0.07); brush.globalAlpha = 0.7; brush.stroke(); brush.globalAlpha = 1;
  }

  /* What stands at the border of the country, and round it, stays whole on the map. */
  const inside = (v, far = 0) => { const room = (0.45 + far) * frame.badge; return Math.min(frame.size - room, Math.max(room, v)); };

  /* A stamp is drawn once for each actor, size and number, and then copied. */
  function stamp(actor, x, y, radius, { hollow = false, number = 0, alpha = 1 } = {}) {
    const r = Math.max(2, Math.round(radius)), key = `${actor} ${r} ${hollow} ${number}`;
    if (!sprites.has(key)) sprites.set(key, sprite(actor, r, hollow, number));
    const image = sprites.get(key);
    pen.globalAlpha = alpha; pen.drawImage(image, x - image.width / 2, y - image.height / 2); pen.globalAlpha = 1;
  }

  function paintUnits(time) {
    const week = Math.floor(time), f = calm.matches ? 0 : Math.min(1, (time - week) * 1.6), now = stand(week), shift = (cell) => (harm.seen(cell, week) ? 0.42 : 0) * frame.badge;
    const spot = ([cell, dx, dy]) => { const [x, y] = frame.centre(cell).map((v) => inside(v + shift(cell), Math.hypot(dx, dy))); return [x + dx * frame.badge, y + dy * frame.badge]; };
    for (const { mission, at, n } of now.still) stamp(mission, ...spot(at), frame.badge * (n > 1 ? 0.4 : 0.33), { number: n > 1 ? n : 0 });
    for (const { mission, from, to } of now.moving) {             // a unit on the move leaves a wake
      const [x0, y0] = spot(from), [x1, y1] = spot(to), x = x0 + (x1 - x0) * f, y = y0 + (y1 - y0) * f;
      pen.strokeStyle = colourOf(mission); pen.globalAlpha = 0.45 * (1 - f); pen.lineWidth = frame.badge * 0.16;
      pen.beginPath(); pen.moveTo(x0, y0); pen.lineTo(x, y); pen.stroke(); pen.globalAlpha = 1;
      stamp(mission, x, y, frame.badge * 0.33);
    }
  }

  function ring(x, y, r, colour, width, alpha) {
    pen.beginPath(); pen.arc(x, y, r, 0, 7); pen.strokeStyle = colour; pen.lineWidth = width; pen.globalAlpha = alpha; pen.stroke(); pen.globalAlpha = 1;
  }

  /* Attacks of the last weeks, old ones first: a growing ring is an attack, a thin ring in a mission's colour an answer. */
  function paintEvents(time) {
    for (const e of harm.at(Math.floor(time))) {
      const age = time - e.week, fade = Math.max(0, 1 - age / FADE), [cx, cy] = frame.centre(e.cell), b = frame.badge;
      const x = cx + e.dx * b, y = cy + e.dy * b, r = Math.min(LARGEST, 0.31 + 0.09 * Math.sqrt(e.dead)) * b * (age < 1.5 ? 1 : 0.8 + 0.2 * fade);
      if (age < 2) { const grow = calm.matches ? 0.3 : age / 2; ring(x, y, r * (1.25 + 1.2 * grow), colourOf(e.who), b * 0.16 * (1 - 0.6 * grow), calm.matches ? 0.7 : 0.85 * (1 - grow)); }
      if (e.answer) ring(x, y, r * 1.3 + b * 0.1, colourOf(e.answer), Math.max(1.2, b * 0.1), fade);
      stamp(e.who, x, y, r, { hollow: looks(e.who).role === "mission", alpha: 0.3 + 0.7 * fade, number: e.dead >= NAMED && age < 2 ? e.dead : 0 });
    }
  }

  function paintCursor(cell) {
    if (cell == null) return;
    const { unit } = frame, x = frame.x0 + (cell % cols) * unit, y = frame.y0 + Math.floor(cell / cols) * unit;
    for (const [width, colour] of [[0.34, PAPER], [0.17, INK]]) { pen.lineWidth = Math.max(width === 0.17 ? 1.6 : 3.2, unit * width); pen.strokeStyle = colour; pen.strokeRect(x, y, unit, unit); }
  }

  function cellAt(event) {
    const box = canvas.getBoundingClientRect(), scale = frame.size / box.width;
    const at = (v, offset, most) => Math.min(most - 1, Math.max(0, Math.floor((v * scale - offset) / frame.unit)));
    return at(event.clientY - box.top, frame.y0, rows) * cols + at(event.clientX - box.left, frame.x0, cols);
  }

  return {
    resize, cellAt,
    draw(time, layer, cell) {
      if (!frame) return;
      const t0 = calm.matches ? Math.floor(time) : time;
      paintBase(layer, t0);
      paintUnits(t0); paintEvents(t0); paintCursor(cell);
    },
  };
}

/* Lines across a cell by which the second, third ... mission is known without its colour. */
const HATCH = [[0, 1, 1, 0], [0, 0, 1, 1], [0, 0.5, 1, 0.5], [0.5, 0, 0.5, 1], [0, 0.75, 1, 0.25], [0.25, 0, 0.75, 1]];

/* Paint one cell's stripes: the missions in reach share its width. */
const stripeColours = new Map();
function stripe(px, cell, bits, data) {
  if (!stripeColours.has(bits)) {
    const there = missionsIn(data, bits);
    stripeColours.set(bits, Uint32Array.from({ length: STRIPES }, (_, s) => packed(there.length ? tint(there[Math.floor((s * there.length) / STRIPES)]) : BARE)));
  }
  px.set(stripeColours.get(bits), cell * STRIPES);
}

/* A small canvas with one stamp: shape with a halo of paper, and a number in or beside it. */
function sprite(actor, r, hollow, number) {
  const { path, colour, role } = looks(actor), inside = number && role === "mission" && !hollow, side = Math.ceil(r * 3.2) + (number && !inside ? Math.ceil(r * 2 + 26) : 4);
  const c = html("canvas", { width: side, height: side }), pen = c.getContext("2d"), shape = new Path2D(path);
  pen.translate(side / 2, side / 2); pen.save(); pen.scale(r, r); pen.lineJoin = "round";
  pen.lineWidth = 0.5; pen.strokeStyle = PAPER; pen.stroke(shape);
  pen.fillStyle = hollow ? PAPER : colour; pen.fill(shape);
  if (hollow) { pen.lineWidth = 0.34; pen.strokeStyle = colour; pen.stroke(shape); }
  pen.restore();
  if (number) label(pen, number, inside, r);
  return c;
}
function label(pen, number, inside, r) {
  const size = Math.max(9, inside ? r * 1.15 : Math.min(r * 0.9, 15)) * (inside && number > 9 ? 0.86 : 1);
  pen.font = `680 ${size}px Look`; pen.textBaseline = "middle"; pen.textAlign = inside ? "center" : "left"; pen.lineJoin = "round";
  const x = inside ? 0 : r * 0.75, y = inside ? r * 0.06 : -r * 0.85;
  pen.strokeStyle = inside ? "#0000" : PAPER; pen.lineWidth = 3.5; pen.strokeText(number, x, y);
  pen.fillStyle = inside ? "#fff" : INK; pen.fillText(number, x, y);
}

/* Places round the middle of a cell for n things, in badges. */
const around = (k, n, r) => (n < 2 ? [0, 0] : [r * Math.cos((2 * Math.PI * k) / n - Math.PI * 0.75), r * Math.sin((2 * Math.PI * k) / n - Math.PI * 0.75)]);

/* Where units stand: those of one mission in one cell are one badge with their number; missions stand side by side. */
function layOutUnits(data, arm) {
  const NOWHERE = 65535, weeks = new Map(), slots = new Map();
  const cellOf = (unit, week) => data.layers.units.at(arm, week, unit);
  function slotsOf(week) {
    if (slots.has(week)) return slots.get(week);
    const there = new Map();
    data.unitsOf.forEach((m, u) => { const cell = cellOf(u, week); if (cell !== NOWHERE) there.set(cell, (there.get(cell) ?? new Set()).add(m)); });
    const found = (cell, m) => { const all = [...there.get(cell)].sort((a, b) => a - b); return [cell, ...around(all.indexOf(m), all.length, 0.24 + 0.08 * all.length)]; };
    slots.set(week, found);
    return found;
  }
  return (week) => {
    if (weeks.has(week)) return weeks.get(week);
    const next = Math.min(week + 1, data.last), still = new Map(), moving = [];
    data.unitsOf.forEach((m, u) => {
      const a = cellOf(u, week), b = cellOf(u, next), mission = data.missions[m];
      if (a === NOWHERE) return;
      if (b !== NOWHERE && a !== b) return moving.push({ mission, from: slotsOf(week)(a, m), to: slotsOf(next)(b, m) });
      const key = `${m} ${a}`, stack = still.get(key) ?? { mission, at: slotsOf(week)(a, m), n: 0 };
      stack.n++; still.set(key, stack);
    });
    weeks.set(week, { still: [...still.values()], moving });
    return weeks.get(week);
  };
}

/* Attacks as they are drawn: those of one actor in one cell and week are one; a newer one hides older ones in its cell. */
function layOutHarm(data, arm) {
  const byWeek = data.harmEvents[arm].map((events) => {
    const found = new Map();
    for (const e of events.filter((e) => e.drawn)) {
      const key = `${e.cell} ${e.who}`, one = found.get(key) ?? { week: e.week, cell: e.cell, who: e.who, dead: 0, answer: null };
      one.dead += e.dead;
      one.answer ??= looks(e.who).role === "mission" ? null : missionsIn(data, e.answered)[0] ?? null;
      found.set(key, one);
    }
    const all = [...found.values()];
    for (const e of all) { const here = all.filter((o) => o.cell === e.cell); [e.dx, e.dy] = around(here.indexOf(e), here.length, 0.42); }
    return all.sort((a, b) => b.dead - a.dead);
  });
  const kept = new Map();
  const at = (week) => {
    if (kept.has(week)) return kept.get(week);
    const taken = new Set(), shown = [];
    for (let w = week; w >= Math.max(0, week - FADE + 1); w--) { const fresh = byWeek[w].filter((e) => !taken.has(e.cell)); shown.unshift(...fresh); byWeek[w].forEach((e) => taken.add(e.cell)); }
    shown.cells = taken;
    kept.set(week, shown);
    return shown;
  };
  return { at, seen: (cell, week) => at(week).cells.has(cell) };
}
