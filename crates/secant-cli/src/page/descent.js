// Rolling downhill: along the curve of one variable, over the contour lines of two.

function descentView(root, data, formula) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const isPlane = data.variables.length === 2;
  const { view } = data;
  const names = data.variables;
  const placeAt = (x) => (isPlane ? undefined : data.places.find((place) => place.x === x && place.slope === null));
  // Where the library says that there is no slope, none is followed.
  const valueAndGradient = (at) => {
    const [value, gradient] = formula.value_and_gradient(...at);
    return placeAt(at[0]) ? [value, [NaN]] : [value, gradient];
  };
  const plane = new Plane(part("plane"), {
    x: view.x, y: view.y, height: isPlane ? 460 : 380,
    labels: isPlane ? names : [names[0], data.label],
  });
  if (isPlane) drawContours(plane, formula, data);
  else {
    plane.line("curve", data.curve);
    markPlaces(plane, plane, data.places);
  }
  const spot = (at) => (isPlane ? at : [at[0], formula.value(...at)]);
  const path = plane.line("tangent"), dots = plane.inside.appendChild(element("g"));
  const ball = plane.dot("ball");
  ball.setAttribute("r", 8);
  const handle = plane.above.appendChild(element("g", {
    class: "handle", tabindex: 0, role: "slider", "aria-label": "the start",
    "aria-valuemin": view.x[0], "aria-valuemax": view.x[1],
  }));
  const startDot = plane.dot("second", undefined, handle), ring = plane.dot("ring", undefined, handle);
  ring.setAttribute("r", 11);

  const size = Math.hypot(view.x[1] - view.x[0], isPlane ? view.y[1] - view.y[0] : 0);
  const grid = [view.x, view.y].map(([low, high]) => roundStep((high - low) / 200));
  const say = speaker(part("status"));
  let rate = data.rate;
  const momentum = () => Number(part("momentum").value);
  let start = [...data.from];
  let descent = descentFrom(start);

  function draw() {
    const shown = descent.path.map(spot);
    path.setAttribute("d", isPlane || shown.length < 2 ? plane.path([shown.filter((at) => at.every(Number.isFinite))]) : "");
    dots.replaceChildren();
    for (const at of shown.slice(-200)) plane.dot("step", at, dots).setAttribute("r", 3);
    plane.move(ball, shown.at(-1));
    for (const dot of [startDot, ring]) plane.move(dot, spot(start));
    tell();
  }

  function tell() {
    const write = (name, text) => { part(name).textContent = text; };
    const at = descent.at, [value, gradient] = valueAndGradient(at);
    const place = names.map((name, input) => `${name} = ${told(at[input], 6)}`).join(", ");
    write("rate-told", told(rate));
    write("momentum-told", told(momentum()));
    write("steps", told(descent.steps));
    write("at", place);
    write("f", told(value, 8));
    write("steepness", told(isPlane ? Math.hypot(...gradient) : gradient[0], 6));
    const isIn = at.every((x, input) => x >= [view.x, view.y][input][0] && x <= [view.x, view.y][input][1]) || !at.every(Number.isFinite);
    const corner = placeAt(at[0]);
    const words = [inWords(descent), corner ? `Here is ${corner.words}.` : "", isIn ? "" : "The ball is outside the picture.", rateRemark(at)];
    write("remark", words.filter(Boolean).join(" "));
    handle.setAttribute("aria-valuenow", start[0]);
    handle.setAttribute("aria-valuetext", names.map((name, input) => `${name} = ${told(start[input])}`).join(", "));
    part("rate").setAttribute("aria-valuetext", `learning rate ${told(rate)}`);
    say(`${place}, value ${told(value, 6)}. ${inWords(descent)}`);
  }

  /** Without momentum, steps fall short of the other side of the valley while the rate is below 2/f''. */
  function rateRemark(at) {
    const bend = isPlane ? NaN : formula.higher[0]?.(...at);
    return bend > 0 && momentum() === 0 && descent.state !== "diverged"
      ? `With the bend of the curve here, rates above 2/f″ = ${told(2 / bend, 3)} lead away.` : "";
  }

  function advance() {
    if (!goesOn(descent)) return false;
    descent = descent.steps >= data.most ? { ...descent, state: "unsettled" } : descend(descent, rate, momentum(), valueAndGradient, size);
    draw();
    return goesOn(descent);
  }

  function startAt(wanted) {
    stop();
    const ends = [view.x, view.y];
    start = start.map((_, input) => Math.min(ends[input][1], Math.max(ends[input][0], toGrid(wanted[input], grid[input]))));
    descent = descentFrom(start);
    draw();
  }

  let due = 0;
  const stop = motion(part("run"), ["▶ Run", "❚❚ Pause"], (seconds) => {
    due += seconds * 8;
    for (; due >= 1; due -= 1) if (!advance()) { due = 0; return false; }
    return true;
  });
  part("step").addEventListener("click", () => { stop(); advance(); });
  part("reset").addEventListener("click", () => startAt(start));
  part("rate").addEventListener("input", () => {
    rate = deltaAt(Number(part("rate").value));
    startAt(start);
  });
  part("momentum").addEventListener("input", () => startAt(start));
  draggable(plane, startAt);
  handle.addEventListener("keydown", (event) => {
    const [right, up] = [grid[0] * 5, grid[1] * 5];
    const moves = { ArrowLeft: [-right, 0], ArrowRight: [right, 0], ArrowUp: isPlane ? [0, up] : [right, 0], ArrowDown: isPlane ? [0, -up] : [-right, 0] };
    const move = moves[event.key];
    if (!move) return;
    startAt(start.map((x, input) => x + move[input]));
    event.preventDefault();
  });

  const power = Math.log10(rate), [least, most] = [Math.floor(power) - 2, Math.ceil(power) + 2];
  part("rate").min = Math.min(-4, least);
  part("rate").max = Math.max(1, most);
  part("rate").value = power;
  part("momentum").value = data.momentum;
  draw();
}

/** Contour lines of two variables; cells in which the library proves nothing are shaded, and no line crosses them. */
function drawContours(plane, formula, data) {
  const cells = data.cells, { x, y } = data.view;
  const at = (ends, place) => ends[0] + (place / cells) * (ends[1] - ends[0]);
  const grid = Array.from({ length: cells + 1 }, (_, row) =>
    Array.from({ length: cells + 1 }, (_, column) => formula.value(at(x, column), at(y, row))));
  const rough = new Set(data.rough);
  const isRough = (column, row) => rough.has(row * cells + column);
  for (const cell of data.rough) {
    const [column, row] = [cell % cells, Math.floor(cell / cells)];
    const corners = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]];
    plane.line("rough", [corners.map(([i, j]) => [at(x, column + i), at(y, row + j)])]);
  }
  const all = levels(grid, 16);
  all.forEach((level, place) => {
    const lines = contours(grid, level, isRough).map((pair) => pair.map(([i, j]) => [at(x, i), at(y, j)]));
    plane.line("contour", lines).style.opacity = 0.35 + (0.65 * (place + 1)) / all.length;
  });
}
