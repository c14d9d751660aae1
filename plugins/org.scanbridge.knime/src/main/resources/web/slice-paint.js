// Turns the levels and labels of a slice into colors; knows nothing of the page.
'use strict';

const SPECIAL = [-Infinity, Infinity, NaN]; // the last three levels
const FIRST_SPECIAL = 65533;

// What was missed, what was found falsely, one class taken for another, and what both agree on.
export const DIFFERENCES = [
  { name: 'missed', color: [0, 114, 178] }, { name: 'falsely found', color: [213, 94, 0] },
  { name: 'other class', color: [204, 121, 167] }, { name: 'agreed (faint)', color: [0, 158, 115] }];

// An image's levels from the bytes of the server: first all high bytes, then all low ones.
export function levels(bytes) {
  const count = bytes.length / 2;
  const all = new Uint16Array(count);
  for (let p = 0; p < count; p++) {
    all[p] = bytes[p] << 8 | bytes[count + p];
  }
  return all;
}

// The value of a pixel of an image { low, step, levels }.
export function valueOf(image, p) {
  const level = image.levels[p];
  return level < FIRST_SPECIAL ? image.low + image.step * level : SPECIAL[level - FIRST_SPECIAL];
}

// Gray levels of a slice in a window { black, white } into rgba; black without an image.
export function gray(rgba, image, window) {
  if (!image) {
    for (let p = 3; p < rgba.length; p += 4) {
      rgba[p - 3] = rgba[p - 2] = rgba[p - 1] = 0;
      rgba[p] = 255;
    }
    return;
  }
  const scale = 255 * image.step / (window.white - window.black);
  const shift = 255 * (image.low - window.black) / (window.white - window.black);
  const { levels: all } = image;
  for (let p = 0, q = 0; p < all.length; p++, q += 4) {
    const level = all[p];
    // clamped by the array; not a number is black
    const shade = level < FIRST_SPECIAL ? shift + scale * level : SPECIAL[level - FIRST_SPECIAL] === Infinity ? 255 : 0;
    rgba[q] = rgba[q + 1] = rgba[q + 2] = shade;
    rgba[q + 3] = 255;
  }
}

// Labels over gray levels: colors[label] is [r, g, b] or absent for a class that is not to be seen. An outline is drawn on
// pixels of a class with a neighbor of another one.
export function overlay(rgba, labels, width, colors, opacity, outline) {
  const height = labels.length / width;
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p++) {
      const label = labels[p];
      const color = label ? colors[label] : undefined;
      if (color && (!outline || x === 0 || x === width - 1 || y === 0 || y === height - 1 || labels[p - 1] !== label
        || labels[p + 1] !== label || labels[p - width] !== label || labels[p + width] !== label)) {
        blend(rgba, 4 * p, color, outline ? 1 : opacity);
      }
    }
  }
}

// Which of DIFFERENCES a pixel is, or -1 where neither has anything that is to be seen.
export function differenceOf(reference, predicted, seen) {
  const r = reference && seen(reference) ? reference : 0;
  const p = predicted && seen(predicted) ? predicted : 0;
  return r === p ? r === 0 ? -1 : 3 : p === 0 ? 0 : r === 0 ? 1 : 2;
}

export function differences(rgba, reference, predicted, opacity, seen) {
  for (let p = 0; p < reference.length; p++) {
    const kind = differenceOf(reference[p], predicted[p], seen);
    if (kind >= 0) {
      // what agrees stays in the background
      blend(rgba, 4 * p, DIFFERENCES[kind].color, kind === 3 ? 0.4 * opacity : Math.max(opacity, 0.6));
    }
  }
}

function blend(rgba, at, color, opacity) {
  for (let c = 0; c < 3; c++) {
    rgba[at + c] = (1 - opacity) * rgba[at + c] + opacity * color[c];
  }
}
