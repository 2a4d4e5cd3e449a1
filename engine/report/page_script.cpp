#include "engine/report/assets.hpp"

namespace tf::report {

const char* const kPageScript = R"js(
(() => {
  'use strict';
  const figures = JSON.parse(document.getElementById('figures').textContent);
  const root = document.documentElement;
  const ids = Object.keys(figures);
  const place = id => document.getElementById('chart-' + id);

  if (!window.Plotly) {
    for (const id of ids) {
      const words = document.createElement('p');
      words.className = 'absent';
      words.textContent = 'Not drawn: plotly.min.js is not beside this page.';
      place(id).replaceWith(words);
    }
    return;
  }

  const role = name => getComputedStyle(root).getPropertyValue('--' + name).trim();

  // Colours are roles, "@candidate"; only members whose name ends in color are looked at, never a text of the document.
  const painted = (value, key) => {
    if (Array.isArray(value)) return value.map(item => painted(item, key));
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, painted(item, name)]));
    return typeof value === 'string' && value[0] === '@' && /color$/.test(key) ? role(value.slice(1)) : value;
  };

  // Room above the drawing for buttons and legend, which takes two lines where the screen is narrow.
  const dressed = (figure, width) => {
    const layout = painted(figure.layout, '');
    const top = width < 600 ? 82 : 62;
    const font = {family: getComputedStyle(document.body).fontFamily, size: 12, color: role('muted')};
    for (const name of Object.keys(layout).filter(name => /^[xy]axis/.test(name)))
      layout[name] = Object.assign({gridcolor: role('grid'), linecolor: role('line'), zerolinecolor: role('line'),
                                    tickfont: {size: 11}}, layout[name]);
    return Object.assign({
      height: figure.height + top - 34, font, paper_bgcolor: role('panel'), plot_bgcolor: role('panel'),
      margin: {l: 64, r: 12, t: top, b: 46}, separators: '.,',
      legend: {orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom', font: {size: 12}},
      hoverlabel: {bgcolor: role('panel'), bordercolor: role('line'), align: 'left', font: {size: 12, color: role('ink')}},
      modebar: {bgcolor: 'rgba(0,0,0,0)', color: role('muted'), activecolor: role('ink')},
    }, layout);
  };

  // The buttons are listed, since those of plotly.js by default include one that would send the chart to its maker.
  const config = {responsive: true, displaylogo: false, plotlyServerURL: '',
                  modeBarButtons: [['toImage'], ['zoom2d', 'pan2d', 'resetScale2d']]};
  const draw = width => {
    for (const id of ids) {
      const layout = dressed(figures[id], width || place(id).clientWidth);
      if (width) Object.assign(layout, {width, autosize: false});
      Plotly.react(place(id), painted(figures[id].data, ''), layout, config);
    }
    root.dataset.drawn = ids.length;
  };
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draw());

  // Paper: light colours, the width of a sheet of A4 between its margins, and what was folded away.
  const folded = [...document.querySelectorAll('details')];
  addEventListener('beforeprint', () => {
    root.dataset.print = '';
    for (const part of folded) { part.dataset.was = part.open; part.open = true; }
    draw(680);
  });
  addEventListener('afterprint', () => {
    delete root.dataset.print;
    for (const part of folded) part.open = part.dataset.was === 'true';
    draw();
  });
})();
)js";

}  // namespace tf::report
