/* Unpacking: base64 -> gzip -> a header (JSON) and one byte per value; steps from week to week are added up again. */
async function unpack(base64) {
  const packed = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const { tables, layers } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const body = bytes.subarray(4 + length);
  for (const layer of Object.values(layers)) openLayer(layer, body);
  return { ...tables, layers, last: tables.weeks - 1, harmEvents: readEvents(tables.events, tables.weeks) };
}

/* Give a layer its values, and the ways to them: at(...index) and slice(...leading index). */
function openLayer(layer, body) {
  const size = layer.shape.reduce((a, b) => a * b, 1);
  layer.bytes = body.subarray(layer.offset, layer.offset + size);
  if ("steps" in layer) addUp(layer.bytes, layer.shape);
  const shape = layer.wide ? [...layer.shape.slice(0, -1), layer.shape.at(-1) / 2] : layer.shape;
  if (layer.wide) layer.bytes = new (layer.unsigned ? Uint16Array : Int16Array)(layer.bytes.slice().buffer);
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const place = (index) => index.reduce((sum, k, i) => sum + k * strides[i], 0);
  layer.at = (...index) => layer.bytes[place(index)];
  layer.slice = (...index) => layer.bytes.subarray(place(index), place(index) + strides[index.length - 1]);
  layer.axes = shape;
}

/* The second axis is that of weeks: each week's bytes are differences from the week before. */
function addUp(bytes, [arms, weeks, ...rest]) {
  const step = rest.reduce((a, b) => a * b, 1);
  for (let arm = 0; arm < arms; arm++)
    for (let i = (arm * weeks + 1) * step, end = (arm + 1) * weeks * step; i < end; i++) bytes[i] += bytes[i - step];
}

/* What a byte of a layer stands for. */
const valueOf = (layer, byte) => layer.low + (layer.top - layer.low) * ((byte - 1) / 254) ** (1 / (layer.power ?? 1));

/* events[arm][week] = list of {week, cell, who, kind, dead, answered, inReach, blamed, drawn}. */
function readEvents({ names, kinds, drawn, arms }, weeks) {
  return arms.map((rows) => {
    const byWeek = Array.from({ length: weeks }, () => []);
    for (const [week, cell, who, kind, dead, answered, inReach, blamed] of rows)
      byWeek[week].push({ week, cell, who: names[who], kind: kinds[kind], dead, answered, inReach, blamed: names[blamed], drawn: kind < drawn });
    return byWeek;
  });
}

/* The missions of some bits, by name. */
const missionsIn = (data, bits) => data.missions.filter((_, k) => bits & (1 << k));

/* Atlas reference of a cell: column letters, row number, as in the tables. */
const column = (x) => (x < 26 ? "" : String.fromCharCode(64 + Math.floor(x / 26))) + String.fromCharCode(65 + (x % 26));
const reference = (data, cell) => column(cell % data.cols) + (Math.floor(cell / data.cols) + 1);
const dateOf = (start, week) => dateText(Date.parse(start) + week * 6048e5);
