// What stands under a point, and the box that tells it. All text is set as text, never as HTML.
LB.element = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

LB.fieldText = (field, i) => {
  const texts = LB.data.texts;
  if (field.kind === "span") {
    const { base, values } = field.values;
    const first = base + values[2 * i];
    const later = values[2 * i + 1];
    return later === 0 ? LB.day(first) : `${LB.day(first)} – ${LB.day(first + later)}`;
  }
  if (field.kind === "composition") {
    const kind = field.values.kinds[field.values.which[i]];
    const words = [];
    for (let k = 0; k < kind.length; k += 2) {
      words.push(`${field.names[kind[k]]} ${LB.number(kind[k + 1])}`);
    }
    return words.join(", ") || null;
  }
  const value = field.values[i];
  if (field.kind === "text") return value;
  if (value === null) return texts.hidden;
  if (field.quiet && value === 0) return null;
  return field.kind === "share" ? LB.percent(value) : LB.number(value);
};

LB.titleText = (layer, i) => {
  const { titles } = layer.data.popups;
  if (Array.isArray(titles)) return titles[i];
  if (titles.kind === "same") return titles.text;
  if (titles.kind === "prefixed") return `${titles.prefix} ${titles.values[i]}`;
  if (titles.kind === "lattice") {
    const { column, row } = layer.features[i];
    return `${titles.prefix} E${titles.origin[0] + column}_N${titles.origin[1] + row}`;
  }
  const street = titles.which[i];
  if (street < 0) return titles.missing;
  return [titles.streets[street], titles.houses[i]].filter(Boolean).join(" ");
};

LB.leadText = (lead, i) => {
  if (!lead) return null;
  if (Array.isArray(lead)) return lead[i];
  const { events, days, hidden } = LB.data.texts;
  const parts = [lead.events[i] === null ? hidden : LB.count(events, lead.events[i])];
  if (lead.events[i] !== null && lead.days[i] !== null) parts.push(LB.count(days, lead.days[i]));
  return parts.join(" ");
};

LB.popupPart = ({ layer, index }) => {
  const { subtitles, lead, texts, fields } = layer.data.popups;
  const part = LB.element("div");
  const heading = LB.element("h2", "", LB.titleText(layer, index));
  heading.tabIndex = -1;
  part.append(heading);
  if (subtitles[index]) part.append(LB.element("p", "lb-sub", subtitles[index]));
  const leading = LB.leadText(lead, index);
  if (leading) part.append(LB.element("p", "lb-lead", leading));
  if (texts[index]) part.append(LB.element("p", "lb-why", texts[index]));
  const table = LB.element("table");
  const body = LB.element("tbody");
  const line = (label, text) => {
    if (text === null || text === undefined) return;
    const row = LB.element("tr");
    const name = LB.element("th", "", label);
    name.scope = "row";
    row.append(name, LB.element("td", "", text));
    body.append(row);
  };
  const counted = layer.data.counts && !(layer.of && layer.of[index] >= 0);
  for (const p of counted ? LB.periodsShown() : []) {
    line(LB.data.texts.inPeriod.replace("{period}", LB.periodName(p)), LB.number(LB.countIn(layer, index, p)));
  }
  for (const field of fields) line(field.label, LB.fieldText(field, index));
  if (body.childElementCount) {
    table.append(body);
    part.append(table);
  }
  return part;
};

// One object at a time; the others under the same point are a step away.
LB.popupNode = (map, hits) => {
  const node = LB.element("div", "lb-popup");
  const texts = LB.data.texts;
  let at = 0;
  const show = (step) => {
    at = (at + step + hits.length) % hits.length;
    LB.select(map, hits[at]);
    node.replaceChildren(LB.popupPart(hits[at]));
    if (hits.length > 1) {
      const pager = LB.element("div", "lb-pager");
      for (const [sign, name, by] of [["‹", texts.previous, -1], ["›", texts.next, 1]]) {
        const button = LB.element("button", "", sign);
        button.type = "button";
        button.setAttribute("aria-label", name);
        button.addEventListener("click", (event) => {
          event.stopPropagation();
          show(by);
          node.querySelectorAll(".lb-pager button")[by < 0 ? 0 : 1].focus();
        });
        pager.append(button);
      }
      const words = texts.nth.replace("{i}", at + 1).replace("{n}", hits.length);
      pager.insertBefore(LB.element("span", "", words), pager.lastChild);
      node.append(pager);
    }
    if (step) LB.popup.update();
  };
  show(0);
  return node;
};

LB.show = (map, hits, latlng, focus) => {
  if (!hits.length) return;
  const width = Math.min(330, map.getSize().x - 60);
  LB.popup = L.popup({
    minWidth: Math.min(250, width),
    maxWidth: width,
    maxHeight: Math.max(160, map.getSize().y - 120),
    autoPanPadding: [20, 40],
  });
  LB.popup.setLatLng(latlng).setContent(LB.popupNode(map, hits)).openOn(map);
  const box = LB.popup.getElement();
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", LB.data.texts.details);
  const close = box.querySelector(".leaflet-popup-close-button");
  close.setAttribute("aria-label", LB.data.texts.close);
  const from = document.activeElement;
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    map.closePopup();
    from.focus({ preventScroll: true });
  });
  if (focus) box.querySelector("h2").focus({ preventScroll: true });
};

LB.hitsAt = (map, latlng, only) => {
  const [x, y] = LB.world(latlng.lng, latlng.lat);
  const perPixel = 2 ** (LB.ZOOM - map.getZoom());
  const hits = [];
  const period = LB.periodAt(map, latlng);
  for (const key of [...LB.data.order].reverse()) {
    const layer = LB.layers[key];
    if (!map.hasLayer(layer) || (only && !only(layer))) continue;
    for (const index of layer.hits(x, y, perPixel, map)) {
      if (layer.shownIn(index, period)) hits.push({ layer, index });
    }
  }
  return hits;
};
