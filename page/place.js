// Runs in the hidden place of the page: the address bar names the conversation, so that a reload
// finds it again. `element` and `watch` are Gradio's.
function name() {
  const place = element.querySelector('.yj-place');
  const address = place ? place.getAttribute('href') : location.pathname;
  if (place && location.search !== address || !place && location.search) {
    history.replaceState(null, '', address);
  }
}
watch('value', name);
