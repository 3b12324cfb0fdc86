// On paper: the map with its legend on one sheet, then the tables.
LB.legendOnPaper = () => {
  const sheet = document.querySelector(".lb-paper-legend");
  const parts = [];
  for (const box of document.querySelectorAll("input[data-layer]:checked")) {
    const item = box.closest("li");
    const part = LB.element("div", "lb-paper-layer");
    part.append(LB.element("h3", "", item.querySelector("label span").textContent));
    const note = item.querySelector(".lb-note");
    if (note) part.append(note.cloneNode(true));
    for (const list of item.querySelectorAll(".lb-legend:not([hidden])")) part.append(list.cloneNode(true));
    parts.push(part);
  }
  sheet.replaceChildren(...parts);
  const words = document.getElementById("lb-period-words");
  document.querySelector(".lb-paper-period").textContent = words && LB.periodsShown().length ? words.textContent : "";
};

LB.printing = (map) => {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    LB.legendOnPaper();
    opened = [...document.querySelectorAll("details:not([open]):not([data-list])")];
    for (const node of opened) node.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const node of opened) node.open = false;
  });
  const button = document.querySelector(".lb-print");
  button.addEventListener("click", () => window.print());
  // The paper has its own size, known only when its layout is made: draw anew for it, and back.
  let before = null;
  matchMedia("print").addEventListener("change", ({ matches }) => {
    if (matches) before = { bounds: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom() };
    map.invalidateSize({ animate: false, pan: false });
    if (matches) map.fitBounds(before.bounds, { animate: false });
    else if (before) map.setView(before.centre, before.zoom, { animate: false });
    if (LB.swipe) LB.swipe.place();
    LB.canvas(map)._redraw();
  });
};
