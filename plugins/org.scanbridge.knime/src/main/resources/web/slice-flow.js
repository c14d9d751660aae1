// Which slices are asked for and which are shown: the state of a viewer without its page, so that tests can drive it.
//
// What is shown of a row is known by row, plane and slice, and so is every answer: one that comes late is kept for later, but is
// never shown under another name. One request is on its way at a time; meanwhile only the latest wish counts, and the next
// request brings the slices on the way there too, so that scrolling stays a film when each answer takes its time.
'use strict';

const MIB = 1 << 20;
const DEFAULTS = {
  capacity: 96 * MIB, // bytes of decoded slices that are kept
  batch: 4 * MIB, // bytes of decoded slices that one request asks for, at least one slice
  most: 8, // slices that one request asks for at most
  ahead: 4, // slices that are fetched beforehand on either side
};

// A wheel's notch is one event of 50 to 120 pixels or of some lines; a trackpad sends many events of a few pixels.
const NOTCH = 50;
const ROWS = 64; // rows whose details are kept
const PIXELS_PER_NOTCH = 120;
const OUTSTANDING = 2; // a request for a row that was left, and one for the row that is looked at

export class SliceFlow {

  constructor(options = {}) {
    this.options = { ...DEFAULTS, ...options };
    this.row = -1;
    this.planes = new Map(); // of the row, once it is opened: { slices, bytes, wanted, shown, asked, direction, film }
    this.active = null; // the plane that was moved last
    this.visible = [];
    this.opened = new Map(); // rows: what the server said about them
    this.kept = new Map(); // pictures by key, the oldest first
    this.bytes = 0;
    this.outstanding = [];
    this.failed = new Map(); // messages by key
    this.scrolled = 0;
    this.generation = 0;
  }

  static key(row, plane, slice) {
    return row + '/' + plane + '/' + slice;
  }

  // ---- what the user does ----

  // Another row: whatever was shown is gone at once.
  open(row) {
    this.row = row;
    this.planes = new Map();
    this.active = null;
    this.scrolled = 0;
    this.failed.clear();
    if (this.opened.has(row)) {
      this.begin();
    }
  }

  // All pictures are thrown away and asked for again, because they must hold something else; answers to what was asked before
  // are not kept.
  forget() {
    this.kept.clear();
    this.bytes = 0;
    this.generation++;
    this.failed.clear();
    this.planes.forEach(p => {
      p.shown = null;
    });
  }

  // Which planes are looked at; others are not asked for.
  look(planes) {
    this.visible = [...planes];
    if (!this.visible.includes(this.active)) {
      this.active = this.visible[0];
    }
  }

  // To a slice of a plane at once; beyond the ends, to the end.
  go(plane, slice) {
    this.move(plane, slice, false);
  }

  // So many slices on, through those between.
  step(plane, slices) {
    if (this.planes.has(plane)) {
      this.move(plane, this.planes.get(plane).wanted + slices, true);
    }
  }

  // A wheel event's deltaY and deltaMode (0 pixels, 1 lines, 2 pages). Returns how many slices it moved.
  wheel(plane, delta, mode = 0) {
    let slices;
    if (mode !== 0 || Math.abs(delta) >= NOTCH) {
      slices = Math.sign(delta) * Math.max(1, mode === 0 ? Math.round(Math.abs(delta) / PIXELS_PER_NOTCH) : 1);
      this.scrolled = 0;
    } else {
      this.scrolled = this.scrolled * delta < 0 ? delta : this.scrolled + delta;
      slices = Math.trunc(this.scrolled / NOTCH);
      this.scrolled -= slices * NOTCH;
    }
    if (slices !== 0) {
      this.step(plane, slices);
    }
    return slices;
  }

  // ---- what goes to the server and comes back ----

