'use strict';
import { call, initialData } from './embedder.js';
import { axis, chooser, color, fitted, html, legend, number, quantile, svg, tick, ticks } from './plots.js';
import { imageViewer } from './viewer.js';

const SUBJECT = 0, SITE = 1, ROLE = 2, MODEL = 4, CLASS = 5;
const HEIGHT = 250, LEFT = 52, TOP = 26, BOTTOM = 34, COLUMN = 30, GAP = 20;

const $ = id => document.getElementById(id);
const chosen = { score: 0, role: 0, subject: null, sort: null, down: false };
let data;

function name(row, which) {
  return data.names[which][row[which]];
}

// The rows of the chosen role, each with the value of the chosen score.
function visible() {
  return data.rows.map((row, n) => ({ row, value: data.values[n][chosen.score] }))
    .filter(r => r.row[ROLE] === chosen.role);
}

// A subject, and the model whose dot or row was clicked.
function mark(subject, model) {
  const again = chosen.subject === subject && chosen.model === model;
  chosen.subject = again ? null : subject;
  chosen.model = again ? null : model;
  draw();
  images();
}

let viewer = null;

// The images of the chosen subject: the reference, what the model made of it, and where they differ.
function images() {
  const { images: scored } = data;
  const rows = scored && chosen.subject !== null
    ? scored.subjects.map((s, n) => s === data.names[SUBJECT][chosen.subject] ? n : -1).filter(n => n >= 0) : [];
  $('images').hidden = rows.length === 0;
  if (rows.length === 0) {
    return;
  }
  const model = data.names[MODEL][chosen.model];
  const panes = [scored.reference, model, `${model} against ${scored.reference}`];
  if (viewer) {
    viewer.showRows(rows, panes);
  } else {
    viewer = imageViewer($('images'), scored.start, call, { list: false, rows, reference: scored.reference, panes });
    $('images').append(html('button', { type: 'button', title: 'Close the images', click: () => mark(chosen.subject, chosen.model) }, '×'));
  }
}

// One drawing per class: a group of columns per site, a column per model.
function chart(className, rows, marks) {
  const sites = data.names[SITE].map((site, s) => ({ site, s, rows: rows.filter(r => r.row[SITE] === s) }))
    .filter(g => g.rows.length > 0);
  const models = data.names[MODEL];
  const width = Math.max(220, LEFT + sites.length * (models.length * COLUMN + GAP) + 8);
  const y = axis(marks, HEIGHT - BOTTOM, TOP);
  const picture = svg('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img',
    'aria-label': data.scores[chosen.score] + ' of ' + className });
  // titles are a quarter wider than what the other texts take
  picture.append(svg('text', { class: 'title', x: LEFT, y: 15 }, ...fitted(className, 0.8 * (width - LEFT))));
  for (const t of marks) {
    picture.append(svg('line', { class: 'grid', x1: LEFT, x2: width - 4, y1: y(t), y2: y(t) }),
      svg('text', { class: 'end', x: LEFT - 6, y: y(t) + 4 }, tick(t)));
  }
  let left = LEFT + GAP / 2;
  for (const group of sites) {
    picture.append(svg('text', { class: 'mid', x: left + models.length * COLUMN / 2, y: HEIGHT - 12 },
      ...fitted(group.site, models.length * COLUMN + GAP - 4)));
    models.forEach((model, m) => {
      column(picture, group.rows.filter(r => r.row[MODEL] === m && r.value !== null), left + COLUMN / 2, y, color(m), model);
      left += COLUMN;
    });
    left += GAP;
  }
  return picture;
}

function column(picture, rows, x, y, paint, model) {
  if (rows.length === 0) {
    return;
  }
  const sorted = rows.map(r => r.value).sort((a, b) => a - b);
  const [low, middle, high] = [0.25, 0.5, 0.75].map(q => y(quantile(sorted, q)));
  picture.append(
    svg('rect', { x: x - 11, y: high, width: 22, height: Math.max(low - high, 1), fill: paint, 'fill-opacity': 0.22, stroke: paint }),
    svg('line', { x1: x - 11, x2: x + 11, y1: middle, y2: middle, stroke: paint, 'stroke-width': 2 }));
  rows.forEach((r, n) => {
    // A fixed pattern, so that the drawing is the same every time.
    const shift = ((n * 7) % 11 - 5) * 1.5;
    picture.append(svg('circle', { cx: x + shift, cy: y(r.value), r: 3.2, fill: paint, 'data-subject': name(r.row, SUBJECT),
      class: r.row[SUBJECT] === chosen.subject ? 'chosen' : null, click: () => mark(r.row[SUBJECT], r.row[MODEL]) },
    svg('title', {}, `${name(r.row, SUBJECT)}, ${model}: ${number(r.value)}`)));
  });
}

