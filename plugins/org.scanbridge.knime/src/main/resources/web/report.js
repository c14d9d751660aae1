'use strict';
import { initialData } from './embedder.js';

const message = document.getElementById('message');
try {
  const page = await initialData();
  if (page) {
    document.getElementById('save').href = URL.createObjectURL(new Blob([page], { type: 'text/html' }));
    const report = document.getElementById('report');
    // KNIME is light whatever the system is; a saved page follows the system.
    report.srcdoc = page.replaceAll('@media screen and (prefers-color-scheme: dark)', '@media not all');
    report.hidden = false;
    document.getElementById('bar').hidden = false;
    message.hidden = true;
  } else {
    message.textContent = 'Execute the node to see the report.';
  }
} catch (error) {
  message.textContent = error.message;
}
