// The project's own layers beneath everything: cut into tiles of paths, so that only those in view
// are drawn.
LB.Background = class {
  constructor(parts) {
    this.parts = parts.map(({ look, digits, shapes, names }) => ({
      look,
      names: names ? LB.Background.names(names) : [],
      tiles: LB.tiles(LB.unpackShapes(shapes, digits), look.kind !== "street"),
    }));
  }

  // A street's name has two points between which it may be written, any other name one.
  static names({ texts, ends, points, digits }) {
    if (points) {
      const xy = LB.unpackPoints(points, digits);
      return texts.map((text, i) => ({ text, x: xy[2 * i], y: xy[2 * i + 1], length: Infinity, angle: 0 }));
    }
    const xy = LB.unpackPoints(ends, digits);
    return texts.map((text, i) => {
      const [x1, y1, x2, y2] = xy.subarray(4 * i, 4 * i + 4);
      const turn = Math.atan2(y2 - y1, x2 - x1);
      return {
        text, x: (x1 + x2) / 2, y: (y1 + y2) / 2, length: Math.hypot(x2 - x1, y2 - y1) * 2.2,
        angle: Math.abs(turn) > Math.PI / 2 ? turn - Math.sign(turn) * Math.PI : turn,
      };
    });
  }

  draw(view) {
    for (const { look, tiles } of this.parts) {
      if (look.kind === "street") continue;
      if (view.zoom < (look.from_zoom || 0)) continue;
      for (const { path, box } of tiles) {
        if (!view.sees(box)) continue;
        if (look.fill) {
          view.ctx.fillStyle = look.fill;
          view.ctx.fill(path);
        }
        if (look.stroke && view.zoom >= 12) LB.stroke(view, path, look.stroke, look.width);
      }
    }
    this.streets(view);
  }

  // All casings first, then all surfaces: crossings join instead of overlapping.
  streets(view) {
    const streets = this.parts.filter(({ look }) => look.kind === "street");
    const width = ({ rank }) => LB.Background.width(rank, view.zoom);
    view.ctx.lineCap = "round";
    for (const casing of [true, false]) {
      for (const { look, tiles } of streets) {
        const wide = width(look);
        if (wide < 0.4 || (casing && (wide < 1.6 || look.rank === 0))) continue;
        const thin = look.rank === 0 || wide < 1.6;
        const colour = casing || thin ? look.stroke : look.fill;
        for (const { path, box } of tiles) {
          if (!view.sees(box)) continue;
          LB.stroke(view, path, colour, casing ? wide + 1.6 : wide, look.rank === 0 ? [3, 2.5] : []);
        }
      }
    }
    view.ctx.lineCap = "butt";
  }

  // Width in pixels: [at its first zoom, first zoom, widest], for paths, streets, collectors, mains.
  static width(rank, zoom) {
    const [least, from, widest] = [
      [0.6, 15.5, 1.3], [0.8, 12.5, 10], [1.1, 11.5, 13], [1.6, 9.5, 16],
    ][rank];
    if (zoom < from) return rank === 1 && zoom >= 11.5 ? 0.5 : 0;
    return Math.min(widest, least * 1.5 ** (zoom - from));
  }

  label(labels, view) {
    if (view.zoom < 15) return;
    for (const { look, names } of this.parts) {
      for (const { text, x, y, angle, length } of names) {
        if (x < view.box[0] || x > view.box[2] || y < view.box[1] || y > view.box[3]) continue;
        if (length / view.px < text.length * 6) continue;
        const slant = look.kind === "street" ? "500" : "italic 500";
        labels.write(x, y, [text], {
          font: `${slant} 11px ${LB.FONT}`, size: 11, colour: look.ink, halo: 3, angle,
        });
      }
    }
  }
};
