// Which class a network sees where, as its training goes on, with the loss beside.

/** The shades of the classes, in their order. */
const CLASS_SHADES = ["blue", "red", "green", "purple", "ochre", "cyan", "magenta", "eighth", "ninth", "tenth", "eleventh", "twelfth"];

function regionsView(root, data) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const { x, y, moments, grid, classes } = data;
  const plane = new Plane(part("plane"), { x, y, height: 460, labels: data.labels });
  const canvas = canvasUnder(plane);
  for (const [across, up, one] of data.points) plane.dot(`sample class-${one % CLASS_SHADES.length}`, [across, up]).setAttribute("r", 3.2);

  const all = [...data.losses, ...data.validation];
  const axis = lossAxis([...all.map(([, loss]) => loss), ...moments.map((moment) => moment.loss)]);
  const last = moments.at(-1).epoch;
  const chart = new Plane(part("losses"), {
    x: [0, 1.05 * (last || 1)], y: axis.ends, width: 400, height: 240, labels: ["epoch", "loss"], powers: [false, axis.powers],
  });
  const placed = (points) => [points.map(([epoch, loss]) => [epoch, axis.place(loss)])];
  chart.line("tangent", placed(data.losses));
  chart.line("secant-whole", placed(data.validation));
  const now = chart.line("guide"), ball = chart.dot("ball");

  const say = speaker(part("status"));
  const slider = part("moment");
  slider.max = moments.length - 1;
  let shown = moments.length - 1;

  function paint() {
    const { width, height } = canvas, context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    const [ground, ...colours] = shades("background", ...CLASS_SHADES);
    const areas = colours.map((colour) => mixed(ground, colour, 0.22)), borders = colours.map((colour) => mixed(ground, colour, 0.75));
    const scores = fromSigns(moments[shown].scores);
    let above = new Uint8Array(width), own = new Uint8Array(width);
    for (let down = 0; down < height; down++) {
      leaders(scores, classes, grid, down, [width, height], own);
      if (down === 0) above.set(own);
      for (let across = 0; across < width; across++) {
        const one = own[across];
        const isBorder = one !== above[across] || (across > 0 && one !== own[across - 1]);
        const colour = (isBorder ? borders : areas)[one % CLASS_SHADES.length], at = 4 * (down * width + across);
        for (let place = 0; place < 3; place++) image.data[at + place] = colour[place];
        image.data[at + 3] = 255;
      }
      [above, own] = [own, above];
    }
    context.putImageData(image, 0, 0);
  }

  function show(moment) {
    shown = moment;
    slider.value = moment;
    const { epoch, loss, accuracy } = moments[moment];
    const write = (name, text) => { part(name).textContent = text; };
    write("epoch", told(epoch));
    write("epoch-told", told(epoch));
    write("loss", told(loss ?? NaN, 5));
    write("accuracy", told(accuracy ?? NaN, 3));
    slider.setAttribute("aria-valuetext", `epoch ${epoch}`);
    now.setAttribute("d", chart.path([axis.ends.map((end) => [epoch, end])]));
    // Where samples are kept apart, the loss of all lies between the two curves.
    chart.move(ball, [epoch, data.validation.length ? NaN : axis.place(loss)]);
    paint();
    say(`Epoch ${epoch}: loss ${told(loss, 5)}.`);
  }

  let due = 0;
  const stop = motion(part("run"), ["▶ Run", "❚❚ Pause"], (seconds) => {
    if (due === 0 && shown === moments.length - 1) show(0);
    due += seconds * 10;
    for (; due >= 1; due -= 1) {
      if (shown < moments.length - 1) show(shown + 1);
    }
    if (shown < moments.length - 1) return true;
    due = 0;
    return false;
  });
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  part("first").addEventListener("click", () => { stop(); show(0); });
  part("last").addEventListener("click", () => { stop(); show(moments.length - 1); });
  redrawnByTheme(paint);
  show(shown);
}
