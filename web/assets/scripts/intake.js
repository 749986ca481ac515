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

  // A text that does not fit is told beside its field; it stays on the page, and the rest is saved.
  function tell(wrong) {
    document.querySelectorAll('[data-live-error]').forEach(function (p) { p.remove(); });
    (wrong || []).forEach(function (one) {
      var el = document.getElementById(one.field);
      var near = el && el.closest('.field, td');
      if (!near) { return; }
      var p = document.createElement('p');
      p.className = 'field__error';
      p.setAttribute('data-live-error', '');
      p.setAttribute('role', 'alert');
      p.textContent = one.message;
      near.appendChild(p);
    });
  }

  function save() {
    if (busy) { again = true; return; }
    busy = true;
    dirty = false;
    clearTimeout(timer);
    var body = new URLSearchParams(new FormData(form)).toString();
    var good = false, whole = false;
    fetch(form.getAttribute('data-draft'), {
      method: 'POST', body: body, keepalive: body.length < 60000, credentials: 'same-origin', redirect: 'error',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept': 'application/json' }
    }).then(function (answer) {
      var code = answer.status;
      if (code === 401 || code === 409) { say('登录过期了，点“存草稿”重新登录，填过的都还在'); return null; }
      if (code === 403 || code === 404) { say('这份草稿已经收件或删掉了，请回工作台看看'); return null; }
      if (!answer.ok && code !== 422) { throw new Error(String(code)); }
      return answer.json();
    }).then(function (told) {
      if (!told) { redraw = false; return; }
      good = true;
      whole = !(told.wrong || []).length;
      say(told.saved);
      put('stages', told.stages);
      put('preview', told.preview);
      tell(told.wrong);
    }).catch(function () {
      dirty = true;
      say('刚才那几个字还没存上，正在再试');
      clearTimeout(timer);
      timer = setTimeout(save, 3000);
    }).then(function () {
      busy = false;
      if (again) { again = false; save(); return; }
      if (good && redraw) { redraw = false; draw(whole); }
    });
  }
  function soon() { dirty = true; clearTimeout(timer); timer = setTimeout(save, 400); }

  // Scenario, kind of applicant and agent change which fields there are: the box draws the page again, once they are
  // saved. When nobody has gone on meanwhile the page is simply opened again. Who has gone on to another field keeps
  // the page: the new fields come into it, and what stands in the others, focus and caret stay.
  var redraw = false, leaving = false, composing = false;
  function idle() { return !dirty && !composing && !texty(document.activeElement); }
  function texty(el) {
    return !!el && /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(radio|checkbox|submit|button)$/.test(el.type);
  }
  function draw(whole) {
    if (whole && idle()) { leaving = true; window.location.assign(form.getAttribute('action')); } else { fresh(); }
  }
  function stay() {
    if (!leaving) { return; }
    leaving = false;
    window.stop();
    fresh();
  }
  function fresh() {
    fetch(form.getAttribute('action'), { credentials: 'same-origin' }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(function (html) {
      var page = new DOMParser().parseFromString(html, 'text/html');
      if (!page.getElementById('intake')) { throw new Error('no draft'); }
      // Changed once more, still being spelt, or not yet saved: a field that goes away must not take its text along.
      if (redraw || composing || dirty || busy) { redraw = true; soon(); return; }
      swap(page);
    }).catch(function () { say('栏目还没换好，点“存草稿”再看'); });
  }
  function own() {
    return Array.from(form.elements).filter(function (el) { return el.name && !/^(hidden|submit|button)$/.test(el.type); });
  }
  function ticked(el) { return /^(radio|checkbox)$/.test(el.type); }
  function key(el) { return ticked(el) ? el.name + '=' + el.value : el.name; }
  function swap(page) {
    var kept = {}, on = document.activeElement, from = null, to = null;
    own().forEach(function (el) { kept[key(el)] = ticked(el) ? el.checked : el.value; });
    var focus = on && form.contains(on) ? (on.name ? key(on) : '') : '';
    if (focus) { from = on.selectionStart; to = on.selectionEnd; }
    var x = window.pageXOffset, y = window.pageYOffset;
    form.innerHTML = page.getElementById('intake').innerHTML;
    own().forEach(function (el) {
      var was = kept[key(el)];
      if (was === undefined) { return; }
      if (!ticked(el)) { el.value = was; } else if (el.type === 'checkbox' || was) { el.checked = was; }
    });
    var back = own().find(function (el) { return key(el) === focus; });
    if (back) {
      back.focus({ preventScroll: true });
      if (from != null) { back.setSelectionRange(from, to); }
    }
    window.scrollTo(x, y);
    soon();
  }

  form.addEventListener('compositionstart', function () { composing = true; });
  form.addEventListener('compositionend', function () { composing = false; });
  form.addEventListener('focusin', function (e) { if (texty(e.target)) { stay(); } });
  form.addEventListener('input', function () { soon(); stay(); });
  form.addEventListener('change', function (e) {
    soon();
    if (e.target.closest('[data-reload]')) {
      redraw = true;
      save();
    }
  });
  form.addEventListener('submit', function () { clearTimeout(timer); dirty = false; redraw = false; leaving = false; });
  // Leaving the page: what was typed in the last moment goes along without holding anybody up.
  window.addEventListener('pagehide', function () { if (dirty) { busy = false; save(); } });

  // F2: the next thing that is missing, round and round.
  function gaps() {
    var links = document.querySelectorAll('#errors a');
    if (links.length) { return Array.from(links, function (a) { return a.getAttribute('href').slice(1); }); }
    return Array.from(form.elements).filter(function (el) {
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
    var rows = Array.from(document.querySelectorAll('[data-marks] tbody tr'));
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
