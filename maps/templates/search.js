// Finding a place by name among what the page carries; nothing is asked of anybody.
LB.plain = (text) => text.toLocaleLowerCase("sv").replace(/\s+/g, " ").trim();

// Without rings and dots too, for a keyboard that lacks them.
LB.bare = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "");

LB.searchIndex = () => {
  const { texts, order, layers } = LB.data;
  const found = [];
  const add = (name, kind, go) => {
    if (!name) return;
    const plain = LB.plain(name);
    found.push({ name, kind, go, plain, bare: LB.bare(plain), rank: found.length });
  };
  for (const key of [...order].reverse()) {
    const { kind, labels, popups } = layers[key];
    if (kind === "outlines") labels.forEach((name, i) => add(name, texts.kindArea, { key, i }));
    if (kind === "measures") popups.titles.forEach((name, i) => add(name, texts.kindMeasure, { key, i }));
    if (kind === "hotspots") {
      labels.forEach((name, i) => add([name, popups.subtitles[i]].filter(Boolean).join(" · "), texts.kindHotspot, { key, i }));
    }
  }
  const streets = new Map();
  for (const { names } of LB.background ? LB.background.parts : []) {
    for (const { text, x, y } of names) if (!streets.has(text)) streets.set(text, { x, y });
  }
  for (const [text, point] of streets) add(text, texts.kindStreet, point);
  const places = layers.places && LB.layers.places;
  if (places) {
    const { titles } = places.data.popups;
    titles.which.forEach((street, i) => {
      if (street >= 0) add(LB.titleText(places, i), texts.kindAddress, { key: "places", i });
    });
  }
  return found;
};

// What begins with the words comes first, then what has a word that does, then what holds them.
LB.search = (words, most = 8) => {
  LB.index = LB.index || LB.searchIndex();
  const asked = LB.plain(words);
  if (!asked) return [];
  const level = (text) => {
    const at = text.indexOf(asked);
    return at < 0 ? 3 : at === 0 ? 0 : text[at - 1] === " " ? 1 : 2;
  };
  return LB.index
    .map((one) => ({ one, level: Math.min(level(one.plain), level(one.bare) + 0.5) }))
    .filter(({ level: found }) => found < 3)
    .sort((a, b) => a.level - b.level || a.one.rank - b.one.rank)
    .slice(0, most)
    .map(({ one }) => one);
};

LB.go = (map, { key, i, x, y }) => {
  if (key) {
    LB.found = null;
    LB.find(map, key, i);
    return;
  }
  LB.found = { x, y };
  map.setView(LB.latLng(x, y), 16, { animate: false });
  LB.canvas(map).refresh();
  map.getContainer().focus({ preventScroll: true });
};

LB.startSearch = (map) => {
  const box = document.getElementById("lb-find");
  const list = document.getElementById("lb-found");
  const said = document.getElementById("lb-said");
  let hits = [];
  let at = -1;
  const close = () => {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const choose = (n) => {
    const hit = hits[n];
    if (!hit) return;
    box.value = hit.name;
    close();
    LB.openPanel(map, false);
    LB.go(map, hit.go);
  };
  const point = (n) => {
    at = (n + hits.length) % hits.length;
    [...list.children].forEach((node, k) => node.setAttribute("aria-selected", String(k === at)));
    box.setAttribute("aria-activedescendant", `lb-hit-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const look = () => {
    hits = LB.search(box.value);
    const { noHits, hits: many } = LB.data.texts;
    said.textContent = box.value.trim() ? (hits.length ? many.replace("{n}", hits.length) : noHits) : "";
    list.replaceChildren(...hits.map(({ name, kind }, n) => {
      const node = LB.element("li", "", name);
      node.id = `lb-hit-${n}`;
      node.setAttribute("role", "option");
      node.setAttribute("aria-selected", "false");
      node.append(LB.element("small", "", kind));
      node.addEventListener("mousedown", (event) => event.preventDefault());
      node.addEventListener("click", () => choose(n));
      return node;
    }));
    if (!hits.length && box.value.trim()) {
      const none = LB.element("li", "lb-none", noHits);
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      list.append(none);
    }
    list.hidden = !list.childElementCount;
    box.setAttribute("aria-expanded", String(!list.hidden));
    at = -1;
  };
  box.addEventListener("input", look);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter") choose(Math.max(at, 0));
    else if (hits.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      if (list.hidden) look();
      point(at < 0 && event.key === "ArrowUp" ? hits.length - 1 : at + (event.key === "ArrowDown" ? 1 : -1));
    } else return;
    event.preventDefault();
  });
};
