// Progress of an import: real counts, asked for twice a second; the page is loaded again when it is done.
(function () {
  'use strict';
  var box = document.querySelector('[data-import]');
  if (!box) { return; }
  var bar = box.querySelector('progress');
  function ask() {
    fetch(box.getAttribute('data-import'), { credentials: 'same-origin' }).then(function (answer) {
      if (!answer.ok) { throw new Error('no answer'); }
      return answer.json();
    }).then(function (now) {
      if (!now.running) { location.reload(); return; }
      box.querySelector('[data-done]').textContent = now.done;
      box.querySelector('[data-total]').textContent = now.total;
      if (now.total > 0) { bar.max = now.total; bar.value = now.done; }
      setTimeout(ask, 500);
    }).catch(function () { setTimeout(ask, 2000); });
  }
  setTimeout(ask, 300);
}());
