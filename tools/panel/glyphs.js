// Draws cells of 14 segments and a dot as SVG polygons.
// Takes one integer a cell; its bit n is SEGMENTS[n], as the display chip's memory holds it.

const SVG = "http://www.w3.org/2000/svg";

// The order of the bits of one cell: the wiring of a 14-segment backpack.
export const SEGMENTS = [
  "a", "b", "c", "d", "e", "f", "g1", "g2", "h", "j", "k", "l", "m", "n", "dot",
];

// In units of the view box: from cell to cell, the first one's corner; a glyph's width, height,
// the thickness of its bars and the gap between them.
const PITCH = 108, LEFT = 22, TOP = 25;
const W = 66, H = 140, T = 12, GAP = 1.7;
const X = W / 2, Y = H / 2, HALF = T / 2;

// A bar with pointed ends at height y from x0 to x1.
const across = (y, x0, x1) => [
  [x0 + GAP, y], [x0 + HALF + GAP, y - HALF], [x1 - HALF - GAP, y - HALF],
  [x1 - GAP, y], [x1 - HALF - GAP, y + HALF], [x0 + HALF + GAP, y + HALF],
];
const down = (x, y0, y1) => across(x, y0, y1).map(([u, v]) => [v, u]);

// A slanting bar between the corner (x, y) and the centre, cut parallel to the frame.
function slant(x, y) {
  const right = Math.sign(X - x), below = Math.sign(Y - y);
  const inset = HALF + GAP * 1.5, width = 7.5, height = 15;
  const [x0, y0] = [x + right * inset, y + below * inset];
  const [x1, y1] = [X - right * inset, Y - below * inset];
  return [
    [x0, y0], [x0 + right * width, y0], [x1, y1 - below * height],
    [x1, y1], [x1 - right * width, y1], [x0, y0 + below * height],
  ];
}

const SHAPES = {
  a: across(0, 0, W), b: down(W, 0, Y), c: down(W, Y, H), d: across(H, 0, W),
  e: down(0, Y, H), f: down(0, 0, Y), g1: across(Y, 0, X), g2: across(Y, X, W),
  h: slant(0, 0), j: down(X, HALF, Y), k: slant(W, 0),
  l: slant(0, H), m: down(X, Y, H - HALF), n: slant(W, H),
};

function element(kind, attributes) {
  const made = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function segment(name) {
  if (name === "dot") return element("circle", { cx: W + 21, cy: H, r: 7.5 });
  const points = SHAPES[name].map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`);
  return element("polygon", { points: points.join(" ") });
}

// Fills the svg with `count` dark cells; returns show(cells), which lights their segments.
export function makeDisplay(svg, count) {
  const cells = Array.from({ length: count }, (_, place) => {
    const transform = `translate(${LEFT + place * PITCH} ${TOP}) skewX(-5)`;
    const cell = element("g", { transform });
    svg.append(cell);
    return SEGMENTS.map((name) => {
      const part = segment(name);
      part.dataset.segment = name;
      cell.append(part);
      return part;
    });
  });
  return (lit) => cells.forEach((parts, place) => {
    parts.forEach((part, bit) => part.classList.toggle("lit", (lit[place] >> bit & 1) === 1));
  });
}
