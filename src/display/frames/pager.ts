// The script of a table: sorts by a click on a column's name and turns pages, among the rows that were sent. It asks the kernel for nothing,
// so it works in a saved page too. Written as text, since it runs in the browser.

/** Old browsers' JavaScript, in one expression; finds its table beside itself. */
export const pager = `(() => {
const box = document.currentScript.parentElement;
const [table, rest] = box.querySelectorAll('table');
const body = table.tBodies[0];
const gap = [...body.rows].find((row) => !row.cells[0].matches('th'));
let rows = [...body.rows].filter((row) => row !== gap);
if (rest) {
  const at = [...body.rows].indexOf(gap);
  rows.splice(at, 0, ...rest.tBodies[0].rows);
  rest.parentElement.remove();
}
const sent = rows;
let size = 15, page = 0, by = -1, down = false;
const bar = document.createElement('div');
const button = (text, title, click) => {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.title = made.ariaLabel = title;
  made.onclick = click;
  bar.append(made, ' ');
  return made;
};
const turn = (to) => () => { page = to(page); show(); };
const pages = () => Math.max(1, Math.ceil(rows.length / size));
const back = button('‹', 'previous rows', turn((now) => now - 1));
const next = button('›', 'next rows', turn((now) => now + 1));
const where = document.createElement('small');
bar.append(where, ' ');
const sizes = document.createElement('select');
sizes.ariaLabel = 'rows a page';
for (const count of [15, 50, 100, sent.length]) if (count <= sent.length) sizes.append(new Option(count === sent.length ? 'all' : count, count));
sizes.onchange = () => { size = Number(sizes.value); page = 0; show(); };
bar.append(sizes);
if (sent.length > size) box.append(bar);
const show = () => {
  page = Math.min(Math.max(0, page), pages() - 1);
  const first = page * size, shown = rows.slice(first, first + size);
  body.replaceChildren(...shown);
  if (by < 0 && gap) {
    const cut = Number(box.dataset.frame) - first;
    if (cut > 0 && cut < shown.length) shown[cut].before(gap);
    else if (cut === 0 && page > 0) shown[0].before(gap);
  }
  where.textContent = (first + 1) + ' to ' + (first + shown.length) + ' of ' + rows.length + ' here' + (by < 0 ? '' : ', sorted');
  back.disabled = page === 0;
  next.disabled = page === pages() - 1;
};
const read = (row, column) => {
  const cell = row.cells[column];
  if (!cell || cell.querySelector('i') || cell.textContent === '') return undefined;
  const text = cell.textContent;
  return cell.align === 'right' ? Number(text.replace(/,/g, '')) : text;
};
const compare = (a, b) => (typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === 'number' ? -1 : 1);
const heads = [...table.tHead.rows[0].cells];
const sort = (column) => {
  down = by === column && !down ? true : false;
  by = by === column && !down ? -1 : column;
  for (const head of heads) head.removeAttribute('aria-sort');
  rows = sent;
  if (by >= 0) {
    heads[by].setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const keys = new Map(sent.map((row) => [row, read(row, by)]));
    rows = [...sent].sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
      return down ? compare(y, x) : compare(x, y);
    });
  }
  page = 0;
  show();
};
heads.forEach((head, column) => {
  if (column === 0 || column > sent[0].cells.length - 1) return;
  head.style.cursor = 'pointer';
  head.tabIndex = 0;
  head.title = 'sort the rows that are here';
  head.onclick = () => sort(column);
  head.onkeydown = (event) => { if (event.key === 'Enter') sort(column); };
});
show();
})()`.replace(/\n\s*/g, '\n');
