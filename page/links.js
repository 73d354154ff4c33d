// Runs once, in the head of the page. Every link that names something to do is a fragment,
// #KIND-WHICH-NUMBER; it is passed on as an event of Gradio's that belongs to its kind, or done
// here. `trigger` is Gradio's.
const EVENTS = {
  cite: 'select', page: 'select', hit: 'select', file: 'select', found: 'select', read: 'select',
  all: 'select', settings: 'select', again: 'retry', asis: 'retry', edit: 'edit', rate: 'like', list: 'apply',
  only: 'apply', free: 'apply', remove: 'delete', restore: 'undo',
  talk: 'expand', drop: 'expand', pull: 'download',
};
const ASKED = {drop: 1, pull: 1};
let tapped = null;
// A property and no class: Gradio puts every selector of a page's styles below its own container.
const sheet = state => document.documentElement.style.setProperty('--yj-sheet', state);

function copyAnswer(link) {
  const turn = link.closest('.yj');
  const lines = [...turn.querySelectorAll('.yj-short, .yj-text')].map(one => one.innerText.trim());
  for (const row of turn.querySelectorAll('.yj-citations li')) {
    lines.push(row.innerText.trim().replace(/\n+/g, ' '));
  }
  const said = link.textContent;
  const done = word => { link.textContent = word; setTimeout(() => link.textContent = said, 1500); };
  const [copied, failed] = link.title.split('|');
  navigator.clipboard.writeText(lines.join('\n\n')).then(() => done(copied), () => done(failed));
}

document.addEventListener('click', event => {
  const link = event.target.closest('a[href^="#"]');
  const kind = link && link.getAttribute('href').slice(1).split('-')[0];
  if (kind === 'copy') { event.preventDefault(); copyAnswer(link); }
  if (kind === 'back') {
    event.preventDefault();
    sheet('hidden');
    if (tapped) tapped.focus();
  }
  if (!EVENTS[kind]) return;
  event.preventDefault();
  if (EVENTS[kind] === 'select') {
    if (!link.closest('#yj-beside')) tapped = link;
    sheet('visible');
    document.body.dataset.asked = event.detail === 0 ? 'keys' : 'yes';
  }
  if (kind in ASKED && !confirm(link.title)) return;
  trigger(EVENTS[kind], {link: link.getAttribute('href')});
});
// Gradio's examples are buttons in a list, and no items: a list of none for who hears the page.
new MutationObserver(() => {
  for (const list of document.querySelectorAll('#yj-chat .examples[role=list]')) {
    list.setAttribute('role', 'group');
  }
}).observe(document.body, {childList: true, subtree: true});
// Gradio's sanitiser lets no label through but a title, which the keyboard does not show.
function label(event) {
  const mark = event.target.closest('#yj-chat a.yj-cite[title]');
  if (!mark) return;
  mark.setAttribute('aria-label', mark.title);
  mark.removeAttribute('title');
}
document.addEventListener('mouseover', label);
document.addEventListener('focusin', label);
document.addEventListener('keydown', event => {
  const isIn = document.activeElement.closest('#yj-beside');
  if (event.key !== 'Escape' || !isIn) return;
  sheet('hidden');
  if (tapped) tapped.focus();
});
