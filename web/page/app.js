// What is sent says so, and is not sent twice. Without this script everything works as well.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.dataset.working) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  const button = event.submitter;
  if (!button) return;
  form.dataset.words = button.textContent;
  setTimeout(() => {
    button.textContent = form.dataset.working;
    button.setAttribute('aria-busy', 'true');
  }, 300);
});

// On a phone the navigation is a line to be moved sideways: it begins where one is.
document.querySelector('.menu [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

// A file that is too large is told of before it is sent.
document.addEventListener('change', (event) => {
  const input = event.target;
  if (input.type !== 'file' || !input.dataset.most) return;
  const large = [...input.files].some((file) => file.size > Number(input.dataset.most));
  input.setCustomValidity(large ? input.dataset.tooLarge : '');
  input.reportValidity();
});

// Going back shows the page as it was left: ready to be sent again.
addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll('[aria-busy]')) {
      button.removeAttribute('aria-busy');
      button.textContent = form.dataset.words;
    }
  }
});
