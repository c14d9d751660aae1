// What is looked at on every page: messages of the console, text that is cut, and pictures that are empty.

/** Notes every error that reaches the console from now on. */
export const watchConsole = (scope, errors) => {
  const original = scope.console.error.bind(scope.console);
  scope.console.error = (...args) => {
    errors.push(args.map(String).join(' ').slice(0, 300));
    original(...args);
  };
  scope.addEventListener('error', event => errors.push(String(event.message || `${event.target.tagName} failed to load`)), true);
  scope.addEventListener('unhandledrejection', event => errors.push(`unhandled: ${event.reason}`));
};

const isShown = element => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && element.ownerDocument.defaultView.getComputedStyle(element).visibility !== 'hidden';
};

const ownText = element => [...element.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).join(' ').trim();

/** Whether the element lies in a part of the page that scrolls sideways by itself. */
const scrolls = (element, root) => {
  for (let e = element.parentElement; e && e !== root; e = e.parentElement) {
    if (['auto', 'scroll'].includes(e.ownerDocument.defaultView.getComputedStyle(e).overflowX)) { return true; }
  }
  return false;
};

/** The texts that are wider than their place, or stick out of the page. */
export const cutTexts = (root, isAllowed = () => false) => {
  const bounds = root.getBoundingClientRect();
  const cut = [];
  for (const element of root.querySelectorAll('*')) {
    const text = ownText(element);
    if (!text || !isShown(element) || isAllowed(element)) { continue; }
    const style = element.ownerDocument.defaultView.getComputedStyle(element);
    const clips = ['hidden', 'clip'].includes(style.overflowX);
    const box = element.getBoundingClientRect();
    if (clips && element.scrollWidth > element.clientWidth + 1) { cut.push(`"${text.slice(0, 60)}" is cut`); }
    else if ((box.right > bounds.right + 1 || box.left < bounds.left - 1) && !scrolls(element, root)) { cut.push(`"${text.slice(0, 60)}" sticks out`); }
  }
  return [...new Set(cut)];
};

/** The canvases that show one color only. */
export const emptyCanvases = root => [...root.querySelectorAll('canvas')].filter(isShown).filter(canvas => {
  const data = canvas.width && canvas.height ? canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data : [];
  for (let n = 4; n < data.length; n += 4) {
    if (data[n] !== data[0] || data[n + 1] !== data[1] || data[n + 2] !== data[2] || data[n + 3] !== data[3]) { return false; }
  }
  return true;
}).map(canvas => `an empty canvas of ${canvas.width} × ${canvas.height} in ${canvas.parentElement.className}`);

export const wait = ms => new Promise(resolve => setTimeout(resolve, ms));

/** @returns whether the condition came to hold */
export const until = async (condition, ms = 10000) => {
  for (const end = performance.now() + ms; performance.now() < end;) {
    if (condition()) { return true; }
    await wait(20);
  }
  return false;
};

export const report = result => fetch('/result', { method: 'POST', body: JSON.stringify(result) });
