// The Image Viewer: a list of rows, and the images and segmentations of one, side by side, in three planes that share a
// cross-hair. What may be shown is decided by SliceFlow; everything a person reads beside a picture (row, slice, value, classes)
// is painted from the same state as the picture, never on its own.
'use strict';
import { escapePressed } from './embedder.js';
import { html } from './plots.js';
import { PLANES, barLength, dot, length, parallel, pixel, position, rectangle, together, words } from './patient-space.js';
import { SliceFlow } from './slice-flow.js';
import { DIFFERENCES, differenceOf, differences, gray, levels, overlay, valueOf } from './slice-paint.js';

const TITLES = { axial: 'Axial', coronal: 'Coronal', sagittal: 'Sagittal' };
const SIDES = ['left', 'right', 'up', 'down'];
const MOST_PANES = 4;

// Center and width in HU; radiopaedia.org/articles/windowing-ct.
const PRESETS = [['Brain', 40, 80], ['Lung', -600, 1500], ['Bone', 400, 1800], ['Abdomen', 50, 400]];

const KEYS = [['↑ ↓ or ← →', 'previous, next slice'], ['Page Up, Page Down', 'ten slices'], ['Home, End', 'first, last slice'],
  ['Shift + arrows', 'move the cross-hair'], ['[ ] or P N', 'previous, next row'], ['1 2 3 4', 'axial, coronal, sagittal, all three'],
  ['L', 'next slice with a label'], ['E', 'largest difference'], ['S', 'classes on, off'], ['O', 'outline or filled'],
  ['A', 'window by percentiles'], ['+ − 0', 'zoom in, out, fit'], ['M', 'measure a distance'], ['Esc', 'leave']];

const STYLE = `
.viewer { display: flex; height: 100%; width: 100%; min-height: 0; container-type: size; outline: none; }
.viewer button, .viewer input, .viewer select { font: inherit; color: inherit; }
.viewer button { background: var(--band); border: 1px solid var(--line); border-radius: 4px; padding: 1px 8px; cursor: pointer; }
.viewer button[aria-pressed="true"] { background: var(--ink); color: var(--paper); border-color: var(--ink); }
.viewer :focus-visible { outline: 2px solid #0072b2; outline-offset: -2px; }
.viewer .list { flex: 0 0 auto; container-type: inline-size; width: 30%; min-width: 130px; max-width: 70%; display: flex; flex-direction: column; gap: 4px; padding: 6px 4px 6px 8px; }
.viewer .list input { background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: 2px 6px; width: 100%; }
.viewer .rows { flex: 1; min-height: 0; overflow: auto; border: 1px solid var(--line); }
.viewer .rows table { width: 100%; table-layout: fixed; }
.viewer .rows th, .viewer .rows td { padding: 2px 6px; overflow: hidden; text-overflow: ellipsis; }
.viewer .rows tbody tr { cursor: pointer; }
.viewer .splitter { flex: 0 0 6px; cursor: col-resize; touch-action: none; }
.viewer .splitter:hover { background: var(--line); }
.viewer .work { flex: 1; min-width: 0; display: flex; flex-direction: column; gap: 4px; padding: 6px 8px 6px 2px; }
.viewer .subject { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; font-weight: 600; min-height: 1.45em; }
.viewer .split { flex: 1; min-height: 0; display: flex; flex-direction: column; gap: 6px; }
.viewer .stages { flex: 1; min-height: 60px; min-width: 0; display: grid; gap: 2px; background: #000; position: relative; }
.viewer .stage { position: relative; overflow: hidden; background: #000; cursor: crosshair; touch-action: none; min-width: 0; min-height: 0; }
.viewer .stage canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.viewer .stage span { position: absolute; color: #fff; font: 11px/1.3 system-ui, sans-serif; text-shadow: 0 0 2px #000, 0 0 3px #000; pointer-events: none; white-space: nowrap; max-width: calc(100% - 10px); overflow: hidden; text-overflow: ellipsis; }
.viewer .stage.active::after { content: ""; position: absolute; inset: 0; border: 1px solid #56b4e9; pointer-events: none; }
.viewer .stage .name { left: 5px; top: 3px; white-space: normal; } .viewer .stage .value { left: 5px; bottom: 3px; } .viewer .stage .window { right: 5px; bottom: 3px; text-align: right; }
.viewer .stage .left { left: 5px; top: calc(50% - 8px); } .viewer .stage .right { right: 5px; top: calc(50% - 8px); }
.viewer .stage .up { left: calc(50% - 8px); top: 18px; } .viewer .stage .down { left: calc(50% - 8px); bottom: 18px; }
.viewer .stage .left, .viewer .stage .right, .viewer .stage .up, .viewer .stage .down { font-weight: 600; color: #9fd3f2; }
.viewer .stage .wait { left: 0; right: 0; top: calc(50% - 9px); max-width: none; text-align: center; font-size: 13px; white-space: normal; }
.viewer .stage .note { right: 5px; top: 3px; text-align: right; }
.viewer .tools { display: flex; flex-wrap: wrap; gap: 3px 12px; align-items: center; font-size: 13px; max-height: 45cqh; overflow-y: auto; flex: none; }
.viewer .tools > div { display: flex; flex-wrap: wrap; gap: 3px 6px; align-items: center; min-width: 0; }
.viewer .tools > div[hidden] { display: none; }
.viewer .tools label { display: flex; gap: 4px; align-items: center; min-width: 0; }
.viewer .tools input[type=number] { width: 5.4em; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: 0 4px; }
.viewer .tools select { max-width: 14ch; padding: 0 2px; }
.viewer .tools .scroll { flex: 1 1 150px; flex-wrap: nowrap; }
.viewer .tools .scroll input { flex: 1; min-width: 60px; }
.viewer .tools output { white-space: nowrap; }
.viewer .classes label { border: 1px solid var(--line); border-radius: 10px; padding: 0 8px 0 4px; }
.viewer .classes i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; flex: none; }
.viewer .classes span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 16ch; }
.viewer .failure { color: #b3261e; }
.viewer .keys { position: absolute; inset: 8px; margin: auto; width: fit-content; height: fit-content; max-width: calc(100% - 16px); max-height: calc(100% - 16px); overflow: auto; background: var(--paper); color: var(--ink); padding: 8px 14px; border-radius: 6px; z-index: 2; }
.viewer .keys[hidden] { display: none; }
@container (max-height: 420px) {
  .viewer .split { flex-direction: row; }
  .viewer .tools { flex: 0 0 auto; width: 300px; max-width: 40%; max-height: none; align-content: flex-start; gap: 3px 10px; }
  .viewer .tools > div { width: 100%; }
  .viewer .tools .scroll { flex: none; flex-wrap: wrap; }
}
@container (max-width: 620px) { .viewer .list { width: 28%; } }
.viewer .rows .wide, .viewer .rows .medium { display: none; }
@container (min-width: 300px) { .viewer .rows .medium { display: table-cell; } }
@container (min-width: 520px) { .viewer .rows .wide { display: table-cell; } }
@container (max-height: 420px) and (max-width: 620px) { .viewer .tools { width: 190px; } }
`;

