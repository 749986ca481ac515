// A draft of an item is kept as one types, as the intake is: what fits is on the box's disk before the button is pressed.
// Without scripts the button saves the same.
(function () {
  'use strict';
  var form = document.querySelector('[data-autosave]');
  var said = document.querySelector('[data-saved]');
  if (!form || !said || !window.fetch) { return; }
  var timer = 0, busy = false, again = false, ended = false, waiting = null;
  function save() {
    if (ended) { return; }
    if (busy) { again = true; return; }
    busy = true;
    var data = new URLSearchParams(new FormData(form));
    data.set('do', 'auto');
    fetch(form.action, { method: 'POST', body: data, credentials: 'same-origin' }).then(function (answer) {
      if (answer.status === 409) { ended = true; said.textContent = '另一个窗口也在改，按保存看看。'; return null; }
      if (!answer.ok) { throw new Error('not saved'); }
      return answer.json();
    }).then(function (now) {
      if (!now) { return; }
      form.elements.drawn.value = now.drawn;
      said.textContent = now.wrong > 0 ? '有 ' + now.wrong + ' 处不对没有存，其余存下了。' : '草稿已存。';
    }).catch(function () { said.textContent = '还没存上，正在再试。'; timer = setTimeout(save, 5000); }).then(function () {
      busy = false;
      // a button pressed meanwhile: it must be sent with the newer mark
      if (waiting) { var button = waiting; waiting = null; form.removeAttribute('data-sent'); button.click(); return; }
      if (again) { again = false; save(); }
    });
  }
  form.addEventListener('input', function () { clearTimeout(timer); timer = setTimeout(save, 800); });
  form.addEventListener('submit', function (e) {
    ended = true;
    clearTimeout(timer);
    if (busy && e.submitter) { e.preventDefault(); waiting = e.submitter; }
  });
}());
