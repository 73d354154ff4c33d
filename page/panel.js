// Runs in the article panel, whenever its tab is opened for the first time: what is shown is
// scrolled to the quoted words. `element` and `watch` are Gradio's.
function settle() {
  const paper = element.querySelector('.yj-paper'), mark = element.querySelector('mark.now');
  if (!paper) return;
  const asked = document.body.dataset.asked;
  delete document.body.dataset.asked;
  // The tab of the panel may only now be shown: an element has no place before that.
  requestAnimationFrame(() => requestAnimationFrame(() => {
    paper.scrollTop = mark ? mark.offsetTop - paper.clientHeight / 3 : 0;
    if (asked) element.scrollIntoView({block: 'nearest', behavior: 'smooth'});
    if (asked === 'keys') paper.focus({preventScroll: true});
  }));
}
watch('value', settle);
settle();