  // The next request, { kind: 'open', row } or { kind: 'slices', row, slices: [[plane, slice], …] }, or null; whoever takes it
  // sends it and calls answered or refused.
  next() {
    const waiting = this.outstanding.some(r => r.row === this.row && r.generation === this.generation);
    if (this.row < 0 || waiting || this.outstanding.length >= OUTSTANDING) {
      return null;
    }
    const request = this.opened.has(this.row) ? this.wish() || this.beforehand()
      : this.failed.has(this.row + '/') ? null : { kind: 'open', row: this.row };
    if (request) {
      request.generation = this.generation;
      this.outstanding.push(request);
    }
    return request;
  }

  // The answer: of 'open' { planes: { name: { slices, bytes, start } }, … }, of 'slices' one picture for each.
  answered(request, answer) {
    this.done(request);
    if (request.kind === 'open') {
      this.opened.set(request.row, answer);
      if (this.opened.size > ROWS) {
        this.opened.delete([...this.opened.keys()].find(r => r !== this.row));
      }
      if (request.row === this.row) {
        this.begin();
      }
    } else if (request.generation === this.generation) {
      request.slices.forEach(([plane, slice], n) => this.keep(request.row, plane, slice, answer[n]));
      if (request.row === this.row) {
        this.land(request);
      }
    }
  }

  // No answer, and why.
  refused(request, message) {
    this.done(request);
    if (request.row !== this.row || request.generation !== this.generation) {
      return;
    }
    if (request.kind === 'open') {
      this.failed.set(request.row + '/', message);
    } else {
      request.slices.forEach(([plane, slice]) => this.failed.set(SliceFlow.key(request.row, plane, slice), message));
    }
  }

  // ---- what is seen ----

  // One frame of the film: each plane goes to its wanted slice through those that are there. Returns whether anything changed.
  frame() {
    let changed = false;
    this.planes.forEach((p, plane) => {
      if (p.shown !== p.wanted && this.visible.includes(plane)) {
        const there = p.film && p.shown !== null ? this.between(plane, p) : this.has(plane, p.wanted) ? [p.wanted] : [];
        if (there.length > 0) {
          p.shown = there[Math.min(there.length - 1, Math.ceil(there.length / this.options.most) - 1)];
          changed = true;
        }
      }
    });
    return changed;
  }

  // All that may be painted. Every plane names the slice of its own picture; there is none as long as nothing came of this row.
  view() {
    const planes = {};
    this.planes.forEach((p, plane) => {
      const picture = p.shown === null ? null : this.kept.get(SliceFlow.key(this.row, plane, p.shown)).picture;
      planes[plane] = { slice: p.shown, wanted: p.wanted, slices: p.slices, picture,
        failure: this.failed.get(SliceFlow.key(this.row, plane, p.wanted)) || null };
    });
    return { row: this.row, details: this.row < 0 ? null : this.opened.get(this.row) || null, planes, active: this.active,
      failure: this.failed.get(this.row + '/') || null };
  }

  // ---- inside ----

  move(plane, slice, film) {
    const p = this.planes.get(plane);
    if (!p) {
      return;
    }
    const wanted = Math.max(0, Math.min(p.slices - 1, Math.round(slice)));
    if (wanted !== p.wanted) {
      p.direction = Math.sign(wanted - p.wanted);
      p.wanted = wanted;
      p.film = film;
      p.asked = film ? p.asked : wanted;
    }
    this.active = plane;
    this.failed.delete(SliceFlow.key(this.row, plane, wanted));
  }

  begin() {
    const details = this.opened.get(this.row);
    for (const [plane, p] of Object.entries(details.planes)) {
      const shown = this.kept.has(SliceFlow.key(this.row, plane, p.start)) ? p.start : null;
      this.planes.set(plane, { slices: p.slices, bytes: p.bytes, wanted: p.start, shown, asked: p.start, direction: 1,
        film: false });
    }
    this.active = this.visible[0];
  }

  done(request) {
    this.outstanding = this.outstanding.filter(r => r !== request);
  }

  has(plane, slice) {
    return this.kept.has(SliceFlow.key(this.row, plane, slice));
  }

  // Planes that are looked at, the one that was moved last first.
  order() {
    return [this.active, ...this.visible.filter(p => p !== this.active)].filter(p => this.planes.has(p));
  }

