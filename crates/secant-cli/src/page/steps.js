// A derivation one rule at a time: next, back, all. Without scripts, and on paper, all of it is there.

function stepsView(root) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const steps = [...root.querySelectorAll(".step")];
  let shown = 1, isHint = true;

  function draw() {
    steps.forEach((step, place) => {
      step.classList.toggle("hidden", place >= shown);
      step.classList.toggle("current", place === shown - 1);
      step.classList.toggle("hint", isHint && place === shown - 1);
    });
    const isEnd = shown === steps.length && !isHint;
    part("next").textContent = isHint ? "Show what comes out" : "Next rule";
    part("next").disabled = isEnd;
    part("back").disabled = shown === 1 && isHint;
    part("count").textContent = `Step ${shown} of ${steps.length}`;
    const rule = steps[shown - 1].querySelector("h3").textContent.trim();
    part("status").textContent = `Step ${shown} of ${steps.length}: ${rule}${isHint ? ", a hint" : ""}`;
  }
  part("next").addEventListener("click", () => {
    if (isHint) isHint = false;
    else { shown += 1; isHint = true; }
    draw();
  });
  part("back").addEventListener("click", () => {
    if (!isHint) isHint = true;
    else { shown -= 1; isHint = false; }
    draw();
  });
  part("all").addEventListener("click", () => { shown = steps.length; isHint = false; draw(); });
  part("buttons").hidden = false;
  draw();
}
