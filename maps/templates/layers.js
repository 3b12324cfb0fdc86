// One class a kind of layer: how it is drawn, labelled and found under a click.
LB.Layer = L.Layer.extend({
  rank: 1,
  initialize(key) {
    this.key = key;
    this.data = LB.data.layers[key];
    this.unpack(this.data);
  },
  onAdd(map) { LB.canvas(map).refresh(); },
  onRemove(map) { LB.canvas(map).refresh(); },
  draw() {},
  label() {},
  hits() { return []; },
  // Whether an object is drawn in a period, −1 for all of the data.
  shownIn() { return true; },
  highlight() {},
  unpackShapes(data) {
    this.features = LB.unpackFeatures(data.paths, data.digits);
    if (data.anchors) this.anchors = LB.unpackPoints(data.anchors, data.digits);
  },
  inside(x, y) {
    const found = [];
    this.features.forEach((feature, i) => { if (LB.inside(feature, x, y)) found.push(i); });
    return found;
  },
  size() { return (this.features || this.markers).length; },
  centre(i) {
    return this.anchors ? [this.anchors[2 * i], this.anchors[2 * i + 1]] : null;
  },
  bounds(i) {
    const [left, top, right, bottom] = this.features[i].box;
    return L.latLngBounds(LB.latLng(left, bottom), LB.latLng(right, top));
  },
  // Where a name belongs in the half of the map that is being written on: the middle of the shape,
  // or of what is seen of it there.
  middle(i, view) {
    const [x, y] = this.centre(i);
    const part = view.part;
    if (!part || (x > part[0] && x < part[2] && y > part[1] && y < part[3])) return [x, y];
    const { box } = this.features[i];
    const low = [Math.max(box[0], part[0]), Math.max(box[1], part[1])];
    const high = [Math.min(box[2], part[2]), Math.min(box[3], part[3])];
    if (low[0] >= high[0] || low[1] >= high[1]) return [x, y];
    let best = [x, y];
    let least = Infinity;
    for (let k = 1; k < 64; k += 1) {
      const [u, v] = [(k % 8) / 8, Math.floor(k / 8) / 8];
      const [px, py] = [low[0] + u * (high[0] - low[0]), low[1] + v * (high[1] - low[1])];
      const off = Math.max(Math.abs(u - 0.5), Math.abs(v - 0.5));
      if (off < least && LB.inside(this.features[i], px, py)) [best, least] = [[px, py], off];
    }
    return best;
  },
});

LB.Outlines = LB.Layer.extend({
  unpack(data) {
    this.unpackShapes(data);
    this.rank = data.strong ? 2 : 0;
  },
  draw(view) {
    const { strong, line, dashed } = this.data;
    this.features.forEach((feature, i) => {
      if (!view.sees(feature.box)) return;
      if (!strong) {
        LB.stroke(view, feature.path, line, view.zoom < 13 ? 0.7 : 1);
        return;
      }
      view.ctx.fillStyle = line;
      view.ctx.globalAlpha = 0.05;
      view.ctx.fill(feature.path, "evenodd");
      view.ctx.globalAlpha = 1;
      LB.stroke(view, feature.path, "rgba(255,255,255,.85)", 5.5);
      LB.stroke(view, feature.path, line, 2.6, dashed[i] ? [9, 5] : []);
    });
  },
  label(labels, view) {
    const { strong, labels: names, dashed } = this.data;
    if (!strong && view.zoom < 12.5) return;
    this.features.forEach((feature, i) => {
      const wide = (feature.box[2] - feature.box[0]) / view.px;
      const [x, y] = this.middle(i, view);
      if (!strong) {
        if (wide < 120) return;
        labels.write(x, y, [names[i]], { font: `500 11px ${LB.FONT}`, size: 11, colour: "#6b7178", halo: 3 });
        return;
      }
      const lines = dashed[i] && wide > 110 ? [names[i], LB.data.texts.preliminary] : [names[i]];
      const [left, up, right, down] = [0, 1, 2, 3].map(
        (k) => (feature.box[k] - (k % 2 ? y : x)) / view.px,
      );
      const high = 10 + 9 * lines.length;
      labels.write(x, y, lines, {
        font: `700 15px ${LB.FONT}`, size: 15, colour: "#0d3d52", halo: 4.5,
        tries: [
          [0, up - high], [0, down + high],
          [left, up - high, 1], [right, up - high, -1], [left, down + high, 1], [right, down + high, -1],
          [right + 6, 0, 1], [left - 6, 0, -1],
          [0, 0], [0, up / 2], [0, down / 2],
        ],
        visible: true,
        // Never inside another area: its name would be taken for that one's.
        fits: (dx, dy, w, h) => [[0, 0], [-1, -1], [1, -1], [-1, 1], [1, 1]].every(([a, b]) => {
          const at = this.inside(x + (dx + a * w) * view.px, y + (dy + b * h) * view.px);
          return at.every((n) => n === i);
        }),
      });
    });
  },
  hits(x, y) { return this.inside(x, y); },
  highlight(view, i) { LB.stroke(view, this.features[i].path, "#f2a900", 4); },
});

