'use strict';
import { call, initialData } from './embedder.js';
import { html, number } from './plots.js';
import { imageViewer } from './viewer.js';

const $ = id => document.getElementById(id);

function draw(pictures, labels) {
  $('pictures').replaceChildren(...pictures.map(p => html('figure', { class: p.title.includes(', copy ') ? null : 'original' },
    html('img', { src: 'data:image/png;base64,' + (labels && p.labeled ? p.labeled : p.image), alt: p.title }),
    html('figcaption', {}, html('strong', {}, p.title),
      p.drawn.length ? html('ul', {}, ...p.drawn.map(d => html('li', {}, html('span', {}, d.name), html('span', {}, number(d.value)))))
        : html('ul', {}, html('li', {}, p.title.includes(', copy ') ? 'nothing was drawn' : 'original'))))));
}

let viewer = null;

// Every row slice by slice, instead of the pictures.
function slices(images) {
  $('page').hidden = true;
  $('slices').hidden = false;
  if (!viewer) {
    $('slices').append(html('button', { type: 'button', class: 'back', click: () => {
      $('page').hidden = false;
      $('slices').hidden = true;
    } }, 'Back to the pictures'));
    viewer = imageViewer($('slices'), images, call);
  }
}

try {
  const preview = await initialData();
  if (!preview || !preview.executed) {
    $('message').textContent = 'Execute the node to see the images.';
  } else if (preview.pictures.length === 0) {
    $('message').textContent = 'The input table has no images, so there is nothing to see.';
  } else {
    if (preview.pictures.some(p => p.labeled)) {
      const box = html('input', { type: 'checkbox', id: 'labels', change: () => draw(preview.pictures, box.checked) });
      $('controls').append(html('label', {}, box, 'Show the segmentation'));
    }
    if (preview.images && preview.images.rows.length > 0) {
      $('controls').append(html('button', { type: 'button', class: 'back', id: 'all', click: () => slices(preview.images) }, 'All slices'));
    }
    draw(preview.pictures, false);
    $('message').hidden = true;
    $('page').hidden = false;
  }
} catch (error) {
  $('message').textContent = error.message;
}
