// The intake page: saves while one types, keys for the papers, the next gap, pages that follow the scenario.
// Without it the page does everything by its buttons.
(function () {
  'use strict';
  var form = document.getElementById('intake');
  if (!form || !window.fetch) { return; }
  var saved = document.querySelector('[data-saved-at]');
  var timer = null, busy = false, again = false, dirty = false;

  function say(text) { if (saved) { saved.textContent = text; } }
  function put(part, html) { var at = document.querySelector('[data-part="' + part + '"]'); if (at && html) { at.innerHTML = html; } }

  function save() {
    if (busy) { again = true; return; }
    busy = true;
    dirty = false;
    var body = new URLSearchParams(new FormData(form)).toString();
    fetch(form.getAttribute('data-draft'), {
      method: 'POST', body: body, keepalive: body.length < 60000, credentials: 'same-origin', redirect: 'error',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept': 'application/json' }
    }).then(function (answer) {
      if (answer.status === 401 || answer.status === 409) { say('登录过期了，点“存草稿”重新登录，填过的都还在'); return null; }
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then(function (told) {
      if (told) { say(told.saved); put('stages', told.stages); put('preview', told.preview); }
    }).catch(function () {
      dirty = true;
      say('刚才那几个字还没存上，正在再试');
      clearTimeout(timer);
      timer = setTimeout(save, 3000);
    }).then(function () { busy = false; if (again) { again = false; save(); } });
  }
  function soon() { dirty = true; clearTimeout(timer); timer = setTimeout(save, 400); }

  form.addEventListener('input', soon);
  form.addEventListener('change', function (e) {
    soon();
    // Scenario, kind of applicant and agent change which fields there are: the box draws the page again.
    if (e.target.closest('[data-reload]') || e.target.hasAttribute('data-reload')) {
      clearTimeout(timer);
      dirty = false;
      var go = form.querySelector('button[value="save"]');
      go.click();
    }
  });
  form.addEventListener('submit', function () { clearTimeout(timer); dirty = false; });
  // Leaving the page: what was typed in the last moment goes along without holding anybody up.
  window.addEventListener('pagehide', function () { if (dirty) { busy = false; save(); } });

  // F2: the next thing that is missing, round and round.
  function gaps() {
    var links = document.querySelectorAll('#errors a');
    if (links.length) { return Array.prototype.map.call(links, function (a) { return a.getAttribute('href').slice(1); }); }
    return Array.prototype.filter.call(form.elements, function (el) {
      return /^(text|textarea|select-one)$/.test(el.type) && !el.value && el.offsetParent;
    }).map(function (el) { return el.id; });
  }
  var at = -1;
  function next() {
    var all = gaps();
    if (!all.length) { return; }
    at = (at + 1) % all.length;
    var el = document.getElementById(all[at]);
    if (el) { el.focus(); el.scrollIntoView({ block: 'center' }); }
  }
  var button = document.querySelector('[data-next-gap]');
  if (button) { button.addEventListener('click', function (e) { e.preventDefault(); next(); }); }

  // In the lists of papers and rules: arrows move by row, Space is good, X is not.
  function answer(row, value) {
    var box = row.querySelector('input[value="' + value + '"]') || row.querySelector('input[value="' + (value === 'ok' ? 'pass' : 'fail') + '"]');
    if (box && !box.checked) { box.checked = true; box.dispatchEvent(new Event('change', { bubbles: true })); }
    if (box) { box.focus(); }
  }
  function move(row, step) {
    var rows = Array.prototype.slice.call(document.querySelectorAll('[data-marks] tbody tr'));
    var to = rows[rows.indexOf(row) + step];
    var box = to && (to.querySelector('input:checked') || to.querySelector('input'));
    if (box) { box.focus(); box.scrollIntoView({ block: 'nearest' }); }
  }
  document.addEventListener('keydown', function (e) {
    if (e.key === 'F2') { e.preventDefault(); next(); return; }
    var row = e.target.closest && e.target.closest('[data-marks] tr');
    if (!row || e.ctrlKey || e.altKey || e.metaKey) { return; }
    if (e.key === 'ArrowDown') { e.preventDefault(); move(row, 1); }
    else if (e.key === 'ArrowUp') { e.preventDefault(); move(row, -1); }
    else if (e.key === ' ') { e.preventDefault(); answer(row, 'ok'); move(row, 1); }
    else if (e.key === 'x' || e.key === 'X') { e.preventDefault(); answer(row, 'bad'); }
  }, true);
}());