LB.Grid = LB.Layer.extend({
  unpack(data) {
    this.features = LB.unpackLattice(data.lattice);
    const groups = data.colours.map(() => []);
    const hidden = [];
    this.features.forEach(({ rings }, i) => (groups[data.classes[i]] || hidden).push(rings));
    this.tiles = groups.map((rings) => LB.tiles(rings, true));
    this.hidden = LB.tiles(hidden, true);
    this.ofPeriod = new Map();
  },
  // The squares by class in one period, made when it is first looked at.
  tilesIn(period) {
    if (period < 0 || !this.data.counts) return this.tiles;
    if (!this.ofPeriod.has(period)) {
      const starts = this.data.period_starts;
      const groups = starts.map(() => []);
      this.features.forEach(({ rings }, i) => {
        const n = LB.countIn(this, i, period);
        if (n) groups[starts.filter((start) => start <= n).length - 1].push(rings);
      });
      this.ofPeriod.set(period, groups.map((rings) => LB.tiles(rings, true)));
    }
    return this.ofPeriod.get(period);
  },
  shownIn(i, period) { return period < 0 || !this.data.counts || LB.countIn(this, i, period) > 0; },
  draw(view) {
    const { ctx, zoom, px } = view;
    const groups = this.tilesIn(view.period);
    const colours = groups === this.tiles ? this.data.colours : this.data.period_colours;
    const each = (act) => groups.forEach((tiles, n) => {
      for (const { path, box } of tiles) if (view.sees(box)) act(path, n);
    });
    // Paled first, so that a colour means the same over a park; then multiplied, so that streets and
    // houses stay readable.
    ctx.globalAlpha = 0.6;
    ctx.fillStyle = LB.data.land;
    each((path) => ctx.fill(path));
    ctx.globalCompositeOperation = "multiply";
    ctx.globalAlpha = 0.7;
    each((path, n) => {
      ctx.fillStyle = colours[n];
      ctx.fill(path);
    });
    ctx.globalAlpha = 1;
    ctx.globalCompositeOperation = "source-over";
    if (!this.features.length) return;
    const [left, , right] = this.features[0].box;
    if ((right - left) / px > 5) each((path) => LB.stroke(view, path, "rgba(255,255,255,.55)", zoom < 13 ? 0.5 : 0.8));
    for (const { path, box } of groups === this.tiles ? this.hidden : []) {
      if (view.sees(box)) LB.stroke(view, path, this.data.hidden, 1, [3, 2]);
    }
  },
  hits(x, y) { return this.inside(x, y); },
  highlight(view, i) { LB.stroke(view, LB.path(this.features[i].rings, true), LB.data.accent, 3); },
});

