// Draws Vega specifications as Kibana 8.19 does, without a browser.
//
// In:  on standard input an array of { id, spec, replies, theme, width, height, show, click }: the specification's text
//      as it stands in the saved object, for each of its data with a url the reply of Elasticsearch, which of its data to
//      show: { data, fields }, and the mark whose first item is clicked, if any.
// Out: on standard output an array of { id, svg, warnings, plot, marks, texts, rows, called }: the width and height that
//      axes and labels leave to the plot, how many items each named mark has, what the named texts say, the rows to show,
//      and the functions of Kibana that the click called, with their arguments.
// Guaranteed: expressions are interpreted, never compiled, as Kibana's content security policy demands; a warning of
//      Vega, which Kibana would show over the panel, is in the output; an error ends the program.

import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';

// The colours that Kibana gives to what a specification leaves open.
const THEMES = {
  light: { background: '#ffffff', grid: '#eef0f3', label: '#69707d', title: '#343741', mark: '#54b399' },
  dark: { background: '#1d1e24', grid: '#343741', label: '#98a2b3', title: '#d4dae5', mark: '#54b399' },
};

// Kibana's own functions act on the dashboard. Here they only tell that they were called.
const calls = [];
for (const name of ['kibanaAddFilter', 'kibanaRemoveFilter', 'kibanaRemoveAllFilters', 'kibanaSetTimeFilter']) {
  vega.expressionFunction(name, (...words) => {
    calls.push([name, ...words]);
    return null;
  });
}

function setDefault(object, value, ...path) {
  const last = path.pop();
  for (const name of path) {
    object = object[name] ??= {};
  }
  object[last] ??= value;
}

// Text may stand on the panel without a colour of its own only where Kibana colours it.
function colour(spec, theme) {
  for (const [mark, property] of [
    ['area', 'fill'], ['line', 'stroke'], ['rect', 'fill'], ['rule', 'stroke'], ['symbol', 'fill'],
  ]) {
    setDefault(spec, theme.mark, 'config', mark, property);
  }
  setDefault(spec, theme.label, 'config', 'style', 'guide-label', 'fill');
  setDefault(spec, theme.title, 'config', 'style', 'guide-title', 'fill');
  for (const name of ['tickColor', 'domainColor', 'gridColor']) {
    setDefault(spec, theme.grid, 'config', 'axis', name);
  }
  setDefault(spec, 500, 'config', 'axis', 'titleFontWeight');
  // Kibana draws on the dashboard's background.
  setDefault(spec, theme.background, 'config', 'background');
}

// Kibana puts the reply in the place of the url, with the number of hits as a number.
function answer(data, replies) {
  for (const entry of data) {
    if (typeof entry.url === 'object') {
      const reply = replies[entry.name];
      if (reply === undefined) {
        throw new Error(`no reply for the data ${entry.name}`);
      }
      delete entry.url;
      entry.values = { ...reply, hits: { ...reply.hits, total: reply.hits.total?.value ?? reply.hits.total } };
    }
  }
}

function count(group, marks, texts) {
  for (const mark of group.items ?? []) {
    if (mark.name) {
      marks[mark.name] = (marks[mark.name] ?? 0) + mark.items.length;
      if (mark.marktype === 'text') {
        texts[mark.name] = [...(texts[mark.name] ?? []), ...mark.items.map((item) => String(item.text ?? ''))];
      }
    }
    if (mark.marktype === 'group') {
      mark.items.forEach((item) => count(item, marks, texts));
    }
  }
}

function find(group, name) {
  for (const mark of group.items ?? []) {
    if (mark.name === name) {
      return mark;
    }
  }
  throw new Error(`no mark is called ${name}`);
}

// Without a page nothing sends events, so they are given to Vega's own listeners.
async function clickOn(view, item) {
  calls.length = 0;
  for (const { handler } of view._handler.handlers('click')) {
    handler({ type: 'click', preventDefault() {} }, item);
  }
  await view.runAsync();
  return [...calls];
}

async function render({ id, spec: text, replies, theme, width, height, show, click }) {
  const spec = JSON.parse(text);
  answer(spec.data, replies);
  colour(spec, THEMES[theme]);
  spec.autosize = { contains: 'padding', type: 'fit', ...spec.autosize };
  Object.assign(spec, { width, height });

  const warnings = [];
  const logger = vega.logger(vega.Warn);
  logger.warn = (...words) => {
    warnings.push(words.map(String).join(' '));
    return logger;
  };
  logger.error = (...words) => {
    throw new Error(`${id}: ${words.map(String).join(' ')}`);
  };
  const runtime = vega.parse(spec, {}, { ast: true });
  const view = new vega.View(runtime, { renderer: 'none', expr: expressionInterpreter, logger });
  await view.runAsync();
  const svg = await view.toSVG();
  const marks = {};
  const texts = {};
  const [root] = view.scenegraph().root.items;
  count(root, marks, texts);
  const plot = [root.width, root.height];
  const rows = show && view.data(show.data).map((row) => show.fields.map((field) => row[field] ?? null));
  const called = click ? await clickOn(view, find(root, click).items[0]) : [];
  view.finalize();
  return { id, svg, warnings, plot, marks, texts, rows, called };
}

const chunks = [];
for await (const chunk of process.stdin) {
  chunks.push(chunk);
}
const panels = [];
for (const panel of JSON.parse(Buffer.concat(chunks).toString())) {
  panels.push(await render(panel));
}
process.stdout.write(JSON.stringify(panels));
