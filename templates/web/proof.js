// Works on the form's challenge in the background. A press of the button before it is done waits for it; nothing is
// ever sent without a press.
const form = document.querySelector('form[data-challenge]');
if (form && window.isSecureContext && window.Worker) work(form);

function work(form) {
  const status = form.querySelector('[role=status]');
  const challenge = JSON.parse(form.dataset.challenge);
  const worker = new Worker(form.dataset.worker, { type: 'module' });
  let pressed = false;
  const wait = (event) => {
    event.preventDefault();
    pressed = true;
    status.textContent = status.dataset.says;
  };
  const finish = (proof) => {
    form.removeEventListener('submit', wait);
    form.elements.namedItem('proof').value = proof;
    if (proof) status.textContent = status.dataset.done;
    worker.terminate();
    if (pressed) form.requestSubmit();
  };
  form.addEventListener('submit', wait);
  worker.addEventListener('message', ({ data }) =>
    finish(data ? JSON.stringify({ challenge, solution: data }) : ''),
  );
  worker.addEventListener('error', () => finish(''));
  worker.postMessage(challenge);
}
