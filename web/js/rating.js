// The tablet goes back to the practice: going back in the browser must not show what was chosen.
const form = document.querySelector('form.questions')
if (form) addEventListener('pagehide', () => form.reset())