// Areas filled by class, whole time first and then each period; the shapes are those of another layer.
LB.Shading = LB.Layer.extend({
  rank: 0,
  unpack() {},
  base() { return LB.layers[this.data.of]; },
  size() { return this.data.classes[0].length; },
  centre(i) { return this.base().centre(i); },
  bounds(i) { return this.base().bounds(i); },
  draw(view) {
    const { ctx } = view;
    const classes = this.data.classes[view.period + 1];
    this.base().features.forEach((feature, i) => {
      if (classes[i] < 0 || !view.sees(feature.box)) return;
      ctx.globalAlpha = 0.6;
      ctx.fillStyle = LB.data.land;
      ctx.fill(feature.path, "evenodd");
      ctx.globalCompositeOperation = "multiply";
      ctx.globalAlpha = 0.65;
      ctx.fillStyle = this.data.colours[classes[i]];
      ctx.fill(feature.path, "evenodd");
      ctx.globalCompositeOperation = "source-over";
    });
    ctx.globalAlpha = 1;
  },
  hits(x, y) { return this.base().inside(x, y); },
  highlight(view, i) { this.base().highlight(view, i); },
});

// Hot spots of the whole time, and after them those of each period, of which one is shown at a time.
LB.Hotspots = LB.Layer.extend({
  unpack(data) {
    this.unpackShapes(data);
    this.names = data.labels;
    this.dashed = data.dashed;
    this.of = data.labels.map(() => -1);
    if (!data.period_of) return;
    this.features = [...this.features, ...LB.unpackFeatures(data.period_paths, data.digits)];
    this.anchors = [...this.anchors, ...LB.unpackPoints(data.period_anchors, data.digits)];
    this.names = [...this.names, ...data.period_labels];
    this.dashed = [...this.dashed, ...data.period_of.map(() => false)];
    this.of = [...this.of, ...data.period_of];
  },
  size() { return this.data.labels.length; },
  shownIn(i, period) { return this.of[i] === (this.data.period_of ? period : -1); },
  // What is chosen in a table is shown in its own period.
  pick(i, map) {
    const period = this.of[i];
    if (period < 0 || LB.periodsShown().includes(period)) return;
    Object.assign(LB.period, { shown: period, pair: null });
    LB.showPeriods(map);
  },
  draw(view) {
    for (let i = this.features.length - 1; i >= 0; i -= 1) {
      const feature = this.features[i];
      if (!this.shownIn(i, view.period) || !view.sees(feature.box)) continue;
      const wide = (feature.box[2] - feature.box[0]) / view.px;
      if (wide > 12) LB.stroke(view, feature.path, "rgba(255,255,255,.9)", 4.6);
      const dash = this.dashed[i] ? [5, 3.5] : [];
      LB.stroke(view, feature.path, this.data.line, wide > 12 ? 2.2 : 1.4, dash);
    }
  },
  // Small outlines keep other words off; a large one has room for them.
  reserve(labels, view) {
    this.features.forEach(({ box: [left, top, right, bottom] }, i) => {
      if (!this.shownIn(i, view.period)) return;
      const wide = (right - left) / view.px;
      const high = (bottom - top) / view.px;
      if (wide >= 8 && wide < 90) labels.reserve((left + right) / 2, (top + bottom) / 2, wide / 2, high / 2);
    });
  },
  label(labels, view) {
    let named = 0;
    this.features.forEach((feature, i) => {
      if (!this.shownIn(i, view.period)) return;
      // A whole region on one screen: the first thirty are named, the others when they can be seen.
      named += 1;
      if (named > 30 && (feature.box[2] - feature.box[0]) / view.px < 8) return;
      const [x, y] = this.middle(i, view);
      const up = (feature.box[1] - y) / view.px - 9;
      const down = (feature.box[3] - y) / view.px + 9;
      const left = (feature.box[0] - x) / view.px - 17;
      const right = (feature.box[2] - x) / view.px + 17;
      labels.write(x, y, [this.names[i]], {
        font: `700 12px ${LB.FONT}`, size: 12, colour: this.data.line, halo: 4,
        tries: [[0, up], [right, 0], [left, 0], [0, down], [right, up], [left, up]],
      });
    });
  },
  hits(x, y) { return this.inside(x, y); },
  highlight(view, i) {
    LB.stroke(view, this.features[i].path, "#fff", 7);
    LB.stroke(view, this.features[i].path, LB.data.accent, 4);
  },
});

