/* What does not move, painted once: the land below the cells; gaps, borders, roads and towns above them. */
function drawGround(data, frame) {
  const layer = () => { const c = html("canvas", { width: frame.size, height: frame.size }); return [c, c.getContext("2d")]; };
  const [under, below] = layer(), [over, above] = layer();
  const land = (x, y) => (x < 0 || y < 0 || x >= data.cols || y >= data.rows ? 0 : data.layers.land.bytes[y * data.cols + x]);
  fillLand(below, data, frame, land);
  drawGaps(above, data, frame);
  for (const [width, colour] of [[0.15, PAPER], [0.08, "#8d8577"]]) drawRoads(above, data, frame, width, colour);
  drawBorders(above, data, frame, land);
  drawTowns(above, data, frame);
  drawAtlas(above, data, frame, land);
  return { under, over };
}

function fillLand(pen, data, { unit, x0, y0 }, land) {
  pen.fillStyle = PALETTE.surface.land;
  for (let y = 0; y < data.rows; y++) for (let x = 0; x < data.cols; x++) if (land(x, y)) pen.fillRect(x0 + x * unit, y0 + y * unit, unit + 1, unit + 1);
}

function drawGaps(pen, data, { unit, x0, y0 }) {
  pen.strokeStyle = PAPER; pen.lineWidth = Math.max(0.6, unit * 0.06); pen.beginPath();
  for (let i = 0; i <= data.cols; i++) { pen.moveTo(x0 + i * unit, y0); pen.lineTo(x0 + i * unit, y0 + data.rows * unit); }
  for (let i = 0; i <= data.rows; i++) { pen.moveTo(x0, y0 + i * unit); pen.lineTo(x0 + data.cols * unit, y0 + i * unit); }
  pen.stroke();
}

/* Roads bend a little, so that two never lie on one line. */
function drawRoads(pen, data, frame, width, colour) {
  pen.strokeStyle = colour; pen.lineWidth = frame.unit * width; pen.lineCap = "round";
  for (const [a, b] of data.roads) {
    const [ax, ay] = frame.centre(a), [bx, by] = frame.centre(b);
    pen.beginPath(); pen.moveTo(ax, ay);
    pen.quadraticCurveTo((ax + bx) / 2 + (by - ay) * 0.1, (ay + by) / 2 - (bx - ax) * 0.1, bx, by); pen.stroke();
  }
}

/* The outline of the land, and dashed the borders between host states. */
function drawBorders(pen, data, { unit, x0, y0 }, land) {
  const outline = new Path2D(), between = new Path2D();
  const edge = (one, other, ax, ay, bx, by) => {
    if (one === other) return;
    const path = one && other ? between : outline;
    path.moveTo(x0 + ax * unit, y0 + ay * unit); path.lineTo(x0 + bx * unit, y0 + by * unit);
  };
  for (let y = 0; y <= data.rows; y++) for (let x = 0; x <= data.cols; x++) {
    edge(land(x, y), land(x - 1, y), x, y, x, y + 1);
    edge(land(x, y), land(x, y - 1), x, y, x + 1, y);
  }
  pen.strokeStyle = PALETTE.surface.border; pen.lineWidth = Math.max(1.2, unit * 0.1); pen.lineCap = "square"; pen.stroke(outline);
  pen.setLineDash([unit * 0.35, unit * 0.3]); pen.stroke(between); pen.setLineDash([]);
}

function drawTowns(pen, data, frame) {
  pen.fillStyle = "#fff"; pen.strokeStyle = INK; pen.lineWidth = Math.max(1, frame.badge * 0.08);
  for (const cell of data.towns) {
    const [x, y] = frame.centre(cell), r = frame.badge * (data.capitals.includes(cell) ? 0.26 : 0.15);
    pen.beginPath(); pen.rect(x - r, y - r, 2 * r, 2 * r); pen.fill(); pen.stroke();
  }
}

/* An atlas frame in letters and numbers, outside the land only. */
function drawAtlas(pen, data, { unit, size, x0, y0 }, land) {
  const every = Math.max(1, Math.round(Math.max(data.rows, data.cols) / 10));
  pen.fillStyle = MUTED; pen.font = `450 ${size * 0.0227}px Look`; pen.textAlign = "center"; pen.textBaseline = "middle";
  for (let i = every - 1; i < data.cols - 1; i += every) if (y0 > size / 30 || !land(i, 0)) pen.fillText(column(i), x0 + (i + 0.5) * unit, Math.max(size / 60, y0 - size / 60));
  for (let i = every - 1; i < data.rows; i += every) if (x0 > size / 30 || !land(0, i)) pen.fillText(i + 1, Math.max(size / 60, x0 - size / 60), y0 + (i + 0.5) * unit);
}

/* Where cells lie on a square canvas; a badge is as large as a cell, but never too small to see. */
function makeFrame(data, size) {
  const unit = size / Math.max(data.rows, data.cols), x0 = (size - unit * data.cols) / 2, y0 = (size - unit * data.rows) / 2;
  return { size, unit, x0, y0, badge: Math.max(unit, size / 34), centre: (c) => [x0 + ((c % data.cols) + 0.5) * unit, y0 + (Math.floor(c / data.cols) + 0.5) * unit] };
}