  // What is wanted and not there, with slices on the way there.
  wish() {
    const slices = [];
    let bytes = 0;
    for (const plane of this.order()) {
      const p = this.planes.get(plane);
      if (this.has(plane, p.wanted) || this.failed.has(SliceFlow.key(this.row, plane, p.wanted))) {
        continue;
      }
      if (slices.length > 0 && bytes + p.bytes > this.options.batch) {
        break;
      }
      const room = slices.length > 0 ? 1
        : Math.max(1, Math.min(this.options.most, Math.floor(this.options.batch / p.bytes)));
      for (const slice of this.path(plane, p, room)) {
        slices.push([plane, slice]);
        bytes += p.bytes;
      }
      p.asked = p.wanted;
    }
    return slices.length > 0 ? { kind: 'slices', row: this.row, slices } : null;
  }

  // At most so many missing slices from the last one that was asked for to the wanted one, which is always among them.
  path(plane, p, room) {
    const step = p.film ? Math.sign(p.wanted - p.asked) : 0;
    const missing = [];
    for (let n = p.asked + step; step !== 0 && n !== p.wanted; n += step) {
      if (!this.has(plane, n)) {
        missing.push(n);
      }
    }
    const few = Math.min(room - 1, missing.length);
    const chosen = [];
    for (let n = 0; n < few; n++) {
      chosen.push(missing[Math.floor((n + 0.5) * missing.length / few)]);
    }
    return [...chosen, p.wanted];
  }

  // Neighbors of what is wanted, first in the direction of the last move.
  beforehand() {
    const plane = this.order()[0];
    const p = this.planes.get(plane);
    if (!p || (2 * this.options.ahead + 1) * p.bytes > this.options.capacity / 2) {
      return null;
    }
    const sides = [p.direction || 1, -(p.direction || 1)];
    const slices = [];
    const room = Math.max(1, Math.min(this.options.most, Math.floor(this.options.batch / p.bytes)) / 2);
    for (const side of sides) {
      for (let n = 1; n <= this.options.ahead && slices.length + 1 <= room; n++) {
        const slice = p.wanted + side * n;
        if (slice >= 0 && slice < p.slices && !this.has(plane, slice)
          && !this.failed.has(SliceFlow.key(this.row, plane, slice))) {
          slices.push([plane, slice]);
        }
      }
    }
    return slices.length > 0 ? { kind: 'slices', row: this.row, slices } : null;
  }

  // Slices that are there from the shown one, without it, to the wanted one.
  between(plane, p) {
    const step = Math.sign(p.wanted - p.shown);
    const there = [];
    for (let n = p.shown + step; n !== p.wanted + step; n += step) {
      if (this.has(plane, n)) {
        there.push(n);
      }
    }
    return there;
  }

  // What came may be older than the latest wish, but it is nearer to it than what is shown.
  land(request) {
    this.planes.forEach((p, plane) => {
      const distance = slice => Math.abs(slice - p.wanted);
      const came = request.slices.filter(s => s[0] === plane).map(s => s[1]).sort((a, b) => distance(a) - distance(b));
      if (came.length > 0 && (p.shown === null || !p.film && distance(came[0]) < distance(p.shown))) {
        p.shown = came[0];
      }
    });
  }

  keep(row, plane, slice, picture) {
    const key = SliceFlow.key(row, plane, slice);
    const bytes = this.opened.has(row) ? this.opened.get(row).planes[plane].bytes : 0;
    this.drop(key);
    this.kept.set(key, { picture, bytes });
    this.bytes += bytes;
    const shown = new Set([...this.planes].map(([name, p]) => SliceFlow.key(this.row, name, p.shown)));
    for (const old of [...this.kept.keys()]) {
      if (this.bytes <= this.options.capacity) {
        break;
      }
      if (old !== key && !shown.has(old)) {
        this.drop(old);
      }
    }
  }

  drop(key) {
    const old = this.kept.get(key);
    if (old) {
      this.bytes -= old.bytes;
      this.kept.delete(key);
    }
  }
}
