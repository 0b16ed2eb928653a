// What the page computes, without the page: numbers as text, ticks, the secant with its error, one step of a descent.
// Tests run this file by itself.

/** A number in at most so many digits; a minus that is a minus. */
function told(value, digits = 17) {
  if (Number.isNaN(value)) return "none";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const rounded = digits >= 17 ? value : Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  const plain = size === 0 || (size >= 1e-4 && size < 1e16);
  const text = plain ? String(rounded) : rounded.toExponential();
  return text.replace("e+", "e").replaceAll("-", "−");
}

/** Round numbers from low to high, about so many: steps of 1, 2 or 5 times a power of ten. */
function ticks(low, high, most) {
  const step = roundStep((high - low) / most);
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, place) => {
    const value = Number(((first + place) * step).toPrecision(12));
    return value === 0 ? 0 : value; // no -0
  });
}

/** A whole number as an exponent. */
function raised(power) {
  return [...String(power)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
}

/** The number at a mark of an axis: far from 1 with its power of ten. */
function tickName(value) {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return told(value, 12);
  const [digits, power] = Number(value.toPrecision(12)).toExponential().split("e");
  return `${digits}·10${raised(Number(power))}`.replace(/^-/, "−");
}

/** The parts of a run of points whose heights are from low to high. */
function withinHeights(piece, low, high) {
  const runs = [];
  let open = null;
  for (let place = 0; place + 1 < piece.length; place++) {
    const [[x0, y0], [x1, y1]] = [piece[place], piece[place + 1]];
    const at = (height) => (height - y0) / (y1 - y0);
    const [enter, leave] = y0 === y1 ? (y0 >= low && y0 <= high ? [0, 1] : [1, 0])
      : [Math.max(0, Math.min(at(low), at(high))), Math.min(1, Math.max(at(low), at(high)))];
    if (!(enter < leave)) { open = null; continue; }
    const point = (share) => (share === 1 ? [x1, y1] : [x0 + share * (x1 - x0), y0 + share * (y1 - y0)]);
    if (!open || enter > 0) runs.push(open = [point(enter)]);
    open.push(point(leave));
    if (leave < 1) open = null;
  }
  return runs;
}

/** The smallest of 1, 2, 5 times a power of ten that is not below this. */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  const found = [1, 2, 5].find((count) => count * power >= least * (1 - 1e-9)) ?? 10;
  return Number((found * power).toPrecision(12));
}

/** The nearest multiple of a step, in the digits of the step. */
function toGrid(value, step) {
  const near = Number((Math.round(value / step) * step).toPrecision(12));
  return near === 0 ? 0 : near;
}

/** The delta at a place of its slider: a power of ten, in two digits. */
function deltaAt(exponent) {
  return Number((10 ** exponent).toPrecision(2));
}

/**
 * The slope through x and x + delta, and its error in two parts. Truncation is Taylor's series
 * f'' h/2 + f''' h²/6 + …, used where its terms fall fast; where they do not, the error is told whole.
 */
function secantAt(along, x, delta) {
  const second = x + delta, step = second - x;
  const [y1, y2] = [along.value(x), along.value(second)];
  const slope = step === 0 ? NaN : (y2 - y1) / step;
  const exact = along.slope(x);
  const error = slope - exact;
  let factorial = 1;
  const terms = along.higher.map((derivative, place) => {
    factorial *= place + 2;
    return (derivative(x) / factorial) * step ** (place + 1);
  });
  const sum = terms.reduceRight((total, term) => total + term, 0);
  const last = Math.abs(terms.at(-1) ?? Infinity);
  const known = Number.isFinite(error) && (last === 0 || last <= 1e-3 * Math.abs(sum));
  const truncation = known ? sum : NaN;
  return { x, second, y1, y2, slope, exact, error, truncation, rounding: error - truncation };
}

/** The first place at which the function is not proven smooth, from a to b, both included. */
function placeBetween(places, a, b) {
  return places.find((place) => place.to >= a && place.from <= b);
}

/** A descent that has not begun. */
function descentFrom(start) {
  return { at: [...start], velocity: start.map(() => 0), steps: 0, path: [[...start]], state: "ready" };
}

/**
 * One step: v ← momentum v − rate ∇f, x ← x + v (Polyak 1964), and what it did. It ends where the slope is gone,
 * where there is none, and where it has run away.
 */
function descend(descent, rate, momentum, valueAndGradient, size) {
  const [before, gradient] = valueAndGradient(descent.at);
  if (!gradient.every(Number.isFinite)) return { ...descent, state: "no slope" };
  const steepness = Math.hypot(...gradient), speed = Math.hypot(...descent.velocity);
  if (steepness <= 1e-9 && speed <= 1e-9) return { ...descent, state: "settled" };
  const velocity = descent.velocity.map((v, place) => momentum * v - rate * gradient[place]);
  const at = descent.at.map((x, place) => x + velocity[place]);
  const [after] = valueAndGradient(at);
  const away = Math.hypot(...at.map((x, place) => x - descent.path[0][place]));
  const isAway = !at.every(Number.isFinite) || away > 1e3 * size;
  const state = isAway ? "diverged" : Number.isNaN(after) ? "no value" : after > before ? "rose" : "fell";
  return { at, velocity, steps: descent.steps + 1, path: [...descent.path, at], state };
}

