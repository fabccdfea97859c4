/**
 * Filter, search, sort and copy, for readers with script. Everything it adds it makes itself, so a page without script
 * has no dead controls. Texts come from the page's data attributes; no text of a capture is ever read as markup.
 */
export const script = `
'use strict';
(() => {
  const words = document.body.dataset;
  const make = (name, set) => Object.assign(document.createElement(name), set);
  const items = [...document.querySelectorAll('main [data-results]')].map((element) => ({
    element, text: element.textContent.toLowerCase(), results: element.dataset.results.split(' '),
  }));
  const bar = make('div', { className: 'toolbar' });
  bar.setAttribute('role', 'search');
  const search = make('input', { type: 'search', id: 'search' });
  search.setAttribute('aria-label', words.search);
  search.placeholder = words.search;
  const show = make('select', { id: 'show' });
  show.setAttribute('aria-label', words.show);
  show.append(make('option', { value: '', textContent: words.all }));
  for (const pair of words.results.split(';')) {
    const at = pair.indexOf('=');
    show.append(make('option', { value: pair.slice(0, at), textContent: pair.slice(at + 1) }));
  }
  const clear = make('button', { type: 'button', textContent: words.clear });
  const found = make('span', { className: 'found' });
  found.setAttribute('role', 'status');
  bar.append(search, show, clear, found);
  document.querySelector('main').before(bar);
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    let count = 0;
    for (const { element, text, results } of items) {
      const fits = (wanted === '' || text.includes(wanted)) && (show.value === '' || results.includes(show.value));
      element.hidden = !fits;
      if (fits) count++;
    }
    const all = wanted === '' && show.value === '';
    found.textContent = all ? '' : words.found.replace('{n}', String(count));
  };
  let waiting = 0;
  search.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  show.addEventListener('change', filter);
  const reset = () => { search.value = ''; show.value = ''; filter(); };
  clear.addEventListener('click', () => { reset(); search.focus(); });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target.closest('input, select, textarea')) return;
    event.preventDefault();
    search.focus();
  });
  const target = () => {
    const element = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (element && element.closest('[hidden]')) { reset(); element.scrollIntoView(); }
  };
  addEventListener('hashchange', target);
  for (const head of document.querySelectorAll('table.sortable thead th')) {
    const button = make('button', { type: 'button', textContent: head.textContent, className: 'sort' });
    button.title = words.sort.replace('{column}', head.textContent);
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const body = head.closest('table').tBodies[0];
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of head.parentElement.children) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const key = (row) => row.cells[head.cellIndex].dataset.key || row.cells[head.cellIndex].textContent.trim();
      const rows = [...body.rows].map((row) => [key(row), row]);
      rows.sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }) * (down ? -1 : 1));
      body.append(...rows.map(([, row]) => row));
    });
  }
  for (const code of document.querySelectorAll('code.copy')) {
    const button = make('button', { type: 'button', textContent: words.copy, className: 'copy' });
    code.after(button);
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
      } catch {
        getSelection().selectAllChildren(code);
        document.execCommand('copy');
      }
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    });
  }
  document.documentElement.dataset.script = 'yes';
})();
`;
