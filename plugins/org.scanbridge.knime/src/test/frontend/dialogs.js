// Mounts dialogs in KNIME's own dialog component and looks at them.
import { createApp, h } from 'vue';
import { rendererProps } from '@jsonforms/vue';
import { JsonFormsDialog, defaultRenderers } from '@knime/jsonforms';
import '@knime/jsonforms/styles';
import '@knime/styles/css';
import '@knime/kds-styles/index.css';
import '@knime/kds-styles/kds-variables.css';
import '@knime/kds-styles/kds-legacy-theme.css';
import { cutTexts, report, until, wait, watchConsole } from './checks.js';

/** KNIME's renderer of arrays is not in the package: this one shows what KNIME shows of an empty array. */
const arrays = {
  name: 'Array',
  renderer: { props: rendererProps(), render() { return h('button', { class: 'array' }, this.uischema.options.addButtonText); } },
  tester: uischema => uischema.options && uischema.options.detail ? 200 : -1,
};
const renderers = [...defaultRenderers, arrays];

const filtered = (element, advanced) => {
  if (!advanced && element.options && element.options.isAdvanced) { return null; }
  if (!element.elements) { return element; }
  const elements = element.elements.map(e => filtered(e, advanced)).filter(Boolean);
  return elements.length || element.type === 'Section' ? { ...element, elements } : null;
};

const clone = value => JSON.parse(JSON.stringify(value));

const mount = async (dialog, width, advanced, data = dialog.data) => {
  document.body.style.margin = '0';
  document.body.innerHTML = `<style>.dialog { min-height: 100vh; }</style><div id="frame" style="position: relative; width: ${width}px; min-height: 100vh; padding: 0 20px; box-sizing: border-box;`
    + ' background: var(--knime-gray-ultra-light, #f5f5f5); font: 13px Roboto, sans-serif;"></div>';
  const root = document.getElementById('frame');
  const location = o => `${o.scope || o.id} ${o.providedOptionName}`;
  const provided = new Map(dialog.initialUpdates.map(u => [location(u), u.value]));
  let ready;
  const initialized = new Promise(resolve => { ready = resolve; });
  const app = createApp({
    render: () => h(JsonFormsDialog, {
      schema: dialog.schema, uischema: filtered(dialog.ui_schema, advanced), data: clone(data), renderers,
      onStateProviderListener: (identifier, callback) => {
        if (provided.has(location(identifier))) { callback(provided.get(location(identifier))); }
      },
      onInitialized: () => ready(),
    }),
  });
  app.config.errorHandler = error => console.error(error);
  app.mount(root);
  await Promise.race([initialized, wait(8000)]);
  await wait(30);
  return { root, app };
};

/** KNIME's own line above a drawer reaches across the whole window. */
const isKnimes = element => element.textContent.trim() === 'Back to node configuration';

/** Sections without anything in them, and what no renderer is known for. */
const faults = root => {
  const found = [];
  for (const section of root.querySelectorAll('.section')) {
    if (![...section.children].slice(1).some(child => child.getBoundingClientRect().height > 4)) {
      found.push(`the section "${section.textContent.trim()}" is empty`);
    }
  }
  if (root.textContent.includes('No applicable renderer')) { found.push('a control has no renderer'); }
  if (root.textContent.includes('(MISSING)')) { found.push('a choice is missing'); }
  return found;
};

/** Each value of each choice and switch that a rule looks at, by itself, the others as they are. */
const variants = dialog => {
  const all = [];
  const looked = new Set([...JSON.stringify(dialog.ui_schema).matchAll(/"scope":"([^"]+)","schema"/g)].map(m => m[1]));
  const visit = element => {
    (element.elements || []).forEach(visit);
    if (!looked.has(element.scope)) { return; }
    const path = element.scope.replace('#/properties/', '').split('/properties/');
    const value = path.reduce((at, key) => at && at[key], dialog.data);
    const values = typeof value === 'boolean' ? [!value]
      : ((element.options && element.options.possibleValues) || []).map(v => v.id).filter(v => v !== value);
    for (const other of values) {
      const data = clone(dialog.data);
      path.slice(0, -1).reduce((at, key) => at[key], data)[path[path.length - 1]] = other;
      all.push({ name: `${path.slice(1).join('/')} = ${other}`, data });
    }
  };
  visit(dialog.ui_schema);
  return all;
};

const errors = [];
watchConsole(window, errors);
const dialogs = await (await fetch('/dialogs.json')).json();
const progress = text => fetch('/progress', { method: 'POST', body: text });
const query = new URLSearchParams(location.search);
if (query.get('dialog')) {
  const dialog = dialogs[query.get('dialog')];
  const data = clone(dialog.data);
  if (query.get('set')) { const [key, value] = query.get('set').split('='); data.model[key] = value; }
  const { root } = await mount(dialog, Number(query.get('width')), query.get('advanced') === 'true', data);
  for (const button of query.get('open') ? root.querySelectorAll('.set-button') : []) { button.click(); await wait(300); }
} else {
  const problems = [];
  const heights = {};
  for (const [name, dialog] of Object.entries(dialogs).filter(([n]) => !query.get('only') || n.startsWith(query.get('only')))) {
    await progress(`${name} after ${Math.round(performance.now() / 1000)} s`);
    const note = (where, texts) => texts.forEach(text => problems.push(`${name}, ${where}: ${text}`));
    try {
      for (const width of [360, 400, 960]) {
        for (const advanced of [false, true]) {
          const { root, app } = await mount(dialog, width, advanced);
          const where = `${width} px${advanced ? ', advanced' : ''}`;
          if (!await until(() => root.querySelector('.dialog') && root.querySelectorAll('label, input, .array').length > 0, 4000)) {
            note(where, ['nothing is shown']);
          }
          note(where, cutTexts(root));
          note(where, faults(root));
          heights[`${name} ${where}`] = Math.round(root.getBoundingClientRect().height);
          for (const button of root.querySelectorAll('.set-button')) {
            button.click();
            await wait(700);
            note(`${where}, drawer`, cutTexts(root, isKnimes));
            note(`${where}, drawer`, faults(root));
          }
          note(where, errors.splice(0).map(e => `console: ${e}`));
          app.unmount();
        }
      }
      for (const variant of variants(dialog)) {
        const { root, app } = await mount(dialog, 400, true, variant.data);
        note(variant.name, [...faults(root), ...errors.splice(0).map(e => `console: ${e}`)]);
        app.unmount();
      }
    } catch (error) {
      note('mounting', [String(error && error.stack || error)]);
    }
  }
  await report({ dialogs: Object.keys(dialogs).length, problems: [...new Set(problems)], heights });
}
