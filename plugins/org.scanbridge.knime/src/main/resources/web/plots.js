// What the pages with drawings share: elements, axes, colors and numbers. No page writes HTML as text, so that a name in
// the data can never become markup.
'use strict';

// Okabe and Ito's colors, told apart by color-blind readers too.
const PALETTE = ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#999999'];

export function color(index) {
  return PALETTE[index % PALETTE.length];
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === 'function') {
      node.addEventListener(name, value);
    } else if (value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children);
  return node;
}

export function html(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

// A number for people: enough digits to tell values apart, a true minus sign, a dash where there is none.
export function number(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return '–';
  }
  const magnitude = Math.abs(value);
  const text = Number.isInteger(value) && magnitude < 1e6 ? String(value)
    : magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e6) ? value.toExponential(2)
      : value.toFixed(magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : digits);
  return text.replace(/-/g, '−');
}

// Round numbers that span the values.
export function ticks(low, high, wanted = 5) {
  if (!(high > low)) {
    const margin = Math.abs(low) > 0 ? Math.abs(low) / 10 : 0.5;
    return ticks(low - margin, low + margin, wanted);
  }
  const rough = (high - low) / wanted;
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  const step = [1, 2, 5, 10].map(s => s * power).find(s => s >= rough * 0.999);
  const list = [];
  for (let n = Math.floor(low / step + 1e-9); n <= Math.ceil(high / step - 1e-9); n++) {
    list.push(Number((n * step).toPrecision(12)));
  }
  return list;
}

// A mark of an axis with no more digits than it needs.
export function tick(value) {
  return String(value).replace(/-/g, '−');
}

// Maps values between the outer ticks to pixels between from and to.
export function axis(marks, from, to) {
  const low = marks[0];
  const high = marks[marks.length - 1];
  return value => from + (value - low) / (high - low) * (to - from);
}

// Names with their colors, of all or of those that are drawn.
export function legend(names, drawn = names) {
  return html('div', { class: 'legend' },
    ...names.map((name, n) => html('span', {}, html('i', { style: 'background:' + color(n) }), name)).filter((e, n) => drawn.includes(names[n])));
}

// A name that has so many pixels of a drawing; what does not fit is cut and told by the title.
export function fitted(name, pixels) {
  const most = Math.max(3, Math.floor(pixels / 6));
  return name.length <= most ? [name] : [name.slice(0, most - 1) + '…', svg('title', {}, name)];
}

// A drop-down list with a label; chosen(index) is called on every change.
export function chooser(title, names, selected, chosen) {
  const select = html('select', { change: () => chosen(select.selectedIndex) },
    ...names.map(name => html('option', {}, name)));
  select.selectedIndex = selected;
  return html('label', {}, title, select);
}

export function quantile(sorted, share) {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below] + (at - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
}