function range(rows) {
  const values = rows.map(r => r.value).filter(v => v !== null);
  if (values.length === 0) {
    return [0, 1];
  }
  const low = Math.min(0, ...values);
  const high = Math.max(...values);
  // Scores between 0 and 1 keep that range, so that pictures of different scores and models compare.
  return low >= 0 && high <= 1 && !data.scores[chosen.score].includes('(') ? [0, 1] : [low, high];
}

function charts() {
  const rows = visible();
  const drawn = data.names[MODEL].filter((m, n) => rows.some(r => r.row[MODEL] === n && r.value !== null));
  $('legend').replaceChildren(legend(data.names[MODEL], drawn));
  const marks = ticks(...range(rows));
  const pictures = data.names[CLASS].map((className, c) => [className, rows.filter(r => r.row[CLASS] === c)])
    .filter(([, ofClass]) => ofClass.some(r => r.value !== null))
    .map(([className, ofClass]) => chart(className, ofClass, marks));
  $('charts').replaceChildren(...(pictures.length ? pictures : [html('p', { class: 'soft' }, 'Every value is missing.')]));
}

function statistics() {
  const role = data.names[ROLE][chosen.role];
  const rows = data.statistics.filter(s => s[1] === role && s[4] === data.scores[chosen.score]);
  $('statistics').replaceChildren(
    html('tr', {}, ...['Site', 'Model', 'Class'].map(t => html('th', { class: 'text' }, t)),
      ...['Subjects', 'Mean', 'SD', 'Median', '95 % interval of the mean'].map(t => html('th', {}, t))),
    ...rows.map(s => html('tr', {}, ...[s[0], s[2], s[3]].map(t => html('td', { class: 'text' }, t)),
      ...s.slice(5, 9).map(v => html('td', {}, number(v))),
      html('td', {}, s[9] === null ? '–' : number(s[9]) + ' to ' + number(s[10])))));
}

// One line per image and model with the score of each class.
function lines() {
  const found = new Map();
  const classes = data.names[CLASS].length;
  for (const r of visible()) {
    const key = [SUBJECT, SITE, MODEL].map(n => r.row[n]).join(' ');
    // A subject with several images has several lines.
    let line = (found.get(key) || []).find(l => l.values[r.row[CLASS]] === undefined);
    if (!line) {
      line = { row: r.row, values: new Array(classes).fill(undefined) };
      found.set(key, [...(found.get(key) || []), line]);
    }
    line.values[r.row[CLASS]] = r.value;
  }
  return [...found.values()].flat();
}

function subjects() {
  const all = lines();
  const texts = ['Subject', 'Site', 'Model'];
  const which = [SUBJECT, SITE, MODEL];
  if (chosen.sort !== null) {
    const at = chosen.sort;
    const key = at < texts.length ? l => name(l.row, which[at]) : l => l.values[at - texts.length];
    all.sort((a, b) => {
      const x = key(a);
      const y = key(b);
      if (x === null || x === undefined || y === null || y === undefined) {
        return (x === null || x === undefined) - (y === null || y === undefined);
      }
      return (x < y ? -1 : x > y ? 1 : 0) * (chosen.down ? -1 : 1);
    });
  }
  const heads = [...texts, ...data.names[CLASS]];
  $('subjects').replaceChildren(
    html('tr', {}, ...heads.map((t, n) => html('th', { class: n < texts.length ? 'sortable text' : 'sortable',
      click: () => {
        chosen.down = chosen.sort === n && !chosen.down;
        chosen.sort = n;
        subjects();
      } }, t + (chosen.sort === n ? (chosen.down ? ' ↓' : ' ↑') : '')))),
    ...all.map(l => html('tr', { class: l.row[SUBJECT] === chosen.subject ? 'chosen' : null, click: () => mark(l.row[SUBJECT], l.row[MODEL]) },
      ...which.map(n => html('td', { class: 'text' }, name(l.row, n))), ...l.values.map(v => html('td', {}, number(v))))));
}

function draw() {
  charts();
  statistics();
  subjects();
}

function start() {
  const test = data.names[ROLE].indexOf('test');
  chosen.role = Math.max(0, test);
  $('controls').append(chooser('Score', data.scores, 0, n => {
    chosen.score = n;
    draw();
  }));
  if (data.names[ROLE].length > 1) {
    $('controls').append(chooser('Role', data.names[ROLE], chosen.role, n => {
      chosen.role = n;
      draw();
    }));
  }
  draw();
  $('message').hidden = true;
  $('page').hidden = false;
}

try {
  data = await initialData();
  if (!data || !data.executed) {
    $('message').textContent = 'Execute the node to see the scores.';
  } else if (data.rows.length === 0) {
    $('message').textContent = 'There are no scores: the input table has no rows.';
  } else {
    start();
  }
} catch (error) {
  $('message').textContent = error.message;
}
