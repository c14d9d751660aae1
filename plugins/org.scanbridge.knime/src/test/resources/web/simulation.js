// Drives a SliceFlow with a clock of its own: a server that answers after some time, a screen of 60 frames a second, and a
// list of events [time in ms, what, ...]. Every frame is checked: a picture knows which row, plane and slice it is of.
import { SliceFlow } from '../../../main/resources/web/slice-flow.js';

const FRAME = 16;

export function simulate(studies, events, latency, duration, options) {
  const flow = new SliceFlow(options);
  const planes = ['AXIAL', 'CORONAL'];
  flow.look(planes);
  const waiting = []; // [time, request] in order
  const seen = { painted: [], errors: [], requests: [], mostOutstanding: 0, mostBytes: 0 };
  const last = {};
  const send = now => {
    const request = flow.next();
    if (request) {
      // one after the other, as KNIME's desktop answers
      const free = waiting.length > 0 ? waiting[waiting.length - 1][0] : now;
      waiting.push([Math.max(now, options.serial ? free : now) + latency(request), request]);
      waiting.sort((a, b) => a[0] - b[0]);
      seen.requests.push(request);
      seen.mostOutstanding = Math.max(seen.mostOutstanding, waiting.length);
    }
  };
  const answer = request => {
    const study = studies[request.row];
    if (study.fails && study.fails.includes(request.kind === 'open' ? -1 : request.slices[0][1])) {
      flow.refused(request, 'refused ' + request.row);
    } else if (request.kind === 'open') {
      const of = {};
      planes.forEach((p, n) => { of[p] = { slices: study.slices[n], bytes: study.bytes, start: Math.floor(study.slices[n] / 2) }; });
      flow.answered(request, { planes: of, legend: 'legend ' + request.row });
    } else {
      flow.answered(request, request.slices.map(([plane, slice]) => ({ row: request.row, plane, slice })));
    }
  };
  const check = () => {
    const view = flow.view();
    if (view.details && view.details.legend !== 'legend ' + view.row) {
      seen.errors.push(`legend of ${view.details.legend} at row ${view.row}`);
    }
    for (const [plane, p] of Object.entries(view.planes)) {
      const is = p.picture;
      if (is && (is.row !== view.row || is.plane !== plane || is.slice !== p.slice)) {
        seen.errors.push(`${is.row}/${is.plane}/${is.slice} shown as ${view.row}/${plane}/${p.slice}`);
      }
      if (!is && p.slice !== null) {
        seen.errors.push(`slice ${p.slice} is named without a picture`);
      }
      const now = is ? view.row + '/' + plane + '/' + is.slice : null;
      if (is && now !== last[plane]) {
        seen.painted.push(now);
      }
      last[plane] = now;
    }
    seen.mostBytes = Math.max(seen.mostBytes, flow.bytes);
  };
  let next = 0;
  for (let now = 0; now <= duration; now++) {
    while (next < events.length && events[next][0] <= now) {
      const [, what, ...arguments_] = events[next++];
      flow[what](...arguments_);
      check(); // the page paints at once what an event changed
    }
    while (waiting.length > 0 && waiting[0][0] <= now) {
      answer(waiting.shift()[1]);
      check();
    }
    if (now % FRAME === 0) {
      flow.frame();
      check();
    }
    send(now);
  }
  const view = flow.view();
  return { ...seen, row: view.row, failure: view.failure, outstanding: flow.outstanding.length, kept: flow.kept.size,
    active: view.active, end: Object.fromEntries(Object.entries(view.planes).map(([p, v]) => [p, v.slice])),
    failures: Object.values(view.planes).map(v => v.failure).filter(f => f),
    wanted: Object.fromEntries(Object.entries(view.planes).map(([p, v]) => [p, v.wanted])) };
}

export function wheel(deltas, mode) {
  const flow = new SliceFlow();
  flow.look(['AXIAL']);
  flow.open(0);
  flow.answered(flow.next(), { planes: { AXIAL: { slices: 1000, bytes: 1, start: 500 } } });
  Array.from(deltas).forEach(d => flow.wheel('AXIAL', d, mode));
  return flow.view().planes.AXIAL.wanted - 500;
}

// So many notches, one every so many ms, after the first picture of a row has come.
export function notches(count, everyMs, latencyMs, bytes, serial) {
  const events = [[0, 'open', 0]];
  for (let n = 0; n < count; n++) {
    events.push([2000 + n * everyMs, 'wheel', 'AXIAL', 100, 0]);
  }
  const first = simulate([{ slices: [300, 200], bytes }], events.slice(0, 1), () => latencyMs, 1999, { serial });
  const all = simulate([{ slices: [300, 200], bytes }], events, () => latencyMs, 2000 + count * everyMs + 3 * latencyMs + 200,
    { serial });
  return { pictures: all.painted.filter(p => p.includes('AXIAL')).length - first.painted.filter(p => p.includes('AXIAL')).length,
    end: all.end.AXIAL, start: 150, errors: all.errors, mostOutstanding: all.mostOutstanding };
}

// Events as numbers, so that laws can be stated over any of them.
export function random(codes, latencyMs, fails) {
  const studies = [0, 1, 2].map(n => ({ slices: [20 + 7 * n, 9 + n], bytes: 1000 * (n + 1), fails: fails && n === 1 ? [-1] : [] }));
  const planes = ['AXIAL', 'CORONAL'];
  let now = 0;
  const events = Array.from(codes).map(c => {
    now += c % 97;
    const plane = planes[(c >> 3) % 2];
    const what = [['open', (c >> 4) % 3], ['step', plane, (c >> 5) % 13 - 6], ['go', plane, (c >> 5) % 40],
      ['wheel', plane, (c >> 5) % 240 - 120, 0]][(c >> 1) % 4];
    return [now, ...what];
  });
  return simulate(studies, [[0, 'open', 0], ...events], r => latencyMs + (r.row * 37) % 50, now + 12 * latencyMs + 1200,
    { capacity: 60000, batch: 8000 });
}
