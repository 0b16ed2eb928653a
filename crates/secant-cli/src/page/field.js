// A field of colours beneath a plane, pixel by pixel, and the colours of the page as numbers.

/** A canvas that lies beneath the inside of a plane; `scale` pixels for each unit of the picture. */
function canvasUnder(plane, scale = 2) {
  const { left, right, top, bottom } = plane.edge, { svg, width, height } = plane;
  const canvas = document.createElement("canvas");
  const wide = width - left - right, high = height - top - bottom;
  Object.assign(canvas, { width: wide * scale, height: high * scale, className: "under" });
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  Object.assign(canvas.style, { left: percent(left, width), top: percent(top, height), width: percent(wide, width), height: percent(high, height) });
  canvas.setAttribute("aria-hidden", "true");
  const frame = document.createElement("div");
  frame.className = "field";
  svg.replaceWith(frame);
  frame.append(canvas, svg);
  return canvas;
}

/** Shades of the page by their names, as red, green and blue. */
function shades(...names) {
  const style = getComputedStyle(document.documentElement);
  return names.map((name) => rgb(style.getPropertyValue(`--${name}`)));
}

/** Calls `draw` again where the page turns dark or light. */
function redrawnByTheme(draw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

/** The axis of a loss: by powers of ten where losses are far apart and all above 0. */
function lossAxis(losses) {
  const finite = losses.filter(Number.isFinite);
  const low = Math.min(...finite), high = Math.max(...finite);
  const powers = low > 0 && high > 8 * low;
  const place = (loss) => (powers ? Math.log10(loss) : loss);
  const room = 0.06 * (place(high) - place(low) || 1);
  return { powers, place, ends: [place(low) - room, place(high) + room] };
}
