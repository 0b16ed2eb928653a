// The curve with its tangent and secant, the derivative traced below, and the error against delta.

function slopeView(root, data, formula) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const { view, places, moving, at } = data;
  const inputs = (x) => at.map((held, input) => (input === moving ? x : held));
  const along = {
    value: (x) => formula.value(...inputs(x)),
    slope: (x) => exactSlope(x),
    higher: formula.higher.map((derivative) => (x) => derivative(...inputs(x))),
  };
  const placeAt = (x) => places.find((place) => place.x === x);
  // Where the rules of the derivative give a number but the curve has no tangent, the library's word counts.
  const exactSlope = (x) => {
    const place = placeAt(x);
    if (place) return place.slope ?? NaN;
    const [value, gradient] = formula.value_and_gradient(...inputs(x));
    return Number.isNaN(value) ? NaN : gradient[moving];
  };

  const heights = [380, 230];
  const margin = Math.max(marginBeside(view.y, heights[0]), marginBeside(view.slope, heights[1]));
  const curve = new Plane(part("curve"), { x: view.x, y: view.y, margin, labels: [data.variable, data.label], height: heights[0] });
  const below = new Plane(part("derivative"), { x: view.x, y: view.slope, margin, labels: [data.variable, data.slopeLabel], height: heights[1] });
  // Rounding and truncation grow with the slopes.
  const floor = Math.round(Math.log10(Math.max(...view.slope.map(Math.abs), 1e-280))) - 18;
  const chart = new Plane(part("error"), { x: [-12.4, 0.4], y: [floor, floor + 20], margin, labels: ["delta", "error of the secant"], height: 270, powers: [true, true] });

  curve.line("curve", data.curve);
  below.line("curve faint", data.derivative);
  markPlaces(curve, below, places);
  const guide = curve.line("guide"), guideBelow = below.line("guide");
  const secant = curve.line("secant"), tangent = curve.line("tangent");
  const second = curve.dot("second");
  const trace = below.line("tangent"), slopeDot = below.dot("first");
  const errors = chart.line("rough-error"), law = chart.line("guide"), mark = chart.dot("second");
  const handle = curve.above.appendChild(element("g", {
    class: "handle", tabindex: 0, role: "slider", "aria-label": `the point, ${data.variable}`,
    "aria-valuemin": view.x[0], "aria-valuemax": view.x[1],
  }));
  const first = curve.dot("first", undefined, handle);
  const ring = curve.dot("ring", undefined, handle);
  ring.setAttribute("r", 11);

  const grid = roundStep((view.x[1] - view.x[0]) / 500);
  const step = grid * 5;
  const slider = part("delta");
  const say = speaker(part("status"));
  let x = data.start, delta = data.delta;

  /** Near a place that has a name the point goes onto it, so that what it is can be read. */
  function goTo(wanted, isExact = false) {
    const free = isExact ? wanted : toGrid(wanted, grid);
    const near = places.find((place) => place.x !== null && Math.abs(place.x - free) < grid * (isExact ? 0 : 2));
    x = Math.min(view.x[1], Math.max(view.x[0], near ? near.x : free));
    draw();
  }

  function draw() {
    const place = placeAt(x);
    const found = secantAt(along, x, delta);
    const broken = placeBetween(places, Math.min(x, found.second), Math.max(x, found.second));
    const height = Number.isFinite(found.y1) ? found.y1 : place?.leftLimit ?? place?.rightLimit ?? NaN;
    curve.move(first, [x, found.y1]);
    curve.move(ring, [x, Number.isFinite(height) ? height : (view.y[0] + view.y[1]) / 2]);
    curve.move(second, [found.second, found.y2]);
    secant.setAttribute("d", curve.path(curve.through([x, found.y1], found.slope)));
    tangent.setAttribute("d", curve.path(tangentAt(place, found)));
    guide.setAttribute("d", curve.path([[[x, view.y[0]], [x, found.y1]]].filter(([, end]) => Number.isFinite(end[1]))));
    guideBelow.setAttribute("d", Number.isFinite(found.exact) ? below.path([[[x, view.slope[1]], [x, found.exact]]]) : "");
    trace.setAttribute("d", below.path(upTo(data.derivative, x, found.exact)));
    below.move(slopeDot, [x, found.exact]);
    drawErrors(found, broken);
    tell(found, place, broken);
  }

  /** The tangent, or what there is on either side. */
  function tangentAt(place, found) {
    if (!place || place.slope !== null) return curve.through([x, found.y1], found.exact);
    const side = (slope, limit, end) => {
      const from = limit ?? found.y1;
      return slope === null || !Number.isFinite(from) ? [] : [[[x, from], [end, from + slope * (end - x)]]];
    };
    return [...side(place.left, place.leftLimit, view.x[0]), ...side(place.right, place.rightLimit, view.x[1])];
  }

  function drawErrors(found, broken) {
    const runs = [[]];
    for (let exponent = 0; exponent >= -12.001; exponent -= 0.05) {
      const error = Math.abs(secantAt(along, x, 10 ** exponent).error);
      if (Number.isFinite(error)) runs.at(-1).push([exponent, Math.max(floor, Math.log10(error))]);
      else runs.push([]);
    }
    errors.setAttribute("d", chart.path(runs));
    const bend = Math.abs(along.higher[0]?.(x) ?? NaN) / 2;
    const isLaw = bend > 0 && Number.isFinite(bend) && !placeAt(x);
    law.setAttribute("d", isLaw ? chart.path([[[-12.4, Math.log10(bend) - 12.4], [0.4, Math.log10(bend) + 0.4]]]) : "");
    chart.move(mark, [Math.log10(delta), found.error === 0 ? floor : Math.log10(Math.abs(found.error))]);
  }

  function tell(found, place, broken) {
    const write = (name, text) => { part(name).textContent = text; };
    write("x", told(x));
    write("f", Number.isFinite(found.y1) ? told(found.y1) : "none");
    write("delta-told", told(delta));
    write("secant", Number.isFinite(found.slope) ? told(found.slope) : "none");
    write("slope", told(found.exact));
    write("error-told", told(found.error, 3));
    const isSplit = Number.isFinite(found.truncation) && !broken;
    write("truncation", isSplit ? told(found.truncation, 3) : "not told apart");
    write("rounding", isSplit ? told(found.rounding, 3) : "not told apart");
    const isRounding = isSplit && Math.abs(found.rounding) > Math.abs(found.truncation);
    const isTruncation = isSplit && !isRounding && found.error !== 0;
    part("rounding").parentElement.classList.toggle("greater", isRounding);
    part("truncation").parentElement.classList.toggle("greater", isTruncation);
    const remark = remarkOn(found, place, broken, isRounding, isTruncation);
    write("remark", remark);
    const slope = Number.isFinite(found.exact) ? `slope ${told(found.exact, 6)}` : `no slope, ${place?.kind ?? "no value"}`;
    handle.setAttribute("aria-valuenow", x);
    handle.setAttribute("aria-valuetext", `${data.variable} = ${told(x)}, ${slope}`);
    slider.setAttribute("aria-valuetext", `delta ${told(delta)}`);
    say(`${data.variable} = ${told(x)}, ${slope}; with delta ${told(delta)} the secant has ${Number.isFinite(found.slope) ? told(found.slope, 6) : "no slope"}. ${remark}`);
  }

  function remarkOn(found, place, broken, isRounding, isTruncation) {
    if (place && place.slope === null) return `At ${data.variable} = ${told(x)} there is no derivative: ${place.words}.`;
    if (!Number.isFinite(found.y1)) return "The function has no value here.";
    if (!Number.isFinite(found.exact)) return "The derivative has no value here.";
    if (broken && broken.x !== x) return `The secant reaches across ${data.variable} = ${told(broken.x ?? broken.from, 6)}: ${broken.words}. It tells nothing of the tangent.`;
    if (!Number.isFinite(found.y2)) return "At the second point the function has no value.";
    if (found.second === x) return "Delta is below the distance of two neighbouring numbers: both points are one.";
    if (isRounding) return "Rounding is the greater part now: y₁ and y₂ agree in so many digits that few are left for their difference. A smaller delta makes it worse.";
    if (isTruncation) return "Truncation is the greater part: the second point is still too far away. A smaller delta helps.";
    return "";
  }

  slider.addEventListener("input", () => { stopAll(); delta = deltaAt(Number(slider.value)); draw(); });
  handle.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step, PageUp: 10 * step, PageDown: -10 * step };
    const ends = { Home: view.x[0], End: view.x[1] };
    if (event.key in moves) goTo(toGrid(x, step) + moves[event.key]);
    else if (event.key in ends) goTo(ends[event.key]);
    else return;
    stopAll();
    event.preventDefault();
  });
  draggable(curve, ([wanted]) => { stopAll(); goTo(wanted); });
  for (const button of root.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => { stopAll(); goTo(Number(button.dataset.go), true); });
  }

  const stopShrink = motion(part("shrink"), ["▶ Let delta shrink", "❚❚ Pause"], (seconds) => {
    const from = Number(slider.value) <= -12 ? 0 : Number(slider.value);
    slider.value = from - Math.max(0.1, seconds);
    delta = deltaAt(Number(slider.value));
    draw();
    return Number(slider.value) > -12;
  });
  const stopTravel = motion(part("travel"), ["▶ Travel along the curve", "❚❚ Pause"], (seconds) => {
    const [low, high] = view.x;
    const from = x >= high ? low : x;
    // A place that has a name is not jumped over.
    const to = Math.min(high, from + (seconds * (high - low)) / 10);
    const met = places.find((place) => place.x !== null && place.x > from && place.x <= to);
    x = met ? met.x : to;
    draw();
    return x < high;
  });
  function stopAll() { stopShrink(); stopTravel(); }

  slider.value = Math.log10(delta);
  draw();
}

/** The pieces of a curve from the left to x. */
function upTo(pieces, x, height) {
  return pieces.map((piece) => {
    const left = piece.filter(([at]) => at <= x);
    const isWithin = left.length > 0 && left.length < piece.length && Number.isFinite(height);
    return isWithin ? [...left, [x, height]] : left;
  });
}

/** Corners, jumps and poles: the ends of the curve that it does not take, and the word. */
function markPlaces(curve, below, places) {
  for (const place of places.filter((place) => place.slope === null)) {
    const x = place.x ?? (place.from + place.to) / 2;
    // A corner joins its sides; only the derivative breaks there.
    const broken = place.kind === "corner" && curve !== below ? [below] : place.kind === "corner" ? [] : [curve, below];
    for (const plane of broken) plane.line("break", [[[x, plane.y[0]], [x, plane.y[1]]]]);
    for (const limit of [place.leftLimit, place.rightLimit]) {
      if (limit !== null) curve.dot("hollow", [x, limit]);
    }
    curve.text("word", place.kind, curve.across(x) + 6, curve.edge.top + 14, "start");
  }
}