function short(x) {
  return !Number.isFinite(x) ? String(x).replace('NaN', 'not a number').replace('-', '−')
    : (Math.abs(x) >= 10000 ? x.toFixed(0) : String(Number(x.toPrecision(5)))).replace('-', '−');
}

function rgb(hex) {
  return [1, 3, 5].map(n => parseInt(hex.slice(n, n + 2), 16));
}

async function inflated(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let n = 0; n < text.length; n++) {
    bytes[n] = text.charCodeAt(n);
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Shows { columns, rows, note } in an element; call(method, parameters) asks the node. Options: list (whether there is a list of
// rows), rows (numbers of those to begin with), reference (the column that other segmentations are compared with).
export function imageViewer(parent, start, call, options = {}) {
  return new Viewer(parent, start, call, options);
}

class Viewer {

  constructor(parent, start, call, options) {
    this.start = start;
    this.call = call;
    this.options = { list: true, ...options };
    this.flow = new SliceFlow();
    this.layout = 'one';
    this.plane = 'axial';
    this.chosenPanes = options.panes || null; // titles; null for those that suit the row
    this.panes = [];
    this.windows = new Map(); // by row and column
    this.presets = new Map(); // by column: [center, width]
    this.hidden = new Set(); // names of classes
    this.zoom = {}; // by plane: { factor, x, y } with the middle in mm
    this.pointer = null;
    this.active = 0; // pane
    this.measuring = false;
    this.measured = null;
    this.stages = [];
    this.found = '';
    this.build(parent);
    this.only = options.rows || null;
    this.list();
    this.open(this.listed[0]);
  }

  // Only these rows, and of their panes those with these titles, if there are such.
  showRows(rows, panes) {
    this.only = rows;
    this.chosenPanes = panes;
    this.list();
    this.flow.forget();
    this.open(rows[0]);
  }

  // ---- elements ----

  build(parent) {
    if (!document.getElementById('viewer-style')) {
      document.head.append(html('style', { id: 'viewer-style' }, STYLE));
    }
    const button = (label, title, click, pressed) => html('button', { type: 'button', title, click,
      'aria-pressed': pressed === undefined ? null : String(pressed) }, label);
    const e = this.e = {};
    e.filter = html('input', { type: 'search', placeholder: 'Filter by site, subject, modality …', 'aria-label': 'Filter the rows',
      input: () => this.list() });
    e.body = html('tbody', { class: 'series' });
    e.count = html('div', { class: 'soft count' });
    e.subject = html('div', { class: 'subject' });
    e.stages = html('div', { class: 'stages' });
    e.keys = html('div', { class: 'keys', hidden: '' }, html('table', {}, ...KEYS.map(([key, what]) =>
      html('tr', {}, html('td', { class: 'text' }, html('b', {}, key)), html('td', { class: 'text' }, what)))));
    e.planes = [...PLANES.map(p => button(TITLES[p], TITLES[p] + ' slices', () => this.arrange('one', p), false)),
      button('All three', 'Axial, coronal and sagittal slices with one cross-hair', () => this.arrange('three', this.plane), false)];
    e.slice = html('input', { type: 'range', min: 0, step: 1, 'aria-label': 'Slice',
      input: () => this.act(() => this.flow.go(this.plane, Number(e.slice.value))) });
    e.number = html('output', { class: 'number' });
    e.center = html('input', { type: 'number', step: 'any', 'aria-label': 'Window center', change: () => this.typed() });
    e.width = html('input', { type: 'number', step: 'any', min: 0, 'aria-label': 'Window width', change: () => this.typed() });
    e.preset = html('select', { 'aria-label': 'Window preset', change: () => this.preset(e.preset.value) });
    e.window = html('div', {}, html('label', {}, 'Center', e.center), html('label', {}, 'Width', e.width), e.preset);
    e.panes = html('div', { class: 'panes' });
    e.show = html('input', { type: 'checkbox', checked: '', change: () => this.act() });
    e.outline = html('input', { type: 'checkbox', change: () => this.act() });
    e.opacity = html('input', { type: 'range', min: 0, max: 100, value: 45, style: 'width:70px', 'aria-label': 'Opacity of the segmentation',
      input: () => this.act() });
    e.overlay = html('div', {}, html('label', {}, e.show, 'Show classes'), html('label', {}, e.outline, 'Outline'),
      html('label', {}, 'Opacity', e.opacity));
    e.classes = html('div', { class: 'classes legend' });
    e.labeled = button('Next label', 'To the next slice with a label (L)', () => this.nextLabel());
    e.worst = button('Largest difference', 'To where the segmentations differ most (E)', () => this.largestDifference());
    e.jump = html('div', {}, e.labeled, e.worst);
    e.measure = button('Measure', 'Drag to measure a distance (M)', () => this.act(() => this.measure()), false);
    e.view = html('div', {}, button('−', 'Zoom out (−)', () => this.act(() => this.zoomBy(1 / 1.25))),
      button('+', 'Zoom in (+)', () => this.act(() => this.zoomBy(1.25))),
      button('Fit', 'Whole slice (0)', () => this.act(() => { this.zoom = {}; })), e.measure,
      button('?', 'Keys', () => { e.keys.hidden = !e.keys.hidden; }));
    e.failure = html('div', { class: 'failure' });
    const head = (text, title, cls) => html('th', { class: cls || 'text', title: title || text }, text);
    e.listing = html('section', { class: 'list' }, e.filter,
      html('div', { class: 'rows', tabindex: 0, 'aria-label': 'Rows', keydown: k => this.listKey(k) }, html('table', {},
        html('thead', {}, html('tr', {}, head('Site'), head('Subject'), head('Modality', 'Modality', 'text medium'),
          head('Size', 'Voxels along the columns, rows and slices of the image', 'wide'),
          head('Spacing (mm)', 'Distance of voxels along the columns, rows and slices', 'wide'),
          head('Labels', 'Segmentations of the row', 'text medium'))), e.body)), e.count);
    const splitter = html('div', { class: 'splitter', role: 'separator', 'aria-orientation': 'vertical',
      'aria-label': 'Width of the list', tabindex: 0 });
    this.splitter(splitter);
    e.root = html('div', { class: 'viewer', tabindex: 0, keydown: k => this.key(k) }, ...(this.options.list ? [e.listing, splitter] : []),
      html('section', { class: 'work' }, e.subject, html('div', { class: 'split' }, e.stages,
        html('div', { class: 'tools' }, html('div', {}, ...e.planes), html('div', { class: 'scroll' }, e.slice, e.number), e.window, e.panes,
          e.overlay, e.classes, e.jump, e.view, e.failure))));
    e.stages.append(e.keys);
    parent.append(e.root);
    new ResizeObserver(() => this.act(() => {
      this.arranged = this.wide === this.isWide() ? this.arranged : -1;
    })).observe(e.stages);
  }

  splitter(bar) {
    const wide = px => { this.e.listing.style.width = Math.max(90, px) + 'px'; };
    bar.addEventListener('pointerdown', d => {
      bar.setPointerCapture(d.pointerId);
      const from = this.e.listing.getBoundingClientRect().width - d.clientX;
      bar.onpointermove = m => wide(from + m.clientX);
      bar.onpointerup = () => { bar.onpointermove = null; };
    });
    bar.addEventListener('keydown', k => {
      const by = { ArrowLeft: -20, ArrowRight: 20 }[k.key];
      if (by) {
        k.stopPropagation();
        k.preventDefault();
        wide(this.e.listing.getBoundingClientRect().width + by);
      }
    });
  }

  list() {
    const filter = this.e.filter.value.toLowerCase().split(/\s+/).filter(w => w);
    this.listed = [];
    const rows = [];
    this.start.rows.forEach((r, n) => {
      const text = [r.name, r.site, r.subject, r.series, r.modality].join(' ').toLowerCase();
      if (filter.every(w => text.includes(w)) && (!this.only || this.only.includes(n))) {
        this.listed.push(n);
        const cell = (t, cls) => html('td', { class: cls, title: t }, t);
        rows.push(html('tr', { class: n === this.flow.row ? 'chosen' : null, click: () => this.open(n),
          title: `${r.name}${r.series ? ', series ' + r.series : ''}` }, cell(r.site || '–', 'text'), cell(r.subject || r.name, 'text'),
        cell(r.modality || '–', 'text medium'), cell(r.size.length ? r.size.join(' × ') : '–', 'wide'),
        cell(r.spacing.length ? r.spacing.map(s => String(Number(s.toPrecision(4)))).join(' × ') : '–', 'wide'),
        cell(r.labels.length ? r.labels.join(', ') : '–', 'text medium')));
      }
    });
    this.e.body.replaceChildren(...rows);
    this.e.count.textContent = `${rows.length} of ${this.start.rows.length} ${this.start.rows.length === 1 ? 'row' : 'rows'}`
      + (this.start.note ? '; ' + this.start.note : '');
  }

  // ---- rows ----

  open(row) {
    if (row < 0 || row >= this.start.rows.length) {
      return;
    }
    this.flow.open(row);
    this.zoom = {};
    this.measured = null;
    this.found = '';
    this.e.failure.textContent = '';
    this.arranged = -1;
    this.list();
    const chosen = this.e.body.querySelector('.chosen');
    if (chosen) {
      chosen.scrollIntoView({ block: 'nearest' });
    }
    this.act();
  }

  // Through the rows of the list as it is filtered.
  otherRow(by) {
    const at = this.listed.indexOf(this.flow.row);
    const to = at < 0 ? this.listed[0] : this.listed[Math.max(0, Math.min(this.listed.length - 1, at + by))];
    if (to !== undefined && to !== this.flow.row) {
      this.open(to);
    }
  }

  // The row's layers, once they are known.
  layers() {
    const details = this.flow.view().details;
    return details ? details.layers : [];
  }

  // All panes that a row can have: every image, every segmentation over its image, and how segmentations differ.
  possible(layers) {
    const of = image => layers.map((l, n) => l && l.image === image ? n : -1).filter(n => n >= 0);
    const images = of(true);
    const first = l => layers[l].column === this.options.reference ? 0 : 1;
    const labels = of(false).sort((a, b) => first(a) - first(b) || a - b);
    const under = l => images.filter(i => layers[i].grid === layers[l].grid).pop();
    const panes = images.map(i => ({ title: layers[i].column, image: i,
      labels: labels.find(l => layers[l].grid === layers[i].grid) }));
    if (labels.length > 1 || images.length === 0) {
      labels.forEach(l => panes.push({ title: layers[l].column, image: under(l), labels: l, of: 'labels' }));
    } else {
      labels.filter(l => under(l) === undefined).forEach(l => panes.push({ title: layers[l].column, labels: l }));
    }
    labels.slice(1).filter(l => layers[l].grid === layers[labels[0]].grid).forEach(l => panes.push({
      title: `${layers[l].column} against ${layers[labels[0]].column}`, image: under(l), reference: labels[0], labels: l, of: 'difference' }));
    const suits = panes.filter(p => labels.length > 1 ? p.of : true);
    return { panes, suits: (suits.length ? suits : panes).slice(0, 3).map(p => p.title) };
  }

  choosePanes() {
    const { panes, suits } = this.possible(this.layers());
    const wanted = this.chosenPanes && panes.some(p => this.chosenPanes.includes(p.title)) ? this.chosenPanes : suits;
    this.panes = panes.filter(p => wanted.includes(p.title)).slice(0, MOST_PANES);
    this.active = Math.min(this.active, Math.max(0, this.panes.length - 1));
    this.e.panes.hidden = panes.length < 2;
    this.e.panes.replaceChildren(...panes.map(p => html('label', {}, html('input', { type: 'checkbox',
      checked: this.panes.includes(p) ? '' : null, change: c => this.togglePane(p.title, c.target.checked) }), p.title)));
  }

  togglePane(title, on) {
    const titles = this.panes.map(p => p.title).filter(t => t !== title);
    if (on) {
      titles.push(title);
    }
    if (titles.length === 0 || titles.length > MOST_PANES) {
      this.choosePanes(); // the last one stays, and there is no room for a fifth
      return;
    }
    this.chosenPanes = titles;
    this.flow.forget();
    this.arranged = -1;
    this.act();
  }

  needed(layer) {
    return this.panes.some(p => p.image === layer || p.labels === layer || p.reference === layer);
  }

  // ---- what goes to the node and comes back ----

  // After whatever changed: ask for what is missing, show what is there.
  act(change) {
    if (change) {
      change();
    }
    this.stagesFor(this.flow.view());
    this.pump();
    this.paint();
    if (!this.scheduled) {
      this.scheduled = true;
      requestAnimationFrame(() => this.tick());
    }
  }

  tick() {
    this.scheduled = false;
    if (this.flow.frame()) {
      this.act();
    }
  }

  pump() {
    for (let request = this.flow.next(); request; request = this.flow.next()) {
      this.send(request);
    }
  }

  async send(request) {
    try {
      const answer = request.kind === 'open' ? this.opened(await this.call('open', [request.row])) : await this.slices(request);
      this.flow.answered(request, answer);
    } catch (error) {
      this.flow.refused(request, error.message);
    }
    this.act();
  }

  opened(row) {
    const planes = {};
    if (row.lead >= 0) {
      PLANES.forEach((plane, p) => {
        const [width, height, slices] = row.layers[row.lead].stacks[p].size;
        const bytes = row.layers.reduce((sum, l) => sum + (l ? l.stacks[p].size[0] * l.stacks[p].size[1] * (l.image ? 2 : 1) : 0), 0);
        planes[plane] = { slices, bytes: Math.max(bytes, width * height), start: Math.floor(slices / 2) };
      });
    }
    const layers = row.layers.map(l => l && { ...l, stacks: Object.fromEntries(PLANES.map((p, n) => [p, l.stacks[n]])) });
    return { planes, layers, lead: row.lead, acquired: PLANES[row.acquired] };
  }

  async slices(request) {
    const { layers, lead } = this.flow.opened.get(request.row);
    const asked = request.slices.map(([plane, n]) =>
      [PLANES.indexOf(plane), ...together(layers, lead, plane, n, l => this.needed(l))]);
    const answer = await this.call('slices', [request.row, asked]);
    return Promise.all(answer.map((one, f) => Promise.all(one.map(async (pixels, l) => {
      if (!pixels) {
        return null;
      }
      const bytes = await inflated(pixels.data);
      const slice = asked[f][l + 1];
      return layers[l].image ? { slice, low: pixels.low, step: pixels.step, levels: levels(bytes) } : { slice, labels: bytes };
    }))));
  }

  // ---- arrangement ----

  arrange(layout, plane) {
    this.layout = layout;
    this.plane = plane;
    this.planeChosen = true;
    this.arranged = -1;
    this.act();
  }

  // Stages for the planes and panes of an opened row, once.
  stagesFor(view) {
    if (!view.details || this.arranged === view.row) {
      return;
    }
    this.arranged = view.row;
    this.plane = this.planeChosen ? this.plane : view.details.acquired;
    this.choosePanes();
    const planes = this.layout === 'one' ? [this.plane] : PLANES;
    this.flow.look(planes);
    this.stages.forEach(s => s.element.remove());
    this.stages = view.details.lead < 0 ? [] : planes.flatMap(plane => this.panes.map((pane, n) => this.stage(plane, pane, n)));
    const wide = this.isWide();
    this.wide = wide;
    const [across, down] = wide && this.panes.length === 1 ? [planes.length, 1]
      : planes.length === 1 ? wide ? [this.panes.length, 1] : [1, this.panes.length]
        : [this.panes.length, planes.length];
    this.e.stages.style.gridTemplateColumns = `repeat(${across}, minmax(0, 1fr))`;
    this.e.stages.style.gridTemplateRows = `repeat(${down}, minmax(0, 1fr))`;
    this.e.stages.append(...this.stages.map(s => s.element));
    this.legend();
    this.presetChoices();
  }

  isWide() {
    return this.e.stages.clientWidth > 1.3 * this.e.stages.clientHeight;
  }

  stage(plane, pane, n) {
    const text = Object.fromEntries(['name', 'value', 'window', 'note', 'wait', ...SIDES].map(c => [c, html('span', { class: c })]));
    const canvas = html('canvas', {});
    const stage = { plane, pane, n, text, canvas, picture: document.createElement('canvas'), painted: '' };
    stage.element = html('div', { class: 'stage', 'data-plane': plane, 'data-pane': pane.title }, canvas, ...Object.values(text));
    this.pointers(stage);
    return stage;
  }

  legend() {
    const layers = this.layers();
    const classes = new Map();
    this.panes.forEach(p => [p.labels, p.reference].filter(l => l !== undefined).forEach(l =>
      layers[l].classes.forEach(c => classes.set(c.value, c))));
    const differing = this.panes.some(p => p.of === 'difference');
    this.e.overlay.hidden = classes.size === 0;
    this.e.jump.hidden = !layers.some(l => l && !l.image);
    this.e.worst.hidden = !this.possible(layers).panes.some(p => p.of === 'difference');
    this.e.classes.replaceChildren(...[...classes.values()].sort((a, b) => a.value - b.value).map(c => html('label', { title: c.name },
      html('input', { type: 'checkbox', checked: this.hidden.has(c.name) ? null : '', change: x => this.act(() => {
        this.hidden[x.target.checked ? 'delete' : 'add'](c.name);
      }) }), html('i', { style: 'background:' + c.color }), html('span', {}, c.name))),
    ...(differing ? DIFFERENCES.map(d => html('span', {}, html('i', { style: `background:rgb(${d.color})` }), d.name)) : []));
  }

  // ---- windows ----

  windowOf(layer) {
    const key = this.flow.row + '/' + layer;
    const preset = this.presets.get(this.layers()[layer].column);
    return this.windows.get(key) || (preset && this.layers()[layer].units === 'HU' ? preset : this.layers()[layer].window);
  }

  activeImage() {
    const pane = this.panes[this.active];
    return pane ? pane.image : undefined;
  }

  setWindow(layer, center, width) {
    if (layer !== undefined && Number.isFinite(center) && width > 0) {
      this.windows.set(this.flow.row + '/' + layer, { black: center - width / 2, white: center + width / 2 });
    }
  }

  typed() {
    this.act(() => this.setWindow(this.activeImage(), Number(this.e.center.value), Number(this.e.width.value)));
  }

  preset(name) {
    const layer = this.activeImage();
    const found = PRESETS.find(p => p[0] === name);
    this.act(() => {
      if (layer === undefined) {
        return;
      }
      this.windows.delete(this.flow.row + '/' + layer);
      const column = this.layers()[layer].column;
      if (found) {
        this.presets.set(column, { black: found[1] - found[2] / 2, white: found[1] + found[2] / 2 });
      } else {
        this.presets.delete(column);
      }
    });
  }

  presetChoices() {
    const layer = this.activeImage();
    const hu = layer !== undefined && this.layers()[layer].units === 'HU';
    this.e.window.hidden = layer === undefined;
    this.e.preset.replaceChildren(...['', 'Auto', ...(hu ? PRESETS.map(p => p[0]) : [])].map(n =>
      html('option', { value: n, hidden: n ? null : '' }, n || 'Own')));
  }

  showWindow() {
    const layer = this.activeImage();
    if (layer === undefined || !this.layers()[layer] || !this.layers()[layer].window) {
      return;
    }
    const { black, white } = this.windowOf(layer);
    const set = (input, value) => {
      if (document.activeElement !== input) {
        input.value = Number(value.toPrecision(5));
      }
    };
    set(this.e.center, (black + white) / 2);
    set(this.e.width, white - black);
    const own = this.windows.has(this.flow.row + '/' + layer);
    const named = PRESETS.find(p => p[1] === (black + white) / 2 && p[2] === white - black);
    this.e.preset.value = own ? '' : named && this.presets.has(this.layers()[layer].column) ? named[0] : 'Auto';
  }

  // ---- painting ----

  paint() {
    const view = this.flow.view();
    const row = this.start.rows[view.row];
    this.e.subject.title = this.e.subject.textContent = [row.site, row.subject, row.modality, row.name].filter(t => t).join(' · ');
    const shown = view.planes[this.plane];
    this.e.slice.disabled = !shown;
    if (shown) {
      this.e.slice.max = shown.slices - 1;
      this.e.slice.value = shown.wanted;
    }
    this.e.number.textContent = !shown || shown.slice === null ? '' : `${shown.slice + 1} of ${shown.slices}`
      + (shown.wanted !== shown.slice ? ` (loading ${shown.wanted + 1})` : '');
    this.e.planes.forEach((b, n) => b.setAttribute('aria-pressed',
      String(n < 3 ? this.layout === 'one' && this.plane === PLANES[n] : this.layout === 'three')));
    this.e.measure.setAttribute('aria-pressed', String(this.measuring));
    if (!view.details) {
      // nothing of the row is known yet: nothing of another one may stand here
      this.stages.forEach(s => s.element.remove());
      this.stages = [];
      this.arranged = -1;
      this.e.classes.replaceChildren();
      this.e.panes.replaceChildren();
      this.e.window.hidden = this.e.overlay.hidden = this.e.jump.hidden = true;
    }
    this.stages.forEach(s => this.paintStage(s, view));
    if (view.details) {
      this.showWindow();
    }
    const failures = [view.failure, ...Object.values(view.planes).map(p => p.failure)].filter(f => f);
    this.e.failure.textContent = failures[0] || this.found || (view.details && view.details.lead < 0 ? 'This row has no image.'
      : view.details ? '' : 'Loading …');
  }

  // Where a stage shows what: pixels of the stage for mm, and the rectangle of its pane's slice in mm around the middle.
  place(stage, layers, lead) {
    const box = stage.element.getBoundingClientRect();
    const frame = layers[lead].stacks[stage.plane];
    const base = stage.pane.image !== undefined ? stage.pane.image : stage.pane.labels;
    const own = layers[base].stacks[stage.plane];
    const linked = parallel(own, frame);
    const whole = linked ? frame : own;
    const { factor, x, y } = this.zoom[stage.plane] || { factor: 1, x: 0, y: 0 };
    const scale = factor * Math.min(box.width / (whole.size[0] * length(whole.across)), box.height / (whole.size[1] * length(whole.down)));
    return { box, own, base, scale, x, y, linked, rectangle: rectangle(own, whole),
      toX: mm => box.width / 2 + (mm - x) * scale, toY: mm => box.height / 2 + (mm - y) * scale };
  }

  paintStage(stage, view) {
    const { layers, lead } = view.details;
    const p = view.planes[stage.plane];
    const { text, pane } = stage;
    const picture = p && p.picture;
    const place = this.place(stage, layers, lead);
    const ratio = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(place.box.width * ratio));
    const height = Math.max(1, Math.round(place.box.height * ratio));
    if (stage.canvas.width !== width || stage.canvas.height !== height) {
      stage.canvas.width = width;
      stage.canvas.height = height;
    }
    const context = stage.canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, place.box.width, place.box.height);
    stage.element.classList.toggle('active', this.stages.length > 1 && stage.plane === this.plane && stage.n === this.active);
    SIDES.forEach((side, n) => { text[side].textContent = picture ? place.own.letters[n] : ''; });
    const base = picture && picture[place.base];
    const several = layers.filter(l => l).length > 1;
    // a radiograph has no sides of the patient, and only one slice
    const radiograph = base && stage.plane === 'axial' && place.own.letters.every(l => l === '');
    text.name.textContent = [radiograph ? 'Radiograph'
      : !base ? TITLES[stage.plane] : `${TITLES[stage.plane]} ${base.slice + 1} of ${place.own.size[2]}`,
      several || this.panes.length > 1 ? pane.title : ''].filter(t => t).join(' · ');
    text.note.textContent = place.own.oblique >= 1 ? `oblique, ${place.own.oblique.toFixed(0)}° from ${stage.plane}` : '';
    text.wait.textContent = base ? '' : picture ? 'outside of this image' : p && p.failure ? p.failure : 'Loading …';
    text.value.textContent = '';
    text.window.textContent = '';
    if (!base) {
      return;
    }
    this.compose(stage, place, picture, `${view.row}/${stage.plane}/${p.slice}`);
    const r = place.rectangle;
    context.imageSmoothingEnabled = place.scale * length(place.own.across) < 3;
    context.drawImage(stage.picture, place.toX(r.x), place.toY(r.y), r.width * place.scale, r.height * place.scale);
    this.crossHair(context, stage, place, view);
    this.scaleBar(context, place);
    this.distance(context, stage, place);
    if (pane.image !== undefined) {
      const { black, white } = this.windowOf(pane.image);
      text.window.textContent = `C ${short((black + white) / 2)} W ${short(white - black)}`;
    }
    text.value.textContent = this.reading(stage, place, picture);
  }

  seen(layer) {
    const names = new Map(this.layers()[layer].classes.map(c => [c.value, c.name]));
    return value => !this.hidden.has(names.get(value));
  }

  // The colors of a stage, anew only if anything in them changed.
  compose(stage, place, picture, key) {
    const { pane } = stage;
    const image = pane.image === undefined ? null : picture[pane.image];
    const w = image ? this.windowOf(pane.image) : null;
    const labels = this.e.show.checked && pane.labels !== undefined ? picture[pane.labels] : null;
    const signature = [key, w && w.black, w && w.white, Boolean(labels), this.e.outline.checked, this.e.opacity.value, [...this.hidden].join()].join('|');
    if (stage.painted === signature) {
      return;
    }
    stage.painted = signature;
    const [width, height] = place.own.size;
    stage.picture.width = width;
    stage.picture.height = height;
    const context = stage.picture.getContext('2d');
    const data = context.createImageData(width, height);
    gray(data.data, image, w);
    const opacity = this.e.opacity.value / 100;
    if (labels && pane.of === 'difference' && picture[pane.reference]) {
      differences(data.data, picture[pane.reference].labels, labels.labels, opacity, this.seen(pane.labels));
    } else if (labels) {
      const colors = [];
      const seen = this.seen(pane.labels);
      this.layers()[pane.labels].classes.forEach(c => { colors[c.value] = seen(c.value) ? rgb(c.color) : undefined; });
      overlay(data.data, labels.labels, width, colors, image ? opacity : 1, this.e.outline.checked);
    }
    context.putImageData(data, 0, 0);
  }

  // The wanted slices of all planes cross in a voxel of the leading layer; its position.
  cross(view) {
    const stack = view.details.layers[view.details.lead].stacks.axial;
    const other = plane => view.details.layers[view.details.lead].stacks[plane];
    const n = plane => view.planes[plane].wanted;
    let at = position(stack, 0, 0, n('axial'));
    for (const plane of ['coronal', 'sagittal']) {
      const s = other(plane);
      at = at.map((v, c) => v + (n(plane) - pixel(s, at)[2]) * s.through[c]);
    }
    return at;
  }

  // From mm in the patient to mm in a stage's slice, around the middle of its frame.
  inSlice(place, at) {
    const [x, y, n] = pixel(place.own, at);
    return [place.rectangle.x + (x + 0.5) * length(place.own.across), place.rectangle.y + (y + 0.5) * length(place.own.down), n];
  }

  crossHair(context, stage, place, view) {
    const [x, y] = this.inSlice(place, this.cross(view));
    const gap = 7;
    context.strokeStyle = 'rgba(255, 255, 255, .55)';
    context.lineWidth = 1;
    context.beginPath();
    const [px, py] = [Math.round(place.toX(x)) + 0.5, Math.round(place.toY(y)) + 0.5];
    context.moveTo(0, py);
    context.lineTo(px - gap, py);
    context.moveTo(px + gap, py);
    context.lineTo(place.box.width, py);
    context.moveTo(px, 0);
    context.lineTo(px, py - gap);
    context.moveTo(px, py + gap);
    context.lineTo(px, place.box.height);
    context.stroke();
  }

  scaleBar(context, place) {
    const mm = barLength(place.box.width / 4 / place.scale);
    const [right, bottom] = [place.box.width - 6, place.box.height - 20];
    context.fillStyle = '#fff';
    context.fillRect(right - mm * place.scale, bottom - 3, mm * place.scale, 2);
    context.font = '10px system-ui, sans-serif';
    context.textAlign = 'right';
    context.fillText(mm >= 10 ? `${mm / 10} cm` : `${mm} mm`, right, bottom - 6);
  }

  distance(context, stage, place) {
    const m = this.measured;
    if (!m || m.stage !== stage || m.key !== this.flow.row + '/' + stage.plane + '/' + this.flow.view().planes[stage.plane].slice) {
      return;
    }
    const [a, b] = [m.from, m.to].map(at => this.inSlice(place, at)).map(([x, y]) => [place.toX(x), place.toY(y)]);
    context.strokeStyle = context.fillStyle = '#f0e442';
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(...a);
    context.lineTo(...b);
    context.stroke();
    context.font = '12px system-ui, sans-serif';
    context.textAlign = 'left';
    context.fillText(`${length(m.to.map((v, c) => v - m.from[c])).toFixed(1)} mm`, (a[0] + b[0]) / 2 + 5, (a[1] + b[1]) / 2 - 5);
  }

  // What lies under the pointer: value, class and place; without a pointer the place of the cross-hair.
  reading(stage, place, picture) {
    const at = this.pointer && this.pointer.stage === stage ? this.under(place, this.pointer) : null;
    if (!at) {
      return '';
    }
    const [x, y] = at.map(Math.round);
    const [width, height] = place.own.size;
    if (x < 0 || y < 0 || x >= width || y >= height) {
      return '';
    }
    const p = y * width + x;
    const { pane } = stage;
    const layers = this.layers();
    const slice = picture[place.base].slice;
    const texts = [];
    if (pane.image !== undefined) {
      texts.push(short(valueOf(picture[pane.image], p)) + (layers[pane.image].units ? ' ' + layers[pane.image].units : ''));
    }
    const name = (l, value) => (layers[l].classes.find(c => c.value === value) || { name: 'background' }).name;
    if (pane.of === 'difference' && picture[pane.reference] && picture[pane.labels]) {
      const [r, f] = [picture[pane.reference].labels[p], picture[pane.labels].labels[p]];
      const kind = differenceOf(r, f, () => true);
      if (kind >= 0) {
        texts.push(`${DIFFERENCES[kind].name}: ${name(pane.reference, r)} → ${name(pane.labels, f)}`);
      }
    } else if (pane.labels !== undefined && picture[pane.labels] && picture[pane.labels].labels[p]) {
      texts.push(name(pane.labels, picture[pane.labels].labels[p]));
    }
    texts.push(words(position(place.own, x, y, slice)));
    return texts.join(' · ');
  }

  // The pixel of the stage's slice under the pointer, whole at the centers.
  under(place, pointer) {
    const mmX = (pointer.x - place.box.left - place.box.width / 2) / place.scale + place.x;
    const mmY = (pointer.y - place.box.top - place.box.height / 2) / place.scale + place.y;
    return [(mmX - place.rectangle.x) / length(place.own.across) - 0.5, (mmY - place.rectangle.y) / length(place.own.down) - 0.5];
  }

  // ---- pointer ----

  pointers(stage) {
    const element = stage.element;
    let from = null;
    const here = e => ({ stage, x: e.clientX, y: e.clientY });
    const now = () => {
      const view = this.flow.view();
      return { view, place: this.place(stage, view.details.layers, view.details.lead), shown: view.planes[stage.plane].slice };
    };
    const patient = e => {
      const { view, place } = now();
      const picture = view.planes[stage.plane].picture;
      const base = picture && picture[place.base];
      return base ? position(place.own, ...this.under(place, here(e)), base.slice) : null;
    };
    element.addEventListener('wheel', e => {
      e.preventDefault();
      this.choose(stage);
      this.act(() => {
        if (e.ctrlKey) {
          this.zoomBy(Math.exp(-Math.max(-50, Math.min(50, e.deltaY)) / 200));
        } else {
          this.flow.wheel(stage.plane, e.deltaY, e.deltaMode);
        }
      });
    }, { passive: false });
    element.addEventListener('pointerdown', e => {
      this.e.root.focus({ preventScroll: true });
      this.choose(stage);
      const at = patient(e);
      from = { x: e.clientX, y: e.clientY, moved: false, pan: e.shiftKey || e.button === 1, at,
        window: stage.pane.image === undefined ? null : { ...this.windowOf(stage.pane.image) },
        zoom: { factor: 1, x: 0, y: 0, ...this.zoom[stage.plane] } };
      element.setPointerCapture(e.pointerId);
      this.act();
    });
    element.addEventListener('pointermove', e => {
      this.pointer = here(e);
      if (from) {
        from.moved = from.moved || Math.hypot(e.clientX - from.x, e.clientY - from.y) > 3;
      }
      this.act(() => {
        if (from && from.moved) {
          this.drag(stage, from, e, now, patient);
        }
      });
    });
    element.addEventListener('pointerup', e => {
      if (from && !from.moved && !this.measuring) {
        const at = patient(e);
        if (at) {
          this.crossTo(at, stage.plane);
        }
      }
      from = null;
      this.act();
    });
    element.addEventListener('pointercancel', () => { from = null; });
    element.addEventListener('pointerleave', () => {
      this.pointer = null;
      this.act();
    });
  }

  drag(stage, from, e, now, patient) {
    if (this.measuring) {
      const to = patient(e);
      if (from.at && to) {
        this.measured = { stage, from: from.at, to, key: `${this.flow.row}/${stage.plane}/${now().shown}` };
      }
    } else if (from.pan) {
      const { scale } = now().place;
      this.zoom[stage.plane] = { factor: from.zoom.factor, x: from.zoom.x - (e.clientX - from.x) / scale,
        y: from.zoom.y - (e.clientY - from.y) / scale };
    } else if (from.window) {
      // right is less contrast, down is brighter values to black: as in radiology workstations
      const width = from.window.white - from.window.black;
      this.setWindow(stage.pane.image, (from.window.white + from.window.black) / 2 + (e.clientY - from.y) / 300 * width,
        width * Math.exp((e.clientX - from.x) / 200));
    }
  }

  choose(stage) {
    const other = this.active !== stage.n;
    this.active = stage.n;
    this.plane = stage.plane;
    if (other) {
      this.presetChoices();
    }
  }

  // The other planes go to a position; the plane that was clicked stays where it is unless told otherwise.
  crossTo(at, staying) {
    const { details } = this.flow.view();
    const stacks = details.layers[details.lead].stacks;
    const plane = this.plane;
    PLANES.filter(p => p !== staying).forEach(p => this.flow.go(p, pixel(stacks[p], at)[2]));
    this.flow.active = plane;
  }

  zoomBy(factor) {
    const planes = this.layout === 'one' ? [this.plane] : PLANES;
    planes.forEach(p => {
      const z = this.zoom[p] || { factor: 1, x: 0, y: 0 };
      const to = Math.max(1, Math.min(20, z.factor * factor));
      this.zoom[p] = to === 1 ? { factor: 1, x: 0, y: 0 } : { ...z, factor: to };
    });
  }

  measure() {
    this.measuring = !this.measuring;
    this.measured = this.measuring ? this.measured : null;
  }

  // ---- jumps ----

  // A jump needs an answer that may come when another row is looked at.
  async jump(ask, then) {
    const row = this.flow.row;
    this.found = 'Searching …';
    this.act();
    let text = '';
    try {
      const answer = await ask();
      if (this.flow.row !== row) {
        return;
      }
      text = then(answer) || '';
    } catch (error) {
      text = error.message;
    }
    if (this.flow.row === row) {
      this.found = text;
      this.act();
    }
  }

  nextLabel() {
    const layers = this.layers();
    const chosen = this.panes.find(p => p.labels !== undefined);
    const layer = chosen ? chosen.labels : layers.findIndex(l => l && !l.image);
    if (layer < 0 || !layers[layer]) {
      return;
    }
    const { lead } = this.flow.view().details;
    this.jump(() => this.call('find', [this.flow.row, layer, -1]), found => {
      const counts = found.counts[PLANES.indexOf(this.plane)];
      const stack = layers[layer].stacks[this.plane];
      const leading = layers[lead].stacks[this.plane];
      const at = n => Math.round(pixel(leading, position(stack, (stack.size[0] - 1) / 2, (stack.size[1] - 1) / 2, n))[2]);
      const slices = counts.map((c, n) => c > 0 ? at(n) : -1).filter(n => n >= 0).sort((a, b) => a - b);
      if (slices.length === 0) {
        return `${layers[layer].column} is empty.`;
      }
      const { wanted } = this.flow.view().planes[this.plane];
      this.flow.go(this.plane, slices.find(n => n > wanted) ?? slices[0]);
      return '';
    });
  }

  largestDifference() {
    const layers = this.layers();
    const shown = this.panes.find(p => p.of === 'difference') || this.possible(layers).panes.find(p => p.of === 'difference');
    if (!shown) {
      return;
    }
    this.jump(() => this.call('find', [this.flow.row, shown.reference, shown.labels]), found => {
      if (!found.position) {
        return 'The segmentations are the same.';
      }
      this.crossTo(found.position, null);
      return '';
    });
  }

  // ---- keyboard ----

  listKey(event) {
    const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }[event.key];
    if (by) {
      event.preventDefault();
      event.stopPropagation();
      this.otherRow(by);
    }
  }

  key(event) {
    if (event.key === 'Escape') {
      if (!this.e.keys.hidden) {
        this.e.keys.hidden = true;
      } else if (this.measuring) {
        this.act(() => this.measure());
      } else {
        escapePressed();
      }
      return;
    }
    if (event.target.matches('input:not([type=checkbox]), select') || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    const end = { Home: 0, End: Infinity }[event.key];
    const letter = event.key.toLowerCase();
    const does = {
      '+': () => this.zoomBy(1.25), '=': () => this.zoomBy(1.25), '-': () => this.zoomBy(1 / 1.25), '−': () => this.zoomBy(1 / 1.25),
      0: () => { this.zoom = {}; }, '[': () => this.otherRow(-1), ']': () => this.otherRow(1), p: () => this.otherRow(-1),
      n: () => this.otherRow(1), 1: () => this.arrange('one', 'axial'), 2: () => this.arrange('one', 'coronal'),
      3: () => this.arrange('one', 'sagittal'), 4: () => this.arrange('three', this.plane), l: () => this.nextLabel(),
      e: () => this.largestDifference(), s: () => { this.e.show.checked = !this.e.show.checked; },
      o: () => { this.e.outline.checked = !this.e.outline.checked; }, a: () => this.preset('Auto'), m: () => this.measure(),
      '?': () => { this.e.keys.hidden = !this.e.keys.hidden; },
    }[letter];
    if (step && event.shiftKey && event.key.startsWith('Arrow')) {
      this.act(() => this.nudge(event.key));
    } else if (step) {
      this.act(() => this.flow.step(this.plane, step));
    } else if (end !== undefined) {
      this.act(() => this.flow.go(this.plane, Math.min(end, 1e9)));
    } else if (does) {
      this.act(does);
    } else {
      return;
    }
    event.preventDefault();
  }

  // The cross-hair by one pixel of the active plane.
  nudge(key) {
    const view = this.flow.view();
    if (!view.details || view.details.lead < 0) {
      return;
    }
    const stack = view.details.layers[view.details.lead].stacks[this.plane];
    const along = key === 'ArrowLeft' || key === 'ArrowRight' ? stack.across : stack.down;
    const sign = key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1;
    this.crossTo(this.cross(view).map((v, c) => v + sign * along[c]), this.plane);
  }
}
