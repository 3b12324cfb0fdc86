// Tables of what has too many objects to stand in the page twice: written when they are opened.
LB.LIST_ROWS = 100;

LB.fillList = (map, details) => {
  const key = details.dataset.list;
  const layer = LB.layers[key];
  const { popups } = layer.data;
  const body = details.querySelector("tbody");
  const n = layer.size();
  const from = body.childElementCount;
  for (let i = from; i < Math.min(n, from + LB.LIST_ROWS); i += 1) {
    const row = LB.element("tr");
    const name = LB.element("th");
    name.scope = "row";
    const button = LB.element("button", "", LB.titleText(layer, i));
    button.type = "button";
    button.addEventListener("click", () => {
      LB.openPanel(map, false);
      LB.find(map, key, i);
    });
    name.append(button);
    const told = [popups.subtitles[i], LB.leadText(popups.lead, i)];
    if (!popups.lead) told.push(...popups.fields.slice(0, 2).map((field) => LB.fieldText(field, i)));
    row.append(name, LB.element("td", "", told.filter(Boolean).join(" · ")));
    body.append(row);
  }
  details.querySelector(".lb-next").hidden = body.childElementCount >= n;
};

LB.startLists = (map) => {
  for (const details of document.querySelectorAll("details[data-list]")) {
    const layer = LB.layers[details.dataset.list];
    details.querySelector(".lb-count").textContent = LB.number(layer.size());
    details.addEventListener("toggle", () => {
      if (details.open && !details.querySelector("tbody").childElementCount) LB.fillList(map, details);
    });
    details.querySelector(".lb-next").addEventListener("click", () => {
      const rows = details.querySelector("tbody").childElementCount;
      LB.fillList(map, details);
      details.querySelectorAll("tbody button")[rows].focus();
    });
  }
};
