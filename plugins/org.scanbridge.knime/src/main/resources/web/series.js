'use strict';
import { call, initialData } from './embedder.js';

const KEPT = 64; // slices that stay decoded
const LEVELS = 65535;

const $ = id => document.getElementById(id);
const state = { row: -1, k: 0, window: null, first: null, colors: [], shown: null, asked: 0 };
const kept = new Map();
let data;

function element(name, attributes, ...children) {
  const e = Object.assign(document.createElement(name), attributes);
  e.append(...children);
  return e;
}

function round(x) {
  return Math.abs(x) >= 1000 ? x.toFixed(0) : String(Number(x.toPrecision(4)));
}

function list() {
  const words = $('filter').value.toLowerCase().split(/\s+/).filter(w => w);
  const rows = [];
  data.series.forEach((s, n) => {
    const text = [s.site, s.subject, s.series, s.modality].join(' ').toLowerCase();
    if (words.every(w => text.includes(w))) {
      const row = element('tr', { className: n === state.row ? 'chosen' : '' },
        ...[s.site, s.subject, s.modality].map(t => element('td', { className: 'text' }, t)),
        element('td', {}, s.size.join(' × ')), element('td', {}, s.spacing.map(round).join(' × ')),
        element('td', { title: s.classes.map(c => c.name).join(', ') }, s.labeled ? String(s.classes.length) : '–'));
      row.title = 'Series ' + s.series;
      row.addEventListener('click', () => open(n));
      rows.push(row);
    }
  });
  $('series').replaceChildren(...rows);
  $('count').textContent = `${rows.length} of ${data.series.length} series`
    + (data.problems ? `; ${data.problems} ${data.problems === 1 ? 'problem' : 'problems'}, see the second output` : '');
}