/** Whether a descent can go on. */
function goesOn(descent) {
  return ["ready", "rose", "fell"].includes(descent.state);
}

/** The state of a descent in words. */
function inWords(descent) {
  const after = `after ${descent.steps} ${descent.steps === 1 ? "step" : "steps"}`;
  switch (descent.state) {
    case "ready": return "Ready at the start.";
    case "settled": return `It has come to rest ${after}: the slope is 0 to nine digits.`;
    case "diverged": return `It diverges: ${after} it is far away and leads ever further. A smaller learning rate helps.`;
    case "no slope": return `It stops ${after}: here is no slope to follow.`;
    case "no value": return `It stops ${after}: the function has no value there.`;
    case "unsettled": return `It is given up ${after}: it has not come to rest.`;
    case "rose": return `Up, ${after}: the step was longer than the valley, or momentum carries it.`;
    default: return `Down, ${after}.`;
  }
}

/**
 * The lines of equal height on a grid of values, as pairs of points in cells of the grid (marching squares). A cell
 * with a corner that has no value, or that is marked as broken, holds no line.
 */
function contours(grid, level, broken) {
  const lines = [];
  for (let row = 0; row + 1 < grid.length; row++) {
    for (let column = 0; column + 1 < grid[row].length; column++) {
      const corners = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]];
      const heights = corners.map(([i, j]) => grid[j][i] - level);
      if (!heights.every(Number.isFinite) || broken(column, row)) continue;
      const cuts = [];
      for (let side = 0; side < 4; side++) {
        const [a, b] = [heights[side], heights[(side + 1) % 4]];
        if (a < 0 === b < 0) continue;
        const [from, to] = [corners[side], corners[(side + 1) % 4]], share = a / (a - b);
        cuts.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
      }
      for (let pair = 0; pair + 1 < cuts.length; pair += 2) lines.push([cuts[pair], cuts[pair + 1]]);
    }
  }
  return lines;
}

/** Heights that part a grid into as many equally large areas. */
function levels(grid, count) {
  const heights = grid.flat().filter(Number.isFinite).sort((a, b) => a - b);
  const at = (place) => heights[Math.floor(((place + 0.5) / count) ** 1.5 * (heights.length - 1))];
  return heights.length < 2 ? [] : [...new Set(Array.from({ length: count }, (_, place) => at(place)))];
}

/** Red, green and blue of a shade such as #1341a4. */
function rgb(shade) {
  const digits = shade.trim().slice(1, 7);
  return [0, 2, 4].map((place) => parseInt(digits.slice(place, place + 2), 16));
}

/** A shade between two. */
function mixed(from, to, share) {
  return from.map((part, place) => part + (to[place] - part) * share);
}

/** A shade on the way through several, from 0 to 1. */
function onRamp(stops, share) {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1), first = Math.min(stops.length - 2, Math.floor(at));
  return mixed(stops[first], stops[first + 1], at - first);
}

/** A point of a box from -1 to 1, height last, as it is seen from a side and from above: across, down, and how near it is. */
function seen([x, y, z], turn, tilt) {
  const near = x * Math.sin(turn) + y * Math.cos(turn);
  return [x * Math.cos(turn) - y * Math.sin(turn), near * Math.sin(tilt) - z * Math.cos(tilt), near * Math.cos(tilt) + z * Math.sin(tilt)];
}

const LEVELS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

/** Numbers from -1 to 0, a sign each: the place q of a sign means -(1 - q/63)², which is finest near 0. */
function fromSigns(text) {
  return Float32Array.from(text, (sign) => -((1 - LEVELS.indexOf(sign) / 63) ** 2));
}

/** Between the columns or rows of a grid of so many, at the middle of a pixel of so many: the one before, and the share of the next. */
function between(pixel, pixels, count) {
  const at = Math.min(count - 1, Math.max(0, ((pixel + 0.5) / pixels) * (count - 1)));
  const first = Math.min(count - 2, Math.floor(at));
  return [first, at - first];
}

/** The class that leads at each pixel of a row of pixels, from scores on a grid (class by class, rows from below). */
function leaders(scores, classes, [columns, rows], down, [wide, high], into) {
  const [row, up] = between(high - 1 - down, high, rows);
  for (let across = 0; across < wide; across++) {
    const [column, on] = between(across, wide, columns);
    let best = -Infinity;
    for (let one = 0; one < classes; one++) {
      const at = one * columns * rows + row * columns + column;
      const low = scores[at] + on * (scores[at + 1] - scores[at]);
      const above = scores[at + columns] + on * (scores[at + columns + 1] - scores[at + columns]);
      const score = low + up * (above - low);
      if (score > best) { best = score; into[across] = one; }
    }
  }
}
