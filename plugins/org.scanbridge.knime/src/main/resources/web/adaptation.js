'use strict';
// The report, and beside it the images that its scores are of.
import { call, initialData } from './embedder.js';
import { imageViewer } from './viewer.js';

const $ = id => document.getElementById(id);
let viewer = null;

try {
  const start = await initialData();
  if (!start || !start.page) {
    $('message').textContent = 'Execute the node to see the report.';
  } else {
    $('save').href = URL.createObjectURL(new Blob([start.page], { type: 'text/html' }));
    // KNIME is light whatever the system is; a saved page follows the system.
    $('report').srcdoc = start.page.replaceAll('@media screen and (prefers-color-scheme: dark)', '@media not all');
    const show = images => {
      $('report').hidden = images;
      $('images').hidden = !images;
      $('show-report').setAttribute('aria-pressed', !images);
      $('show-images').setAttribute('aria-pressed', images);
      if (images && !viewer) { viewer = imageViewer($('images'), start.images, call) || true; }
    };
    const hasImages = start.images && start.images.columns.length > 0 && start.images.rows.length > 0;
    $('show-images').disabled = !hasImages;
    $('show-images').title = hasImages ? 'The images of the last input with their segmentations'
      : 'Connect the table of the last Segmentation Predictor to the fourth input to see its images here.';
    $('show-report').addEventListener('click', () => show(false));
    $('show-images').addEventListener('click', () => show(true));
    $('bar').hidden = false;
    $('message').hidden = true;
    show(false);
  }
} catch (error) {
  $('message').textContent = error.message;
}
