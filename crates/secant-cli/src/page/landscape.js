// The loss around the weights: along one direction as a curve, along two as a map and a surface, with the loss at the place that is looked at.

function landscapeView(root, data) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const { span, points, labels } = data;
  const losses = data.losses.map((loss) => loss ?? NaN);
  const isPlane = labels.length === 2;
  const ends = [-span, span], axis = lossAxis(losses);
  const at = (place) => span * ((2 * place) / (points - 1) - 1);
  const rows = Array.from({ length: isPlane ? points : 1 }, (_, row) => losses.slice(row * points, (row + 1) * points));
  const heights = rows.map((row) => row.map((loss) => (Number.isFinite(loss) ? axis.place(loss) : NaN)));
  const plane = isPlane
    ? new Plane(part("plane"), { x: ends, y: ends, width: 560, height: 540, labels })
    : new Plane(part("plane"), { x: ends, y: axis.ends, height: 420, labels: [labels[0], "loss"], powers: [false, axis.powers] });
  const draws = [];
  if (isPlane) {
    draws.push(heatMap(plane, heights, axis.ends));
    const lines = levels(heights, 12).map((level) => contours(heights, level, () => false));
    for (const pairs of lines) plane.line("level", pairs.map((pair) => pair.map((place) => place.map(at))));
  } else {
    plane.line("curve", [heights[0].map((height, place) => [at(place), height]).filter(([, height]) => !Number.isNaN(height))]);
  }
  const height = (column, row) => heights[row][column];
  const spot = ([column, row]) => [at(column), isPlane ? at(row) : height(column, 0)];
  plane.dot("second", isPlane ? [0, 0] : [0, axis.place(data.centre ?? NaN)]).setAttribute("r", 8);
  const handle = plane.above.appendChild(element("g", {
    class: "handle", tabindex: 0, role: "slider", "aria-label": "the place that is looked at", "aria-valuemin": -span, "aria-valuemax": span,
  }));
  const dot = plane.dot("first", undefined, handle), ring = plane.dot("ring", undefined, handle);
  ring.setAttribute("r", 11);

  const surface = isPlane ? surfaceView(part("surface"), heights, axis.ends) : null;
  if (surface) draws.push(surface.draw);
  const say = speaker(part("status"));
  const write = (name, text) => { part(name).textContent = text; };
  const finite = losses.map((_, place) => place).filter((place) => Number.isFinite(losses[place]));
  const least = finite.reduce((best, place) => (losses[place] < losses[best] ? place : best), finite[0]);
  const most = finite.reduce((best, place) => (losses[place] > losses[best] ? place : best), finite[0]);
  write("centre", told(data.centre ?? NaN, 6));
  write("least", told(losses[least], 6));
  write("most", told(losses[most], 6));
  let place = [];

  /** Only places of the grid are looked at: their losses were computed, and nothing between them is guessed. */
  function look(wanted) {
    place = [wanted[0], isPlane ? wanted[1] : 0].map((value, side) => Math.min(side && !isPlane ? 0 : points - 1, Math.max(0, Math.round(value))));
    const loss = losses[place[1] * points + place[0]];
    const shares = place.slice(0, labels.length).map((value) => told(Number(at(value).toPrecision(6))));
    shares.forEach((share, side) => write(`place-${side}`, share));
    write("loss", told(loss, 6));
    for (const mark of [dot, ring]) plane.move(mark, spot(place));
    handle.setAttribute("aria-valuenow", at(place[0]));
    handle.setAttribute("aria-valuetext", `${shares.join(", ")}: loss ${told(loss, 6)}`);
    surface?.mark(place);
    say(`At ${shares.join(", ")} the loss is ${told(loss, 6)}.`);
  }
  const back = (share) => ((share / span + 1) / 2) * (points - 1);
  draggable(plane, ([x, y]) => look([back(x), isPlane ? back(y) : 0]));
  plane.svg.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch") { const [x, y] = plane.under(event); look([back(x), isPlane ? back(y) : 0]); }
  });
  handle.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [isPlane ? 0 : 1, 1], ArrowDown: [isPlane ? 0 : -1, -1] };
    const move = moves[event.key];
    if (!move) return;
    look([place[0] + move[0], place[1] + move[1]]);
    event.preventDefault();
  });
  const middle = (points - 1) / 2;
  part("middle").addEventListener("click", () => look([middle, middle]));
  part("lowest").addEventListener("click", () => look([least % points, Math.floor(least / points)]));
  redrawnByTheme(() => draws.forEach((draw) => draw()));
  look([middle, middle]);
}

/** The ramp of heights, from low to high. */
function ramp() {
  const [ground, ...stops] = shades("background", "blue", "green", "ochre");
  return stops.map((stop) => mixed(ground, stop, 0.8));
}

