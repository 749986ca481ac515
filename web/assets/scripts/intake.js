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

  // A text that does not fit, or that another window changed too, is told beside its field; it stays on the page, and
  // the rest is saved.
  function tell(wrong) {
    document.querySelectorAll('[data-live-error]').forEach(function (p) { p.remove(); });
    Object.keys(held).map(function (name) { return { field: name, message: held[name] }; }).concat(wrong || []).forEach(function (one) {
      var el = document.getElementById(one.field);
      var near = el && el.closest('.field, td');
      if (!near || !one.message || document.getElementById(one.field + '-e')) { return; }
      var p = document.createElement('p');
      p.className = 'field__error';
      p.setAttribute('data-live-error', '');
      p.setAttribute('role', 'alert');
      p.textContent = one.message;
      near.appendChild(p);
    });
  }

  // Only what was changed here is sent, so that two windows of one draft do not take back each other's fields. Kept
  // apart are: what the fields held when they were last as the box has them (was), what the box says the page was drawn
  // with (base; * while our own save is under way), and fields that show what is not saved and wait for the clerk (held).
  var base = {}, was = {}, held = {};
  function own() {
    return Array.from(form.elements).filter(function (el) { return el.name && !/^(hidden|submit|button)$/.test(el.type); });
  }
  function ticked(el) { return /^(radio|checkbox)$/.test(el.type); }
  function key(el) { return ticked(el) ? el.name + '=' + el.value : el.name; }
  function drawn(el) {
    if (ticked(el)) { return el.defaultChecked; }
    if (el.tagName !== 'SELECT') { return el.defaultValue; }
    var all = Array.from(el.options), one = all.find(function (o) { return o.defaultSelected; }) || all[0];
    return one ? one.value : '';
  }
  function now(el) { return ticked(el) ? el.checked : el.value; }
  function shot(read) { var all = {}; own().forEach(function (el) { all[key(el)] = read(el); }); return all; }
  function changed() {
    var names = {};
    own().forEach(function (el) { if (now(el) !== was[key(el)]) { names[el.name] = true; } });
    return names;
  }
  function read(text) {
    var all = {};
    (text || '').split(' ').forEach(function (part) { var at = part.lastIndexOf(':'); if (at > 0) { all[part.slice(0, at)] = part.slice(at + 1); } });
    return all;
  }
  function note() {
    var box = form.querySelector('[name=drawn]');
    if (box) { box.value = Object.keys(base).map(function (name) { return name + ':' + base[name]; }).join(' '); }
    return box ? box.value : '';
  }
  function learn() {
    var box = form.querySelector('[name=drawn]');
    base = read(box && box.defaultValue);
    was = shot(drawn);
  }
  learn();
  note();
  vouchers();
  (form.getAttribute('data-held') || '').split(' ').forEach(function (name) {
    var told = document.getElementById(name + '-e');
    if (name) { held[name] = told ? told.textContent : ''; }
  });

  // What the box said about what was sent.
  function took(names, sent, told) {
    var wrong = {}, stands = read(told.drawn);
    (told.wrong || []).forEach(function (one) { wrong[one.field] = true; });
    Object.keys(names).forEach(function (name) {
      delete held[name];
      if (stands[name]) { base[name] = stands[name]; } else { delete base[name]; }
    });
    own().forEach(function (el) { if (names[el.name] && !wrong[el.name]) { was[key(el)] = sent[key(el)]; } });
    (told.clash || []).forEach(function (one) { held[one.field] = one.message; });
    note();
  }

  function save() {
    if (busy) { again = true; return; }
    busy = true;
    dirty = false;
    clearTimeout(timer);
    var names = changed(), sent = shot(now), pairs = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (name === 'csrf' || names[name]) { pairs.append(name, value); } });
    pairs.append('drawn', note());
    Object.keys(names).forEach(function (name) { base[name] = '*'; });
    note();
    var body = pairs.toString(), good = false, whole = false;
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
      took(names, sent, told);
      whole = !(told.wrong || []).length && !Object.keys(held).length;
      redraw = redraw || told.moved;
      say((told.clash || []).length ? '有一栏在另一个窗口里改过，请看一下' : told.saved);
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
  function swap(page) {
    var kept = shot(now), names = changed(), bases = base, on = document.activeElement, from = null, to = null;
    var focus = on && form.contains(on) ? (on.name ? key(on) : '') : '';
    if (focus) { from = on.selectionStart; to = on.selectionEnd; }
    var x = window.pageXOffset, y = window.pageYOffset;
    form.innerHTML = page.getElementById('intake').innerHTML;
    learn();
    Object.keys(names).forEach(function (name) { if (bases[name]) { base[name] = bases[name]; } else { delete base[name]; } });
    own().forEach(function (el) {
      var it = kept[key(el)];
      if (it === undefined || !(names[el.name] || el.name in held)) { return; }
      if (!ticked(el)) { el.value = it; } else if (el.type === 'checkbox' || it) { el.checked = it; }
      if (!names[el.name]) { was[key(el)] = it; }
    });
    note();
    tell();
    vouchers();
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
  // How a paper that is done without is vouched for: asked once somebody ticks that, and out of the way otherwise.
  function vouch(row) {
    var how = row.querySelector('[data-how]'), exempt = row.querySelector('input[name^="m/"][value=exempt]'), on = !!exempt && exempt.checked;
    if (how) { how.hidden = !on; how.open = on; }
    return how || !on;
  }
  function vouchers() { Array.from(form.querySelectorAll('[data-exempts]')).forEach(vouch); }
  form.addEventListener('change', function (e) {
    soon();
    var row = e.target.closest('[data-exempts]');
    if (row && !vouch(row)) { redraw = true; save(); }
    if (e.target.closest('[data-reload]')) {
      redraw = true;
      save();
    }
  });
  form.addEventListener('submit', function () { clearTimeout(timer); dirty = false; redraw = false; leaving = false; });
  // Coming back to this window: what another one saved meanwhile is shown.
  document.addEventListener('visibilitychange', function () { if (!document.hidden && !busy) { save(); } });
  // Leaving the page: what was typed in the last moment goes along without holding anybody up.
  window.addEventListener('pagehide', function () { if (dirty) { busy = false; save(); } });

  // F2: the next thing that is missing, round and round.
  function gaps() {
    var links = document.querySelectorAll('#errors a');
    if (links.length) { return Array.from(links, function (a) { return a.getAttribute('href').slice(1); }); }
    var asked = {};
    return Array.from(form.elements).filter(function (el) {
      if (el.type === 'radio') {
        var again = asked[el.name];
        asked[el.name] = true;
        return !again && !form.querySelector('input[name="' + el.name + '"]:checked');
      }
      return /^(text|textarea|select-one)$/.test(el.type) && !el.value && el.offsetParent && !el.hasAttribute('data-optional');
    }).map(function (el) { return el.id; });
  }
  // From where the clerk is, downwards: what was filled in meanwhile makes the list shorter, and nothing is jumped over.
  var led = null, stood = null;
  function next() {
    var all = gaps().map(function (id) { return document.getElementById(id); }).filter(Boolean);
    var from = led && document.activeElement === stood ? led : document.activeElement;
    var el = all.find(function (one) { return one !== from && from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING; }) || all[0];
    if (!el) { return; }
    el.focus();
    el.scrollIntoView({ block: 'center' });
    led = el;
    stood = document.activeElement;
  }
  var button = document.querySelector('[data-next-gap]');
  if (button) { button.addEventListener('click', function (e) { e.preventDefault(); next(); }); }

  // In the lists of papers and rules: arrows move by row, Space is good, X is not.
  function answer(row, value) {
    var box = row.querySelector('input[value="' + value + '"]') || row.querySelector('input[value="' + (value === 'ok' ? 'pass' : 'fail') + '"]');
    if (box && !box.checked) { box.checked = true; box.dispatchEvent(new Event('change', { bubbles: true })); }
    if (box) { box.focus(); }
  }
  // Rows that the page answers itself, and how a paper is vouched for, have nothing to be marked.
  function marks(row) { return Array.from(row.querySelectorAll('input')).filter(function (el) { return !el.closest('[data-how]'); }); }
  function move(row, step) {
    var rows = Array.from(document.querySelectorAll('[data-marks] tbody tr')), at = rows.indexOf(row) + step;
    while (rows[at] && !marks(rows[at]).length) { at += step; }
    var to = rows[at] && marks(rows[at]), box = to && (to.find(function (el) { return el.checked; }) || to[0]);
    if (box) { box.focus(); box.scrollIntoView({ block: 'nearest' }); }
  }
  // A figure picks the answer of that place, wherever a few stand in a row.
  function pick(e) {
    var el = e.target, place = Number(e.key);
    if (el.type !== 'radio' || !(place >= 1 && place <= 9) || e.ctrlKey || e.altKey || e.metaKey) { return false; }
    var to = form.querySelectorAll('input[type=radio][name="' + el.name + '"]')[place - 1];
    if (!to) { return false; }
    to.focus();
    if (!to.checked) { to.checked = true; to.dispatchEvent(new Event('change', { bubbles: true })); }
    return true;
  }
  document.addEventListener('keydown', function (e) {
    if (e.key === 'F2') { e.preventDefault(); next(); return; }
    if (pick(e)) { e.preventDefault(); return; }
    var row = e.target.closest && e.target.closest('[data-marks] tr');
    if (!row || e.ctrlKey || e.altKey || e.metaKey) { return; }
    if (e.key === 'ArrowDown') { e.preventDefault(); move(row, 1); }
    else if (e.key === 'ArrowUp') { e.preventDefault(); move(row, -1); }
    else if (e.key === ' ' && e.target.tagName !== 'BUTTON') { e.preventDefault(); answer(row, 'ok'); move(row, 1); }
    else if (e.key === 'x' || e.key === 'X') { e.preventDefault(); answer(row, 'bad'); }
  }, true);

  // A page that was drawn again goes on where the clerk was; a new one starts at what is missing first. Only the name
  // of the field is kept, never what stands in it.
  var place = 'at ' + form.getAttribute('data-draft');
  form.addEventListener('focusin', function (e) {
    if (!e.target.name) { return; }
    try { sessionStorage.setItem(place, key(e.target)); } catch (fault) { return; }
  });
  function start() {
    var last = null, said = form.querySelector('[data-said]');
    // what a press came to is at the top, out of sight of who pressed
    if (said) { said.focus(); return; }
    try { last = sessionStorage.getItem(place); } catch (fault) { last = null; }
    var el = own().find(function (one) { return key(one) === last; });
    if (el) { el.focus(); return; }
    var first = document.getElementById(gaps()[0]);
    if (first) { first.focus({ preventScroll: true }); }
  }
  // How long one talks by now, for the clerk's eye; this tab alone remembers when it began.
  var since = 'since ' + place, began = Date.now();
  try {
    began = Number(sessionStorage.getItem(since)) || began;
    sessionStorage.setItem(since, began);
  } catch (fault) { /* from now on, then */ }
  function talked() {
    var at = document.querySelector('[data-talked]'), minutes = Math.floor((Date.now() - began) / 60000);
    if (at && minutes && minutes < 120) { at.textContent = '，已谈 ' + minutes + ' 分钟'; }
  }
  setInterval(talked, 5000);

  if (!document.getElementById('errors') && !window.location.hash && document.activeElement === document.body) { start(); }
}());
