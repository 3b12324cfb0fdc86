// What cameras see: views, masks, and the efficient sets, of which one is shown at a time.
LB.Views = LB.Layer.extend({
  unpack(data) { this.unpackShapes(data); },
  drawOne(view, i, dash) {
    const feature = this.features[i];
    if (!view.sees(feature.box)) return;
    view.ctx.globalAlpha = this.data.fill;
    view.ctx.fillStyle = this.data.line;
    view.ctx.fill(feature.path, "evenodd");
    view.ctx.globalAlpha = 1;
    LB.stroke(view, feature.path, this.data.line, 1.6, dash);
  },
  draw(view) { this.features.forEach((_feature, i) => this.drawOne(view, i)); },
  hits(x, y) { return this.inside(x, y); },
  highlight(view, i) { LB.stroke(view, this.features[i].path, "#f2a900", 3.5); },
});

LB.Frontier = LB.Views.extend({
  // Which set is shown, −1 for none yet: nothing is drawn before one is chosen in the table.
  chosen: -1,
  size() { return this.data.sets.length; },
  members() { return this.data.sets[this.chosen] || []; },
  pick(i) {
    this.chosen = i;
    const rows = document.querySelectorAll(`table[data-show="${this.key}"] tbody tr`);
    rows.forEach((row, n) => row.classList.toggle("lb-picked", n === i));
  },
  draw(view) { for (const i of this.members()) this.drawOne(view, i, [7, 4]); },
  hits(x, y) {
    const hit = this.members().some((i) => LB.inside(this.features[i], x, y));
    return hit ? [this.chosen] : [];
  },
  bounds(i) {
    const boxes = this.data.sets[i].map((n) => LB.Layer.prototype.bounds.call(this, n));
    if (!boxes.length) return L.latLngBounds(LB.data.bounds); // the set of no camera: all of the map
    return boxes.reduce((all, one) => all.extend(one), L.latLngBounds([]));
  },
  highlight() {},
});

LB.KINDS.views = LB.Views;
LB.KINDS.frontier = LB.Frontier;