/** Colours by height beneath a plane; places without a height stay empty. */
function heatMap(plane, heights, [low, high]) {
  const canvas = canvasUnder(plane, 1), count = heights.length;
  const draw = () => {
    const { width, height } = canvas, context = canvas.getContext("2d"), stops = ramp();
    const image = context.createImageData(width, height);
    for (let down = 0; down < height; down++) {
      const [row, up] = between(height - 1 - down, height, count);
      for (let across = 0; across < width; across++) {
        const [column, on] = between(across, width, count);
        const [a, b] = [row, row + 1].map((row) => heights[row][column] + on * (heights[row][column + 1] - heights[row][column]));
        const here = a + up * (b - a);
        if (Number.isNaN(here)) continue;
        image.data.set([...onRamp(stops, (here - low) / (high - low)), 255], 4 * (down * width + across));
      }
    }
    context.putImageData(image, 0, 0);
  };
  draw();
  return draw;
}

/** The surface of heights on a canvas, turned by dragging and by the arrow keys; `mark` shows a place of the grid on it. */
function surfaceView(canvas, heights, [low, high]) {
  // Whatever way it is turned, a corner is never further from the middle than √(2 + TALL²) times the scale.
  const [WIDE, HIGH, SCALE, TALL, MOST] = [1120, 1000, 325, 0.55, 60];
  Object.assign(canvas, { width: WIDE, height: HIGH });
  const count = heights.length, stride = Math.ceil((count - 1) / MOST), cells = Math.floor((count - 1) / stride);
  const share = (column, row) => (heights[row][column] - low) / (high - low);
  const corner = (column, row) => [(2 * column) / (count - 1) - 1, (2 * row) / (count - 1) - 1, TALL * (2 * share(column, row) - 1)];
  let turn = -0.6, tilt = 0.6, marked = null;
  const onCanvas = (point) => {
    const [across, down] = seen([point[0], -point[1], point[2]], turn, tilt);
    return [WIDE / 2 + SCALE * across, HIGH / 2 + SCALE * down];
  };
  const css = (colour) => `rgb(${colour.map(Math.round).join(" ")})`;

  function draw() {
    const context = canvas.getContext("2d"), stops = ramp();
    const [ground, ink, faint, red, blue] = shades("background", "ink", "faint", "red", "blue");
    const polygon = (points) => {
      context.beginPath();
      points.forEach((point, place) => context[place ? "lineTo" : "moveTo"](...onCanvas(point)));
      context.closePath();
    };
    context.clearRect(0, 0, WIDE, HIGH);
    context.lineWidth = 2;
    context.strokeStyle = css(mixed(ground, faint, 0.7));
    polygon([[-1, -1, -TALL], [1, -1, -TALL], [1, 1, -TALL], [-1, 1, -TALL]]);
    context.stroke();
    // The farthest cells are drawn first: along each side of the grid from the end that is far away.
    const order = (isFar) => Array.from({ length: cells }, (_, place) => (isFar ? place : cells - 1 - place) * stride);
    for (const row of order(Math.cos(turn) < 0)) {
      for (const column of order(Math.sin(turn) > 0)) {
        const corners = [[column, row], [column + stride, row], [column + stride, row + stride], [column, row + stride]];
        const points = corners.map(([i, j]) => corner(i, j));
        if (!points.every((point) => Number.isFinite(point[2]))) continue;
        const mean = corners.reduce((sum, [i, j]) => sum + share(i, j), 0) / 4;
        // Light from one side shows slopes that colours by height do not.
        const slope = (points[1][2] - points[0][2] + points[2][2] - points[3][2]) * (count - 1) / (4 * stride);
        const colour = onRamp(stops, mean), light = slope / Math.hypot(1, slope);
        const lit = light > 0 ? mixed(colour, [255, 255, 255], 0.25 * light) : mixed(colour, [0, 0, 0], -0.3 * light);
        polygon(points);
        context.fillStyle = css(lit);
        context.fill();
        context.strokeStyle = css(mixed(lit, ink, 0.12));
        context.lineWidth = 1;
        context.stroke();
      }
    }
    const middle = (count - 1) / 2;
    const weights = [0, 0, corner(Math.round(middle), Math.round(middle))[2]];
    for (const [point, radius, fill, edge] of [[weights, 14, ground, red], [marked && corner(...marked), 9, blue, ground]]) {
      if (!point || !Number.isFinite(point[2])) continue;
      context.beginPath();
      context.arc(...onCanvas(point), radius, 0, 2 * Math.PI);
      context.fillStyle = css(fill);
      context.fill();
      context.strokeStyle = css(edge);
      context.lineWidth = 4;
      context.stroke();
    }
  }

  function turned(across, up) {
    turn += across;
    tilt = Math.min(1.45, Math.max(0.1, tilt + up));
    draw();
  }
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); canvas.focus({ preventScroll: true }); event.preventDefault(); });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) turned(-event.movementX / 150, event.movementY / 150);
  });
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [0.1, 0], ArrowRight: [-0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
    if (move) { turned(...move); event.preventDefault(); }
  });
  draw();
  return { draw, mark(place) { marked = place; draw(); } };
}
