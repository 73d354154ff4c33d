// Runs in the article panel: a link to a citation asks the server for its place, and whatever is
// shown is scrolled to the quoted words. `element`, `trigger` and `watch` are Gradio's.
document.addEventListener('click', event => {
  const link = event.target.closest('a[href^="#cite-"], a[href^="#read-"]');
  if (!link) return;
  event.preventDefault();
  element.dataset.asked = 'yes';
  trigger('select', {link: link.getAttribute('href')});
});
watch('value', () => {
  const paper = element.querySelector('.yj-paper'), mark = element.querySelector('mark.now');
  paper.scrollTop = mark ? mark.offsetTop - paper.clientHeight / 3 : 0;
  if (element.dataset.asked) element.scrollIntoView({block: 'nearest', behavior: 'smooth'});
  delete element.dataset.asked;
});
