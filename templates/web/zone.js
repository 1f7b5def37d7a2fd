// Tells the time zone of this device: into a hidden field, or as an offer beside a field that people see.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll('[data-own-zone]')) field.value = zone ?? '';
for (const offer of document.querySelectorAll('[data-offer-zone]')) {
  const field = document.getElementById(offer.dataset.offerZone);
  if (!zone || field.value === zone) continue;
  offer.querySelector('span').textContent = zone;
  offer.hidden = false;
  offer.querySelector('button').addEventListener('click', () => {
    field.value = zone;
    offer.hidden = true;
    field.focus();
  });
}
