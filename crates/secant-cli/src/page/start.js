// Each section of the page is woken with its data and the generated functions.

const page = JSON.parse(document.getElementById("data").textContent);
const views = { slope: slopeView, descent: descentView, steps: stepsView, regions: regionsView, landscape: landscapeView };
for (const section of document.querySelectorAll("[data-view]")) {
  const kind = section.dataset.view;
  views[kind](section, page[kind], formula);
}