LB.Sites = LB.Layer.extend({
  unpack(data) {
    this.points = LB.unpackPoints(data.points, data.digits);
    this.markers = data.labels.map((_label, i) => this.marker(i));
    this.circles = (data.reach_m || []).map((reach, i) => {
      const [x, y] = this.centre(i);
      const r = reach * LB.metres(LB.latLng(x, y).lat);
      const path = new Path2D();
      path.arc(x, y, r, 0, 2 * Math.PI);
      return { path, box: [x - r, y - r, x + r, y + r] };
    });
  },
  look() { return `lb-${this.data.symbol}`; },
  marker(i) {
    const { data } = this;
    const face = LB.element("span", "", data.labels[i]);
    const icon = L.divIcon({ className: `lb-site ${this.look(i)}`, iconSize: [30, 30], html: face });
    const marker = L.marker(LB.latLng(...this.centre(i)), {
      icon, riseOnHover: true, zIndexOffset: 10 * (data.labels.length - i),
    });
    const open = () => LB.show(marker._map, this.under(marker._map, i), marker.getLatLng(), true);
    marker.on("click", open);
    marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") open(); });
    return marker;
  },
  present() { return true; },
  // Sites that would cover one another share the marker of the best of them until there is room.
  arrange() {
    const map = this._map;
    this.groups = [];
    const at = this.markers.map((marker) => map.project(marker.getLatLng()));
    at.forEach((point, i) => {
      if (!this.present(i, map)) {
        this.markers[i].remove();
        return;
      }
      const home = this.groups.find(([lead]) => at[lead].distanceTo(point) < 28);
      if (home) home.push(i);
      else this.groups.push([i]);
    });
    const { labels } = this.data;
    for (const [lead, ...rest] of this.groups) {
      rest.forEach((i) => this.markers[i].remove());
      const node = this.markers[lead].addTo(map).getElement();
      const more = rest.length ? `+${rest.length}` : "";
      node.replaceChildren(LB.element("span", "", labels[lead]));
      if (more) node.append(LB.element("b", "lb-plus", more));
      node.setAttribute("aria-label", `${LB.titleText(this, lead)} ${more}`.trim());
    }
  },
  under(map, i) {
    const group = this.groups.find((members) => members.includes(i));
    const mine = (hit) => hit.layer === this;
    const others = LB.hitsAt(map, this.markers[i].getLatLng()).filter((hit) => !mine(hit));
    const ordered = [i, ...group.filter((k) => k !== i)];
    return [...ordered.map((index) => ({ layer: this, index })), ...others];
  },
  getEvents() { return { zoomend: this.arrange }; },
  onAdd(map) {
    this.arrange();
    LB.canvas(map).refresh();
  },
  onRemove(map) {
    this.markers.forEach((marker) => marker.remove());
    LB.canvas(map).refresh();
  },
  draw(view) {
    for (const { path, box } of this.circles) {
      if (!view.sees(box)) continue;
      view.ctx.globalAlpha = 0.12;
      view.ctx.fillStyle = this.data.colour;
      view.ctx.fill(path);
      view.ctx.globalAlpha = 1;
      LB.stroke(view, path, this.data.colour, 1.4);
    }
  },
  reserve(labels) {
    this.groups.forEach(([lead]) => labels.reserve(...this.centre(lead), 16, 16));
  },
  centre(i) { return [this.points[2 * i], this.points[2 * i + 1]]; },
  bounds(i) {
    const point = LB.latLng(...this.centre(i));
    return L.latLngBounds(point, point).pad(0);
  },
  hits(x, y, perPixel) { return LB.near(this.points, x, y, 16 * perPixel); },
  highlight(view, i) { if (this.circles[i]) LB.stroke(view, this.circles[i].path, LB.data.accent, 4); },
});

