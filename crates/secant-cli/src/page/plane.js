// A part of the plane as SVG: axes, curves in pieces, marks. It knows points and lines, not what they mean.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children. */
function element(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

class Plane {
  /** Within an svg element, x and y from low to high; the labels are of the axes. Planes above each other share their margin. */
  constructor(svg, { x, y, width = 640, height = 360, margin = marginBeside(y, height), labels = ["x", "y"], powers = [false, false] }) {
    Object.assign(this, { svg, x, y, width, height, powers });
    this.edge = { left: margin, right: 14, top: 14, bottom: 34 };
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const { left, right, top, bottom } = this.edge;
    const id = `${svg.id}-inside`;
    const frame = { x: left, y: top, width: width - left - right, height: height - top - bottom };
    svg.replaceChildren(element("clipPath", { id }, element("rect", frame)));
    this.furniture = svg.appendChild(element("g", { class: "furniture", "aria-hidden": "true" }));
    this.inside = svg.appendChild(element("g", { "clip-path": `url(#${id})`, "aria-hidden": "true" }));
    this.above = svg.appendChild(element("g"));
    this.#furnish(labels);
  }

  /** From a point of the plane to one of the picture, and back. */
  across(x) {
    const { left, right } = this.edge;
    return left + ((x - this.x[0]) / (this.x[1] - this.x[0])) * (this.width - left - right);
  }
  down(y) {
    const { top, bottom } = this.edge;
    return top + ((this.y[1] - y) / (this.y[1] - this.y[0])) * (this.height - top - bottom);
  }
  /** Where a pointer is, in the plane. */
  under(event) {
    const box = this.svg.getBoundingClientRect(), { left, right, top, bottom } = this.edge;
    const across = ((event.clientX - box.left) / box.width) * this.width;
    const down = ((event.clientY - box.top) / box.height) * this.height;
    return [
      this.x[0] + ((across - left) / (this.width - left - right)) * (this.x[1] - this.x[0]),
      this.y[1] - ((down - top) / (this.height - top - bottom)) * (this.y[1] - this.y[0]),
    ];
  }

  /** The path through runs of points, as far as it can be seen. */
  path(pieces) {
    const [low, high] = this.y, air = high - low;
    const run = (piece) => piece.map(([x, y]) => `${this.across(x).toFixed(2)} ${this.down(y).toFixed(2)}`).join("L");
    const seen = pieces.flatMap((piece) => withinHeights(piece, low - air, high + air));
    return seen.map((piece) => `M${run(piece)}`).join("");
  }

  line(kind, pieces = [], into = this.inside) {
    return into.appendChild(element("path", { class: kind, d: this.path(pieces) }));
  }
  dot(kind, [x, y] = [NaN, NaN], into = this.inside) {
    const made = into.appendChild(element("circle", { class: kind, r: 5 }));
    this.move(made, [x, y]);
    return made;
  }
  /** Puts a dot in its place, and hides it where there is none, or none to be seen. */
  move(dot, [x, y]) {
    const [across, down] = [this.across(x), this.down(y)];
    dot.style.display = Math.abs(across) < 1e4 && Math.abs(down) < 1e4 ? "" : "none";
    if (!dot.style.display) dot.setAttribute("transform", `translate(${across} ${down})`);
  }
  text(kind, content, x, y, anchor = "middle", into = this.inside) {
    return into.appendChild(element("text", { class: kind, x, y, "text-anchor": anchor }, content));
  }

  /** A line through a point, over the whole width. */
  through([x, y], slope) {
    if (!Number.isFinite(slope) || !Number.isFinite(y)) return [];
    return [this.x.map((end) => [end, y + slope * (end - x)])];
  }

  #furnish(labels) {
    const { left, right, top, bottom } = this.edge;
    const [floor, end] = [this.height - bottom, this.width - right];
    const kind = (value, side) => (value === 0 && !this.powers[side] ? "zero" : "grid");
    for (const [value, name] of this.#marks(0)) {
      const x = this.across(value);
      this.furniture.append(element("path", { class: kind(value, 0), d: `M${x} ${top}V${floor}` }));
      this.text("number", name, x, floor + 17, "middle", this.furniture);
    }
    for (const [value, name] of this.#marks(1)) {
      const y = this.down(value);
      this.furniture.append(element("path", { class: kind(value, 1), d: `M${left} ${y}H${end}` }));
      this.text("number", name, left - 8, y + 4, "end", this.furniture);
    }
    this.text("axis", labels[0], end, floor + 29.5, "end", this.furniture);
    this.text("axis", labels[1], left + 6, top + 13, "start", this.furniture);
  }

  /** The marks of an axis, across or up, each with its number as text. */
  #marks(side) {
    const values = side === 0 ? ticks(...this.x, this.width / 80) : ticks(...this.y, marksUp(this.height));
    if (!this.powers[side]) return values.map((value) => [value, tickName(value)]);
    return values.filter(Number.isInteger).map((value) => [value, `10${raised(value)}`]);
  }
}

/** About so many marks stand on an axis of this height. */
function marksUp(height) {
  return Math.max(3, height / 60);
}

/** Room for the longest number at an axis, whose signs are about so wide each. */
function marginBeside(y, height) {
  const sign = 7.4, least = 58;
  return Math.max(least, 16 + sign * Math.max(0, ...ticks(...y, marksUp(height)).map((value) => tickName(value).length)));
}

/** Calls `moved` with the place of the pointer while it drags within a plane. */
function draggable(plane, moved) {
  const { svg } = plane;
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    svg.querySelector(".handle")?.focus({ preventScroll: true });
    moved(plane.under(event));
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) moved(plane.under(event));
  });
}

/** Says what has changed once it stands still, so that a reader aloud is not drowned. */
function speaker(region) {
  let waiting;
  return (text) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { region.textContent = text; }, 700);
  };
}

/** Runs `frame(seconds)` until it gives false or is stopped; where motion is unwelcome, once a second. */
function motion(button, names, frame) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let running = null;
  const stop = () => {
    running = null;
    button.textContent = names[0];
    button.setAttribute("aria-pressed", "false");
  };
  const start = () => {
    const mine = (running = {});
    button.textContent = names[1];
    button.setAttribute("aria-pressed", "true");
    let last = performance.now();
    const turn = () => {
      if (running !== mine) return;
      const now = performance.now(), passed = Math.min(1, (now - last) / 1000);
      last = now;
      if (frame(still.matches ? 1 : passed) === false) return stop();
      if (still.matches) setTimeout(turn, 1000);
      else requestAnimationFrame(turn);
    };
    turn();
  };
  button.addEventListener("click", () => (running ? stop() : start()));
  return stop;
}
