// Starting the map and its panel.
LB.canvas = (map) => {
  if (!map._lbCanvas) {
    map.createPane("lb", map.getPanes().mapPane).style.zIndex = 300;
    map._lbCanvas = new LB.Canvas({ pane: "lb" });
    map._lbCanvas.addTo(map);
  }
  return map._lbCanvas;
};

LB.select = (map, hit) => {
  LB.selected = hit;
  LB.canvas(map).refresh();
};

LB.setLayer = (map, key, on) => {
  if (on) map.addLayer(LB.layers[key]);
  else map.removeLayer(LB.layers[key]);
  const box = document.querySelector(`input[data-layer="${key}"]`);
  if (box) box.checked = on;
};

LB.setView = (map, view) => {
  map.closePopup();
  for (const key of LB.data.order) LB.setLayer(map, key, LB.data.layers[key].views.includes(view));
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
  for (const group of document.querySelectorAll("details.lb-group")) {
    group.open = Boolean(group.querySelector("input[data-layer]:checked"));
  }
};

LB.find = (map, key, index) => {
  const layer = LB.layers[key];
  if (layer.pick) layer.pick(index, map);
  if (!map.hasLayer(layer)) {
    const [view] = layer.data.views;
    if (view) LB.setView(map, view);
    else LB.setLayer(map, key, true);
  }
  const bounds = layer.bounds(index);
  map.fitBounds(bounds, { maxZoom: 16, padding: [80, 80], animate: false });
  LB.show(map, [{ layer, index }], L.latLng(bounds.getNorth(), bounds.getCenter().lng), true);
};

LB.openPanel = (map, open) => {
  document.querySelector(".lb-panel").classList.toggle("lb-open", open);
  document.querySelector(".lb-more").setAttribute("aria-expanded", String(open));
  map.invalidateSize({ animate: false });
};

LB.panel = (map) => {
  const on = (selector, event, act) => {
    for (const node of document.querySelectorAll(selector)) node.addEventListener(event, () => act(node));
  };
  on("[data-view]", "click", (node) => LB.setView(map, node.dataset.view));
  on("input[data-layer]", "change", (node) => {
    LB.setLayer(map, node.dataset.layer, node.checked);
    for (const button of document.querySelectorAll("[data-view]")) button.setAttribute("aria-pressed", "false");
  });
  on("table[data-show] tbody button", "click", (node) => {
    LB.openPanel(map, false);
    const { show, from } = node.closest("table").dataset;
    LB.find(map, show, Number(from) + node.closest("tr").sectionRowIndex);
  });
  on(".lb-more", "click", (node) => LB.openPanel(map, node.getAttribute("aria-expanded") !== "true"));
  on('.lb-skip[href="#lb-tables"]', "click", () => LB.openPanel(map, true));
  on("#lb-background", "change", (node) => {
    LB.noBackground = !node.checked;
    LB.canvas(map).refresh();
  });
};

LB.start = (map) => {
  const { data } = LB;
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution("Leaflet");
  L.control.zoom({ position: "bottomright", zoomInTitle: data.texts.zoomIn, zoomOutTitle: data.texts.zoomOut }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 160 }).addTo(map);
  if (data.tiles) {
    L.tileLayer(data.tiles.url, { maxZoom: 19, attribution: data.tiles.attribution }).addTo(map);
  }
  if (data.background.length) LB.background = new LB.Background(data.background);
  map.fitBounds(data.bounds, { padding: [24, 24], maxZoom: 17, animate: false });
  LB.panel(map);
  LB.startPeriods(map);
  LB.startSearch(map);
  LB.startLists(map);
  LB.printing(map);
  map.on("click", (event) => LB.show(map, LB.hitsAt(map, event.latlng), event.latlng));
  map.on("popupclose", () => LB.select(map, null));
  let moving = null;
  map.on("mousemove", (event) => {
    moving = moving || requestAnimationFrame(() => {
      moving = null;
      const over = LB.hitsAt(map, event.latlng, (layer) => layer.data.kind !== "outlines").length > 0;
      map.getContainer().classList.toggle("lb-pointer", over);
    });
  });
  LB.canvas(map).refresh();
  // Two frames on, the first drawing is on the screen: read by whoever measures.
  requestAnimationFrame(() => requestAnimationFrame(() => {
    document.documentElement.dataset.drawnMs = String(Math.round(performance.now()));
  }));
};
