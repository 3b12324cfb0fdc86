// One canvas draws all shapes and labels in a fixed order: a pass over ready-made paths, so that a
// town's worth of cells, streets and places is drawn in the time of one frame or two.
LB.Canvas = L.Canvas.extend({
  options: { padding: 0.25 },

  onAdd(map) {
    L.Canvas.prototype.onAdd.call(this, map);
    this._container.classList.add("lb-canvas");
  },

  refresh() {
    if (this._map && this._ctx) {
      this._pending = this._pending || L.Util.requestAnimFrame(() => {
        this._pending = null;
        if (this._ctx) this._redraw();
      });
    }
  },

  _draw() {
    if (!this._map || !this._map._loaded) return;
    const map = this._map;
    const ctx = this._ctx;
    const zoom = map.getZoom();
    const scale = 2 ** (zoom - LB.ZOOM);
    const offset = map.latLngToLayerPoint(LB.latLng(0, 0));
    const { min, max } = this._bounds;
    const view = {
      ctx, zoom, px: 1 / scale,
      box: [
        (min.x - offset.x) / scale, (min.y - offset.y) / scale,
        (max.x - offset.x) / scale, (max.y - offset.y) / scale,
      ],
      sees(box) {
        return box[0] <= this.box[2] && box[2] >= this.box[0]
          && box[1] <= this.box[3] && box[3] >= this.box[1];
      },
    };
    const shown = LB.data.order.map((key) => LB.layers[key]).filter((l) => l && map.hasLayer(l));
    ctx.save();
    ctx.translate(offset.x, offset.y);
    ctx.scale(scale, scale);
    ctx.lineJoin = "round";
    if (LB.background && !LB.noBackground) LB.background.draw(view);
    const corner = map.containerPointToLayerPoint([0, 0]);
    const wide = map.getSize().x;
    for (const [period, from, to] of LB.halves()) {
      ctx.save();
      view.period = period;
      if (LB.period.pair) {
        const clip = new Path2D();
        const [x, right] = [from, to].map((share) => (corner.x + share * wide - offset.x) / scale);
        clip.rect(x, view.box[1], right - x, view.box[3] - view.box[1]);
        ctx.clip(clip);
      }
      for (const layer of shown) layer.draw(view);
      ctx.restore();
    }
    if (LB.found) LB.ring(view, LB.found);
    if (LB.selected && map.hasLayer(LB.selected.layer)) LB.selected.layer.highlight(view, LB.selected.index);
    ctx.restore();
    // Each half has words of its own, none of which crosses the divider.
    for (const [period, from, to] of LB.halves()) {
      const edges = L.bounds(
        corner.add([from * wide + (from > 0 ? 8 : 0), 0]), corner.add([to * wide - (to < 1 ? 8 : 0), map.getSize().y]),
      );
      const halved = Boolean(LB.period.pair);
      view.period = period;
      view.part = halved && [
        (edges.min.x - offset.x) / scale, (edges.min.y - offset.y) / scale,
        (edges.max.x - offset.x) / scale, (edges.max.y - offset.y) / scale,
      ];
      const place = (x, y) => [x * scale + offset.x, y * scale + offset.y];
      const labels = new LB.Labels(ctx, place, edges, halved);
      for (const layer of shown) if (layer.reserve) layer.reserve(labels, view);
      // Who writes first has the best choice: the names of the areas, then what lies on top.
      const first = [...shown].reverse().sort((a, b) => b.rank - a.rank);
      for (const layer of first) layer.label(labels, view);
      if (LB.background && !LB.noBackground) LB.background.label(labels, view);
    }
  },
});

// Where a street was looked for.
LB.ring = (view, { x, y }) => {
  const path = new Path2D();
  path.arc(x, y, 26 * view.px, 0, 2 * Math.PI);
  LB.stroke(view, path, "#fff", 7);
  LB.stroke(view, path, "#f2a900", 4);
};

LB.stroke = (view, path, colour, width, dash) => {
  const { ctx, px } = view;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width * px;
  ctx.setLineDash((dash || []).map((d) => d * px));
  ctx.stroke(path);
};

// Text with a halo; what would lie on something already written is left out until there is room.
LB.Labels = class {
  // With `within`, nothing is written that isn't wholly in the window.
  constructor(ctx, place, window, within) {
    Object.assign(this, { ctx, place, window, within, taken: [] });
  }

  reserve(x, y, halfWidth, halfHeight) {
    const [px, py] = this.place(x, y);
    this.taken.push([px - halfWidth, py - halfHeight, px + halfWidth, py + halfHeight]);
  }

  free(box) {
    return this.taken.every((b) => box[0] > b[2] || box[2] < b[0] || box[1] > b[3] || box[3] < b[1]);
  }

  // `tries`: places relative to the point, in pixels, with the side of the text that is put there
  // (−1 its right end, 1 its left); the first that is free and `fits` is taken, with `visible` one
  // that is wholly in view.
  write(x, y, lines, options) {
    const { font, colour, size, tries = [[0, 0]], halo = 4, angle = 0, visible = false, fits = () => true } = options;
    const ctx = this.ctx;
    const [px, py] = this.place(x, y);
    ctx.font = font;
    const wide = Math.max(...lines.map((line) => ctx.measureText(line).width)) / 2 + 3;
    const high = (lines.length * size * 1.15) / 2 + 1;
    const w = Math.abs(Math.cos(angle)) * wide + Math.abs(Math.sin(angle)) * high;
    const h = Math.abs(Math.sin(angle)) * wide + Math.abs(Math.cos(angle)) * high;
    for (const [atX, dy, side = 0] of tries) {
      const dx = atX + side * w;
      const box = [px + dx - w, py + dy - h, px + dx + w, py + dy + h];
      if (!this.free(box) || !fits(dx, dy, w, h)) continue;
      if ((visible || this.within) && !this.window.contains(L.bounds([box.slice(0, 2), box.slice(2)]))) continue;
      this.taken.push(box);
      ctx.save();
      ctx.translate(px + dx, py + dy);
      ctx.rotate(angle);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      ctx.strokeStyle = "rgba(255,255,255,.92)";
      ctx.lineWidth = halo;
      ctx.fillStyle = colour;
      lines.forEach((line, i) => {
        const at = (i - (lines.length - 1) / 2) * size * 1.15;
        ctx.strokeText(line, 0, at);
        ctx.fillText(line, 0, at);
      });
      ctx.restore();
      return true;
    }
    return false;
  }
};

LB.FONT = '"Segoe UI", system-ui, -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif';
