// Embeds views with KNIME's own embedder and looks at them.
import { setUpIframeEmbedderService } from './node_modules/@knime/ui-extension-renderer/src/logic/iframe/embedder.ts';
import { cutTexts, emptyCanvases, report, until, wait, watchConsole } from './checks.js';

const query = new URLSearchParams(location.search);
const latency = Number(query.get('latency') || 0);
const errors = [];

/** Embeds a view; the frame has KNIME's sandbox. */
const embed = async (view, width, height) => {
  document.body.innerHTML = '';
  document.body.style.margin = '0';
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-downloads allow-scripts allow-same-origin');
  frame.style.cssText = `border: 0; display: block; width: ${width}px; height: ${height}px`;
  document.body.append(frame);
  const config = { projectId: 'p', workflowId: 'w', nodeId: view.id, extensionType: 'view', initialData: view.initialData,
    resourceInfo: { id: view.id, type: 'HTML', path: view.page }, nodeInfo: { nodeState: 'executed', nodeName: view.name },
    renderingConfig: { type: 'DEFAULT' }, hasNodeView: true };
  const api = {
    getConfig: () => config,
    callNodeDataService: async ({ dataServiceRequest }) => {
      const answer = fetch(`/rpc/${view.id}`, { method: 'POST', body: dataServiceRequest }).then(r => r.text());
      if (latency) { await wait(latency); }
      return { result: await answer };
    },
    getResourceLocation: path => Promise.resolve(path), imageGenerated() {}, setReportingContent() {}, publishData() {},
    updateDataPointSelection: () => Promise.resolve(), onDirtyStateChange() {}, onApplied() {},
    setControlsVisibility: () => Promise.resolve(), showDataValueView() {}, closeDataValueView() {},
    sendAlert: alert => errors.push(`alert: ${JSON.stringify(alert)}`), registerPushEventService: () => () => {},
  };
  setUpIframeEmbedderService(api, frame.contentWindow).catch(e => errors.push(`embedder: ${e}`));
  frame.src = `/web/${view.page}`;
  await new Promise(resolve => frame.addEventListener('load', resolve, { once: true }));
  watchConsole(frame.contentWindow, errors);
  const page = frame.contentDocument;
  const isReady = () => { const m = page.getElementById('message'); return !m || m.hidden || !m.textContent.startsWith('Loading'); };
  if (!await until(isReady, 20000)) { errors.push('still loading after 20 s'); }
  const isPainted = () => ![...page.querySelectorAll('.value, .subject')].some(e => e.textContent.startsWith('Loading'));
  await until(isPainted, 10000);
  await wait(400 + 2 * latency);
  await until(() => emptyCanvases(page).length === 0, 10000);
  return page;
};

const views = await (await fetch('/views.json')).json();
if (query.get('view')) {
  await embed(views.find(v => v.name === query.get('view')), Number(query.get('width')), Number(query.get('height')));
} else if (query.get('scroll')) {
  const page = await embed(views.find(v => v.name === query.get('scroll')), 900, 700);
  const view = page.defaultView;
  const number = () => page.querySelector('.number').textContent;
  const stage = () => page.querySelector('.stage');
  const settled = await until(() => /^\d+ of \d+$/.test(number()) && emptyCanvases(page).length === 0, 30000);
  await wait(2000);
  const canvas = page.querySelector('.stage canvas');
  const shot = () => {
    const box = canvas.getContext('2d').getImageData(canvas.width / 2 - 16 | 0, canvas.height / 2 - 16 | 0, 32, 32).data;
    let hash = 0;
    for (let n = 0; n < box.length; n++) { hash = (hash * 31 + box[n]) | 0; }
    return hash;
  };
  // how often the machine lets a page that does nothing paint: what a busy one cannot do, the viewer cannot either
  let frames = 0;
  const idle = () => { frames++; view.requestAnimationFrame(idle); };
  view.requestAnimationFrame(idle);
  await wait(1000);
  const framesPerSecond = frames;
  const start = Number(number().split(' ')[0]);
  const notches = Number(query.get('notches'));
  let pictures = 0, last = shot(), running = true, firstChange = 0, lastChange = 0;
  const look = () => {
    const now = shot();
    if (now !== last) { pictures++; last = now; lastChange = performance.now(); firstChange = firstChange || lastChange; }
    if (running) { view.requestAnimationFrame(look); }
  };
  view.requestAnimationFrame(look);
  const began = performance.now();
  for (let n = 0; n < notches; n++) {
    stage().dispatchEvent(new view.WheelEvent('wheel', { deltaY: 100, cancelable: true, bubbles: true }));
    await wait(16);
  }
  const wheeled = performance.now() - began;
  const ends = await until(() => number().startsWith(`${start + notches} of`), 60000);
  await wait(300);
  running = false;
  await report({ settled, framesPerSecond, pictures, ends, number: number(), wheeled, span: lastChange - began, errors });
} else {
  const problems = [];
  for (const view of views) {
    for (const [width, height] of [[360, 500], [400, 600], [960, 700], [1200, 300]]) {
      try {
        const page = await embed(view, width, height);
        const shown = [...page.body.querySelectorAll('*')].some(e => e.getBoundingClientRect().height > 0);
        const found = [...cutTexts(page.documentElement, e => !!e.closest('[title], [data-may-cut], .row, option, svg')),
          ...emptyCanvases(page), ...errors.splice(0), ...(shown ? [] : ['nothing is shown'])];
        found.forEach(text => problems.push(`${view.name}, ${width} × ${height}: ${text}`));
      } catch (error) {
        problems.push(`${view.name}, ${width} × ${height}: ${error && error.stack || error}`);
      }
    }
  }
  await report({ views: views.length, problems: [...new Set(problems)] });
}