// Measures: a sign of its kind, and the surface that is followed up; in a period, those in force.
LB.Measures = LB.Sites.extend({
  unpack(data) {
    LB.Sites.prototype.unpack.call(this, data);
    this.circles = this.features = LB.unpackFeatures(data.paths, data.digits);
  },
  look(i) { return `lb-measure lb-${this.data.symbols[i]}${this.data.ended[i] ? " lb-ended" : ""}`; },
  shownIn(i, period) {
    if (period < 0) return true;
    const [first, last] = LB.data.periods.days[period];
    const [from, to] = this.data.days[i];
    return from <= last && (to === null || to >= first);
  },
  present(i, map) { return this.shownIn(i, LB.periodAt(map, this.markers[i].getLatLng())); },
  getEvents() { return { zoomend: this.arrange, moveend: this.arrange }; },
  draw(view) {
    this.features.forEach(({ path, box }, i) => {
      if (!this.shownIn(i, view.period) || !view.sees(box)) return;
      const colour = this.data.colours[i];
      view.ctx.globalAlpha = 0.12;
      view.ctx.fillStyle = colour;
      view.ctx.fill(path, "evenodd");
      view.ctx.globalAlpha = 1;
      LB.stroke(view, path, "rgba(255,255,255,.85)", 4.4);
      LB.stroke(view, path, colour, 2.2, this.data.ended[i] ? [6, 4] : []);
    });
  },
  bounds(i) { return LB.Layer.prototype.bounds.call(this, i); },
  hits(x, y, perPixel) {
    return [...new Set([...LB.near(this.points, x, y, 16 * perPixel), ...this.inside(x, y)])];
  },
});

LB.Places = LB.Layer.extend({
  unpack(data) {
    this.points = LB.unpackPoints(data.points, data.digits);
    this.radii = data.sizes.map(LB.Places.radius);
  },
  size() { return this.radii.length; },
  shownIn(i, period) { return this.radius(i, period) > 0; },
  visible(zoom) { return zoom >= this.data.from_zoom; },
  radius(i, period) {
    if (period < 0 || !this.data.counts) return this.radii[i];
    const n = LB.countIn(this, i, period);
    return n ? LB.Places.radius(n) : 0;
  },
  bounds(i) {
    const point = LB.latLng(this.points[2 * i], this.points[2 * i + 1]);
    return L.latLngBounds(point, point);
  },
  draw(view) {
    if (!this.visible(view.zoom)) return;
    const { ctx, px, box } = view;
    const path = new Path2D();
    for (let i = 0; i < this.radii.length; i += 1) {
      const x = this.points[2 * i];
      const y = this.points[2 * i + 1];
      if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) continue;
      const r = this.radius(i, view.period) * px;
      if (!r) continue;
      path.moveTo(x + r, y);
      path.arc(x, y, r, 0, 2 * Math.PI);
    }
    ctx.globalAlpha = 0.8;
    ctx.fillStyle = this.data.fill;
    ctx.fill(path);
    ctx.globalAlpha = 1;
    LB.stroke(view, path, "#fff", 1);
  },
  hits(x, y, perPixel, map) {
    return this.visible(map.getZoom()) ? LB.near(this.points, x, y, 9 * perPixel).slice(0, 1) : [];
  },
  highlight(view, i) {
    const path = new Path2D();
    path.arc(this.points[2 * i], this.points[2 * i + 1], (this.radii[i] + 3) * view.px, 0, 2 * Math.PI);
    LB.stroke(view, path, "#f2a900", 3);
  },
});

LB.Places.radius = (n) => Math.min(11, 2.2 + 1.1 * Math.sqrt(n));

// Points within a distance, nearest first.
LB.near = (points, x, y, reach) => {
  const found = [];
  for (let i = 0; i < points.length; i += 2) {
    const d = (points[i] - x) ** 2 + (points[i + 1] - y) ** 2;
    if (d <= reach * reach) found.push([d, i / 2]);
  }
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, i]) => i);
};

LB.KINDS = {
  outlines: LB.Outlines, shading: LB.Shading, grid: LB.Grid, hotspots: LB.Hotspots, sites: LB.Sites,
  measures: LB.Measures, places: LB.Places,
};
LB.layer = (key) => (LB.layers[key] = new LB.KINDS[LB.data.layers[key].kind](key));
