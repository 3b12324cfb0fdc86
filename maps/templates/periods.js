// One period at a time, or two side by side: −1 stands for all of the data.
LB.period = { shown: -1, pair: null, at: 0.5 };

// Counts by period, object by object: 1 + p + P (n − 1), the last of an object negative, none 0.
LB.countIn = (layer, i, p) => {
  if (!layer.counts) {
    const starts = [0];
    const found = [];
    for (const code of layer.data.counts) {
      if (code !== 0) found.push(Math.abs(code) - 1);
      if (code <= 0) starts.push(found.length);
    }
    layer.counts = { starts, found };
  }
  const { starts, found } = layer.counts;
  const many = LB.data.periods.names.length;
  for (let k = starts[i]; k < starts[i + 1]; k += 1) {
    if (found[k] % many === p) return Math.floor(found[k] / many) + 1;
  }
  return 0;
};

// The periods on the screen: what the popups tell.
LB.periodsShown = () => [...new Set(LB.period.pair || [LB.period.shown])].filter((p) => p >= 0);

LB.periodName = (p) => (p < 0 ? LB.data.texts.allPeriods : LB.data.periods.names[p]);

// Which period is drawn at a point: with two, that of its side.
LB.periodAt = (map, latlng) => {
  const { shown, pair, at } = LB.period;
  if (!pair) return shown;
  return pair[map.latLngToContainerPoint(latlng).x < at * map.getSize().x ? 0 : 1];
};

// The halves of the canvas: [period, left, right] in shares of its width.
LB.halves = () => {
  const { shown, pair, at } = LB.period;
  return pair ? [[pair[0], 0, at], [pair[1], at, 1]] : [[shown, 0, 1]];
};

LB.periodWords = (p) => {
  const { periods, texts } = LB.data;
  if (p < 0) return texts.allPeriods;
  return `${LB.periodName(p)}: ${LB.count(texts.events, periods.totals[p])}`;
};

LB.showPeriods = (map) => {
  const { shown, pair } = LB.period;
  const one = document.getElementById("lb-period");
  const words = LB.periodWords(shown);
  one.value = String(shown + 1);
  one.setAttribute("aria-valuetext", words);
  const { left, right } = LB.data.texts;
  document.getElementById("lb-period-words").textContent = pair
    ? [left, right].map((text, k) => text.replace("{period}", LB.periodWords(pair[k]))).join(", ")
    : words;
  document.querySelector(".lb-one").hidden = Boolean(pair);
  document.querySelector(".lb-pair").hidden = !pair;
  document.getElementById("lb-compare").setAttribute("aria-pressed", String(Boolean(pair)));
  const single = LB.periodsShown().length > 0;
  for (const node of document.querySelectorAll("[data-legend]")) {
    node.hidden = (node.dataset.legend === "period") !== single;
  }
  LB.swipe.hidden = !pair;
  if (pair) pair.forEach((p, k) => { LB.swipe.sides[k].textContent = LB.periodName(p); });
  map.closePopup();
  LB.arrange(map);
  LB.canvas(map).refresh();
};

// Markers stand where what they mark is in force.
LB.arrange = (map) => {
  for (const layer of Object.values(LB.layers)) if (layer.present && map.hasLayer(layer)) layer.arrange();
};

// The divider: a slider across the map, so that it can be moved by touch, mouse and keys.
LB.makeSwipe = (map) => {
  const box = LB.element("div", "lb-swipe");
  const line = LB.element("i", "lb-swipe-line");
  const slider = LB.element("input");
  Object.assign(slider, { type: "range", min: "0", max: "100", value: "50" });
  slider.setAttribute("aria-label", document.querySelector(".lb-pair").dataset.divider);
  box.sides = [LB.element("b", "lb-side lb-left"), LB.element("b", "lb-side lb-right")];
  box.append(line, ...box.sides, slider);
  box.hidden = true;
  document.querySelector(".lb-mapbox").append(box);
  const place = () => {
    const wide = map.getSize().x;
    const half = 22; // of the thumb, whose middle never reaches the ends
    LB.period.at = (half + (Number(slider.value) / 100) * (wide - 2 * half)) / wide;
    const x = LB.period.at * wide;
    line.style.left = `${x}px`;
    box.sides[0].style.right = `${wide - x + 8}px`;
    box.sides[1].style.left = `${x + 8}px`;
    if (!LB.period.pair) return;
    LB.arrange(map);
    LB.canvas(map)._redraw();
  };
  slider.addEventListener("input", place);
  map.on("move resize", () => { if (LB.period.pair) place(); });
  box.place = place;
  return box;
};

LB.startPeriods = (map) => {
  if (!LB.data.periods) return;
  LB.swipe = LB.makeSwipe(map);
  const last = LB.data.periods.names.length - 1;
  const sides = ["lb-left", "lb-right"].map((id) => document.getElementById(id));
  document.getElementById("lb-period").addEventListener("input", (event) => {
    LB.period.shown = Number(event.target.value) - 1;
    LB.showPeriods(map);
  });
  document.getElementById("lb-compare").addEventListener("click", () => {
    if (LB.period.pair) LB.period.pair = null;
    else {
      const from = LB.period.shown < 0 ? last : LB.period.shown;
      LB.period.pair = from > 0 ? [from - 1, from] : [0, 1];
      sides.forEach((node, k) => { node.value = String(LB.period.pair[k]); });
    }
    LB.showPeriods(map);
    map.invalidateSize({ animate: false });
    LB.swipe.place();
  });
  sides.forEach((node, k) => node.addEventListener("change", () => {
    LB.period.pair[k] = Number(node.value);
    LB.showPeriods(map);
  }));
  LB.showPeriods(map);
};
