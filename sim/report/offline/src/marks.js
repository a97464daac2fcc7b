/* Shapes, colours and small helpers: one shape and colour for each actor, on canvas and in SVG alike. */
const PALETTE = JSON.parse(document.getElementById("palette").textContent);
const INK = PALETTE.surface.ink, PAPER = PALETTE.surface.paper, MUTED = PALETTE.surface.muted, RULE = PALETTE.surface.rule;
const ARMS = ["A", "B"];
const armLooks = (arm) => PALETTE.arms[ARMS.indexOf(arm)], armColour = (arm) => armLooks(arm).line;
const DIAMOND = "M0 -1.2L1.2 0L0 1.2L-1.2 0Z";
const NOBODY = { colour: "#899084", path: "M0 -1L.87 -.5V.5L0 1L-.87 .5V-.5Z", role: "people" };
let ACTORS = {};
const looks = (actor) => ACTORS[actor] ?? NOBODY;
const colourOf = (actor) => looks(actor).colour;

const $ = (selector, root = document) => root.querySelector(selector);
const SVG = "http://www.w3.org/2000/svg";
function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [k, v] of Object.entries(attributes)) node.setAttribute(k, v);
  node.append(...children);
  return node;
}
function html(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [k, v] of Object.entries(attributes)) k in node && k !== "style" ? (node[k] = v) : node.setAttribute(k, v);
  node.append(...children);
  return node;
}
const text = (words, attributes) => Object.assign(svg("text", attributes), { textContent: words });
const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/* Text with <b> only, and only where this page's own words have it: values are put in afterwards, as text. */
function rich(template, values = {}) {
  const box = document.createDocumentFragment();
  const fill = (part) => part.replace(/\{(\w+)\}/g, (_, k) => values[k] ?? "");
  typeset(template).split(/<b>(.*?)<\/b>/).forEach((part, i) => box.append(i % 2 ? html("b", {}, fill(part)) : fill(part)));
  return box;
}

/* An actor's mark in a line of text. */
function mark(actor, hollow = false) {
  const paint = hollow ? { fill: "#fff", stroke: colourOf(actor), "stroke-width": 0.4 } : { fill: colourOf(actor) };
  return svg("svg", { class: "mark", viewBox: "-1.3 -1.3 2.6 2.6", "aria-hidden": "true" }, svg("path", { d: looks(actor).path, ...paint }));
}
const diamond = (x, y, r, attributes = {}) =>
  svg("path", { d: DIAMOND, transform: `translate(${x} ${y}) scale(${r})`, fill: "#fff", stroke: INK, "stroke-width": 1.4, "vector-effect": "non-scaling-stroke", ...attributes });

/* Colours: from stops to 256 steps, packed for image data, and as CSS. */
const rgbOf = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const mixed = (a, b, f) => a.map((c, k) => Math.round(c + (b[k] - c) * f));
function ramp(stops) {
  const rgb = stops.map(rgbOf);
  return Array.from({ length: 256 }, (_, v) => {
    const at = (v / 255) * (stops.length - 1), i = Math.min(Math.floor(at), stops.length - 2);
    return mixed(rgb[i], rgb[i + 1], at - i);
  });
}
const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;
const packed = ([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
