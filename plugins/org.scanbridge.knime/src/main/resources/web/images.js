'use strict';
import { call, initialData } from './embedder.js';
import { imageViewer } from './viewer.js';

const message = document.getElementById('message');
const page = document.getElementById('page');
try {
  const start = await initialData();
  if (!start || !start.executed) {
    message.textContent = 'Execute the node to see the images.';
  } else if (start.columns.length === 0) {
    message.textContent = 'The table has no column with images or segmentations.';
  } else if (start.rows.length === 0) {
    message.textContent = 'The table has no rows, so there is nothing to see.' + (start.note ? ' The node found ' + start.note + '.' : '');
  } else {
    message.hidden = true;
    page.hidden = false;
    imageViewer(page, start, call);
  }
} catch (error) {
  message.textContent = error.message;
}
