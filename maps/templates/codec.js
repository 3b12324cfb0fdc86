// Reading what the page carries: coordinates, numbers, dates. Nothing here touches the page.
const LB = { data: JSON.parse(document.getElementById("lb-data").textContent), layers: {} };

// World units: pixels of zoom 18, told from the middle of the map so that they stay small enough
// for the 32-bit floats of a canvas path.
LB.ZOOM = 18;
LB.SIZE = 256 * 2 ** LB.ZOOM;
LB.origin = [0, 0];

LB.world = (lon, lat) => {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [
    (lon / 360 + 0.5) * LB.SIZE - LB.origin[0],
    (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * LB.SIZE - LB.origin[1],
  ];
};

LB.latLng = (x, y) => {
  const lon = ((x + LB.origin[0]) / LB.SIZE - 0.5) * 360;
  const n = Math.PI * (1 - (2 * (y + LB.origin[1])) / LB.SIZE);
  return L.latLng((180 / Math.PI) * Math.atan(Math.sinh(n)), lon);
};

{
  const [[south, west], [north, east]] = LB.data.bounds;
  LB.origin = LB.world((west + east) / 2, (south + north) / 2);
}

// Lists of paths, each [x, y, dx, dy, …] in whole steps; a path starts from the start of the last.
LB.unpack = (paths, digits) => {
  const step = 10 ** -digits;
  let x0 = 0;
  let y0 = 0;
  return paths.map((path) => {
    const xy = new Float64Array(path.length);
    x0 += path[0];
    y0 += path[1];
    let x = x0;
    let y = y0;
    for (let i = 0; i < path.length; i += 2) {
      if (i > 0) {
        x += path[i];
        y += path[i + 1];
      }
      const w = LB.world(x * step, y * step);
      xy[i] = w[0];
      xy[i + 1] = w[1];
    }
    return xy;
  });
};

// The same for shapes of several paths each: holes and parts stay with their shape.
LB.unpackShapes = (shapes, digits) => {
  const all = LB.unpack(shapes.flat(), digits);
  let next = 0;
  return shapes.map((paths) => all.slice(next, (next += paths.length)));
};

LB.unpackFeatures = (shapes, digits) => LB.unpackShapes(shapes, digits).map(
  (rings) => ({ rings, box: LB.box(rings), path: LB.path(rings, true) }),
);

LB.unpackPoints = (flat, digits) => {
  const xy = new Float64Array(flat.length);
  const step = 10 ** -digits;
  let x = 0;
  let y = 0;
  for (let i = 0; i < flat.length; i += 2) {
    x += flat[i];
    y += flat[i + 1];
    const w = LB.world(x * step, y * step);
    xy[i] = w[0];
    xy[i + 1] = w[1];
  }
  return xy;
};

// Squares of a lattice: column and row by differences, corners by a polynomial to degrees.
LB.unpackLattice = ({ squares, centre, half, terms }) => {
  const corner = (column, row) => {
    const u = (column - centre[0]) / half;
    const v = (row - centre[1]) / half;
    let lon = 0;
    let lat = 0;
    for (const [i, j, a, b] of terms) {
      const p = u ** i * v ** j;
      lon += a * p;
      lat += b * p;
    }
    return LB.world(lon, lat);
  };
  let column = 0;
  let row = 0;
  const found = [];
  for (let k = 0; k < squares.length; k += 2) {
    column += squares[k];
    row += squares[k + 1];
    const ring = new Float64Array(8);
    [[0, 0], [1, 0], [1, 1], [0, 1]].forEach(([a, b], n) => ring.set(corner(column + a, row + b), 2 * n));
    found.push({ column, row, rings: [ring], box: LB.box([ring]) });
  }
  return found;
};

LB.box = (rings) => {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      if (ring[i] < box[0]) box[0] = ring[i];
      if (ring[i + 1] < box[1]) box[1] = ring[i + 1];
      if (ring[i] > box[2]) box[2] = ring[i];
      if (ring[i + 1] > box[3]) box[3] = ring[i + 1];
    }
  }
  return box;
};

LB.path = (rings, closed, into) => {
  const path = into || new Path2D();
  for (const ring of rings) {
    path.moveTo(ring[0], ring[1]);
    for (let i = 2; i < ring.length; i += 2) path.lineTo(ring[i], ring[i + 1]);
    if (closed) path.closePath();
  }
  return path;
};

// Shapes as paths by squares of 4,096 units (zoom 18): only those in view are drawn.
LB.tiles = (shapes, closed) => {
  const tiles = new Map();
  for (const lines of shapes) {
    const box = LB.box(lines);
    // A shape wider than a tile stands alone: its box would make the whole tile look wide.
    const wide = Math.max(box[2] - box[0], box[3] - box[1]) > 4096;
    const key = wide ? lines : `${Math.floor(box[0] / 4096)} ${Math.floor(box[1] / 4096)}`;
    let tile = tiles.get(key);
    if (!tile) tiles.set(key, (tile = { path: new Path2D(), box: [...box] }));
    LB.path(lines, closed, tile.path);
    tile.box = [
      Math.min(tile.box[0], box[0]), Math.min(tile.box[1], box[1]),
      Math.max(tile.box[2], box[2]), Math.max(tile.box[3], box[3]),
    ];
  }
  return [...tiles.values()];
};

// Even-odd: holes and islands come out right whatever way the rings turn.
LB.inside = (feature, x, y) => {
  const [left, top, right, bottom] = feature.box;
  if (x < left || x > right || y < top || y > bottom) return false;
  let odd = false;
  for (const ring of feature.rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const yi = ring[i + 1];
      const yj = ring[j + 1];
      if (yi > y !== yj > y && x < ((ring[j] - ring[i]) * (y - yi)) / (yj - yi) + ring[i]) {
        odd = !odd;
      }
    }
  }
  return odd;
};

LB.metres = (lat) => LB.SIZE / (2 * Math.PI * 6378137 * Math.cos((lat * Math.PI) / 180));

LB.number = (value, decimals = 0) => {
  const [whole, part] = Math.abs(value).toFixed(decimals).split(".");
  const { group, decimal } = LB.data.texts;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return (value < 0 ? "−" : "") + grouped + (part ? decimal + part : "");
};

LB.percent = (permille) => LB.data.texts.percent.replace("{n}", LB.number(permille / 10, 1));

LB.day = (days) => new Date(days * 86400000).toISOString().slice(0, 10);

LB.count = (forms, n) => forms[n === 1 ? 0 : 1].replace("{n}", LB.number(n));