// The voxels of a slice: levels of 16 bits and labels, from the channels of a picture.
async function decode(slice) {
  const bytes = Uint8Array.from(atob(slice.png), c => c.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }),
    { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const canvas = element('canvas', { width: picture.width, height: picture.height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  const rgba = context.getImageData(0, 0, picture.width, picture.height).data;
  const count = picture.width * picture.height;
  const levels = new Uint16Array(count);
  const labels = new Uint8Array(count);
  for (let p = 0; p < count; p++) {
    levels[p] = rgba[4 * p] << 8 | rgba[4 * p + 1];
    labels[p] = rgba[4 * p + 2];
  }
  return { width: picture.width, height: picture.height, levels, labels, low: slice.low, high: slice.high,
    widthMm: slice.widthMm, heightMm: slice.heightMm, left: slice.left, right: slice.right };
}

async function fetchSlice(row, k) {
  const key = row + '/' + k;
  if (!kept.has(key)) {
    kept.set(key, await decode(await call('slice', [row, k])));
    if (kept.size > KEPT) {
      kept.delete(kept.keys().next().value);
    }
  }
  return kept.get(key);
}

function valueOf(slice, p) {
  return slice.low + slice.levels[p] / LEVELS * (slice.high - slice.low);
}

function paint() {
  const slice = state.shown;
  if (!slice) {
    return;
  }
  const canvas = $('canvas');
  canvas.width = slice.width;
  canvas.height = slice.height;
  const context = canvas.getContext('2d');
  const image = context.createImageData(slice.width, slice.height);
  const { black, white } = state.window;
  const opacity = $('show').checked ? $('opacity').value / 100 : 0;
  for (let p = 0; p < slice.levels.length; p++) {
    const gray = 255 * (valueOf(slice, p) - black) / (white - black);
    const color = opacity && slice.labels[p] ? state.colors[slice.labels[p]] : null;
    for (let c = 0; c < 3; c++) {
      const clipped = Math.min(255, Math.max(0, gray));
      image.data[4 * p + c] = color ? (1 - opacity) * clipped + opacity * color[c] : clipped;
    }
    image.data[4 * p + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  const stage = $('stage').getBoundingClientRect();
  const scale = Math.min(stage.width / slice.widthMm, stage.height / slice.heightMm);
  canvas.style.width = slice.widthMm * scale + 'px';
  canvas.style.height = slice.heightMm * scale + 'px';
  canvas.style.imageRendering = slice.widthMm * scale > 3 * slice.width ? 'pixelated' : 'auto';
  $('shown').textContent = `${round(black)} to ${round(white)}`;
}

async function show(k) {
  const series = data.series[state.row];
  state.k = Math.max(0, Math.min(series.size[2] - 1, k));
  $('slice').value = state.k;
  $('number').textContent = `${state.k + 1} of ${series.size[2]}`;
  const asked = ++state.asked;
  try {
    const slice = await fetchSlice(state.row, state.k);
    if (asked === state.asked) { // else the user has gone on
      state.shown = slice;
      $('failure').textContent = '';
      $('left').textContent = slice.left;
      $('right').textContent = slice.right;
      $('where').textContent = [series.site, series.subject, series.modality].filter(t => t).join(' · ');
      paint();
    }
  } catch (error) {
    $('failure').textContent = error.message;
  }
}

function windowSliders() {
  const { black, white } = state.first;
  const width = white - black;
  const position = v => 1000 * (v - (black - width)) / (3 * width);
  $('black').value = position(state.window.black);
  $('white').value = position(state.window.white);
}

function setWindow(black, white) {
  if (white > black) {
    state.window = { black, white };
    windowSliders();
    paint();
  }
}

function fromSliders() {
  const { black, white } = state.first;
  const width = white - black;
  const value = position => black - width + position / 1000 * 3 * width;
  const low = value(Number($('black').value));
  setWindow(low, Math.max(value(Number($('white').value)), low + width / 1000));
}

async function open(row) {
  const series = data.series[row];
  state.row = row;
  state.colors = [];
  for (const c of series.classes) {
    state.colors[c.value] = [1, 3, 5].map(n => parseInt(c.color.slice(n, n + 2), 16));
  }
  $('overlay').hidden = !series.labeled;
  $('legend').replaceChildren(...series.classes.map(c => {
    const mark = element('i', {});
    mark.style.background = c.color;
    return element('span', {}, mark, c.name);
  }));
  $('slice').max = series.size[2] - 1;
  list();
  try {
    const asked = await call('window', [row]);
    if (state.row !== row) {
      return;
    }
    state.first = asked;
    state.window = { ...asked };
    windowSliders();
  } catch (error) {
    $('failure').textContent = error.message;
    return;
  }
  await show(Math.floor(series.size[2] / 2));
}

function pointer() {
  const stage = $('stage');
  let from = null;
  stage.addEventListener('wheel', e => {
    e.preventDefault();
    show(state.k + Math.sign(e.deltaY));
  }, { passive: false });
  stage.addEventListener('keydown', e => {
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[e.key];
    if (step) {
      e.preventDefault();
      show(state.k + step);
    }
  });
  stage.addEventListener('pointerdown', e => {
    from = { x: e.clientX, y: e.clientY, ...state.window };
    stage.setPointerCapture(e.pointerId);
  });
  stage.addEventListener('pointerup', () => { from = null; });
  stage.addEventListener('pointermove', e => {
    if (from) {
      // right is more contrast, down is darker, as in radiology workstations
      const width = (from.white - from.black) * Math.exp((from.x - e.clientX) / 200);
      const center = (from.white + from.black) / 2 + (e.clientY - from.y) / 300 * (from.white - from.black);
      setWindow(center - width / 2, center + width / 2);
    }
    const slice = state.shown;
    const box = $('canvas').getBoundingClientRect();
    const x = slice ? Math.floor((e.clientX - box.left) / box.width * slice.width) : -1;
    const y = slice ? Math.floor((e.clientY - box.top) / box.height * slice.height) : -1;
    if (slice && x >= 0 && y >= 0 && x < slice.width && y < slice.height) {
      const p = y * slice.width + x;
      const label = data.series[state.row].classes.find(c => c.value === slice.labels[p]);
      $('value').textContent = round(valueOf(slice, p)) + (label ? ' · ' + label.name : '');
    } else {
      $('value').textContent = '';
    }
  });
}

const message = $('message');
try {
  data = await initialData();
  if (data && data.executed && data.series.length > 0) {
    $('page').hidden = false;
    $('filter').addEventListener('input', list);
    $('slice').addEventListener('input', () => show(Number($('slice').value)));
    $('black').addEventListener('input', fromSliders);
    $('white').addEventListener('input', fromSliders);
    $('reset').addEventListener('click', () => setWindow(state.first.black, state.first.white));
    $('show').addEventListener('change', paint);
    $('opacity').addEventListener('input', paint);
    window.addEventListener('resize', paint);
    pointer();
    await open(0);
    message.hidden = true;
  } else {
    message.textContent = 'Execute the node to see the images.';
  }
} catch (error) {
  message.textContent = error.message;
}
