'use strict';
import { initialData } from './embedder.js';
import { axis, chooser, color, html, legend, number, svg, tick, ticks } from './plots.js';

const WIDTH = 760, HEIGHT = 340, LEFT = 58, RIGHT = 12, TOP = 14, BOTTOM = 42;

const $ = id => document.getElementById(id);
const chosen = { image: 0, className: 0 };
let data, images, classes, sites;

function distinct(values) {
  return [...new Set(values)];
}

// A curve as a path: one step per bin, so that nothing is smoothed.
function path(curve, x, y) {
  const bins = curve.densities.length;
  const width = (curve.last - curve.first) / (bins - 1);
  let d = `M${x(curve.first - width / 2).toFixed(2)},${y(0).toFixed(2)}`;
  curve.densities.forEach((density, b) => {
    d += `V${y(density).toFixed(2)}H${x(curve.first + (b + 0.5) * width).toFixed(2)}`;
  });
  return d + `V${y(0).toFixed(2)}`;
}

function chart(curves) {
  const bins = curves[0].densities.length;
  const half = (curves[0].last - curves[0].first) / (bins - 1) / 2;
  const low = curves[0].first - half;
  const high = curves[0].last + half;
  const across = ticks(low, high, 8).filter(t => t >= low && t <= high);
  const upwards = ticks(0, Math.max(...curves.map(c => Math.max(...c.densities))));
  const x = v => LEFT + (v - low) / (high - low) * (WIDTH - LEFT - RIGHT);
  const y = axis(upwards, HEIGHT - BOTTOM, TOP);
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img',
    'aria-label': 'Histograms of the sites' });
  for (const t of upwards) {
    picture.append(svg('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y(t), y2: y(t) }),
      svg('text', { class: 'end', x: LEFT - 6, y: y(t) + 4 }, tick(t)));
  }
  for (const t of across) {
    picture.append(svg('text', { class: 'mid', x: x(t), y: HEIGHT - BOTTOM + 16 }, tick(t)));
  }
  picture.append(svg('text', { class: 'mid', x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6 }, 'intensity; upwards: density'));
  for (const curve of curves) {
    const paint = color(sites.indexOf(curve.site));
    picture.append(svg('path', { d: path(curve, x, y), fill: paint, 'fill-opacity': 0.12, stroke: paint, 'stroke-width': 1.3,
      'data-site': curve.site }, svg('title', {}, curve.site)));
  }
  return picture;
}

function draw() {
  const image = images[chosen.image];
  const className = classes[chosen.className];
  const curves = data.curves.filter(c => c.image === image && c.className === className);
  $('legend').replaceChildren(legend(sites, curves.map(c => c.site)));
  $('chart').replaceChildren(curves.length ? chart(curves)
    : html('p', { class: 'soft' }, 'No site has voxels of this class in this image column.'));
  const row = data.divergences.find(d => d.image === image && d.className === className);
  const without = sites.filter(s => !curves.some(c => c.site === s));
  $('value').textContent = !row ? ''
    : row.jsd === null ? 'No divergence: ' + without.join(', ') + ' has no voxel of this class.'
      : `${image} (${row.description}): Jensen–Shannon divergence ${number(row.jsd, 4)} of at most ${number(row.bound, 4)} ${data.unit}.`;
  table(image, className);
}

function table(image, className) {
  $('divergences').replaceChildren(
    html('tr', {}, html('th', { class: 'text' }, 'Class'), ...images.map(i => html('th', {}, i))),
    ...classes.map(c => html('tr', { class: c === className ? 'chosen' : null }, html('td', { class: 'text' }, c),
      ...images.map(i => {
        const row = data.divergences.find(d => d.image === i && d.className === c);
        return html('td', {}, row ? number(row.jsd, 4) : '–');
      }))));
}

function start() {
  images = distinct(data.divergences.map(d => d.image));
  classes = distinct(data.divergences.map(d => d.className));
  sites = distinct(data.curves.map(c => c.site));
  if (images.length > 1) {
    $('controls').append(chooser('Images', images, 0, n => {
      chosen.image = n;
      draw();
    }));
  }
  $('controls').append(chooser('Class', classes, 0, n => {
    chosen.className = n;
    draw();
  }));
  draw();
  $('message').hidden = true;
  $('page').hidden = false;
}

try {
  data = await initialData();
  if (!data || !data.executed) {
    $('message').textContent = 'Execute the node to see the histograms.';
  } else if (data.divergences.length === 0) {
    $('message').textContent = 'There are no histograms: the input table has no rows.';
  } else {
    start();
  }
} catch (error) {
  $('message').textContent = error.message;
}
