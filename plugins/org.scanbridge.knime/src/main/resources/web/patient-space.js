// Where pixels lie in the patient. Positions are in mm in DICOM's patient frame: to the Left, the Posterior and the Head (LPS).
// A stack is what the server says of the slices of a layer in one plane: size [pixels across, pixels down, slices], first (the
// center of the upper left pixel of slice 0), and the steps across, down and through, all at right angles.
'use strict';

export const PLANES = ['axial', 'coronal', 'sagittal'];

const SIDES = [['L', 'R'], ['P', 'A'], ['H', 'F']];

export function dot(a, b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function length(a) {
  return Math.sqrt(dot(a, a));
}

// The position of pixel (x, y) of slice n; whole numbers are centers.
export function position(stack, x, y, n) {
  return [0, 1, 2].map(c => stack.first[c] + x * stack.across[c] + y * stack.down[c] + n * stack.through[c]);
}

// The inverse: x, y and n of a position, whole at the centers.
export function pixel(stack, at) {
  const from = at.map((v, c) => v - stack.first[c]);
  return [stack.across, stack.down, stack.through].map(step => dot(from, step) / dot(step, step));
}

// The number of the slice a position lies in, -1 outside of the stack.
export function sliceAt(stack, at) {
  const n = Math.round(pixel(stack, at)[2]);
  return n >= 0 && n < stack.size[2] ? n : -1;
}

// For every layer the slice that goes with slice n of the leading layer: the one in which the middle of that slice lies; -1 for
// layers that are not there, not needed, or do not reach so far.
export function together(layers, lead, plane, n, needed) {
  const stack = layers[lead].stacks[plane];
  const middle = position(stack, (stack.size[0] - 1) / 2, (stack.size[1] - 1) / 2, n);
  return layers.map((layer, l) => !layer || !needed(l) ? -1 : layer.grid === layers[lead].grid ? n
    : sliceAt(layer.stacks[plane], middle));
}

// A position in words: the side of the patient and the distance from the frame's origin, such as L 12.5 A 3.0 H 140.0.
export function words(at) {
  return at.map((v, c) => SIDES[c][Math.round(v * 10) >= 0 ? 0 : 1] + ' ' + Math.abs(v).toFixed(1)).join(' ') + ' mm';
}

// Whether two stacks run in the same directions, so that they can be laid over each other.
export function parallel(a, b) {
  return ['across', 'down'].every(s => dot(a[s], b[s]) > 0.999 * length(a[s]) * length(b[s]));
}

// The rectangle of a stack's slice in mm, relative to the middle of another stack's slice with the same directions.
export function rectangle(stack, frame) {
  const middle = position(frame, (frame.size[0] - 1) / 2, (frame.size[1] - 1) / 2, 0);
  const corner = position(stack, -0.5, -0.5, 0).map((v, c) => v - middle[c]);
  return { x: dot(corner, frame.across) / length(frame.across), y: dot(corner, frame.down) / length(frame.down),
    width: stack.size[0] * length(stack.across), height: stack.size[1] * length(stack.down) };
}

// Round lengths for a scale bar that is at most so many mm.
export function barLength(most) {
  const power = Math.pow(10, Math.floor(Math.log10(most)));
  return [5, 2, 1].map(f => f * power).find(v => v <= most);
}
