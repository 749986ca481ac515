// Shortcuts of every staff page. Written for Chromium 86; the pages do everything without it.
(function () {
  'use strict';
  function typing(el) {
    return el && (el.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName) &&
      !/^(checkbox|radio|button|submit)$/.test(el.type));
  }
  function press(el) {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(submit|button|checkbox|radio)$/.test(el.type)) { el.focus(); if (el.select) { el.select(); } }
    else { el.click(); }
  }
  function name(e) {
    var key = e.key.toLowerCase();
    return (e.ctrlKey ? 'ctrl+' : '') + (e.altKey ? 'alt+' : '') + key;
  }
  var single = true;
  try { single = localStorage.getItem('single-keys') !== 'off'; } catch (e) { single = true; }

  // Who is disturbed by keys of one letter turns them off on this browser.
  var turn = document.querySelector('[data-single-keys]');
  function tell() { turn.textContent = single ? '关掉单字母快捷键' : '打开单字母快捷键'; }
  if (turn) {
    turn.hidden = false;
    tell();
    turn.addEventListener('click', function () {
      single = !single;
      try { localStorage.setItem('single-keys', single ? 'on' : 'off'); } catch (e) { /* for this page at least */ }
      tell();
    });
  }

  // J and K walk the list; Enter opens what is marked.
  function rows() {
    var list = document.querySelector('[data-list]');
    return list ? Array.from(list.querySelectorAll('tbody tr, li')) : [];
  }
  function walk(step) {
    var all = rows();
    if (!all.length) { return; }
    var at = all.findIndex(function (r) { return r.classList.contains('is-on'); });
    var to = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
    all.forEach(function (r) { r.classList.remove('is-on'); });
    all[to].classList.add('is-on');
    var link = all[to].querySelector('[data-open]');
    if (link) {
      link.focus();
      if (link.hasAttribute('data-follow') && to !== at) { link.click(); }
    }
  }

  document.addEventListener('keydown', function (e) {
    if (e.isComposing || e.defaultPrevented || e.metaKey) { return; }
    var key = name(e);
    var bare = key.length === 1;
    if (bare && (typing(document.activeElement) || !single)) { return; }
    var target = document.querySelector('[data-key="' + (window.CSS && CSS.escape ? CSS.escape(key) : key) + '"]');
    if (target && !target.disabled) { e.preventDefault(); press(target); return; }
    if (typing(document.activeElement)) { return; }
    if (single && (key === 'j' || key === 'arrowdown')) { e.preventDefault(); walk(1); }
    else if (single && (key === 'k' || key === 'arrowup')) { e.preventDefault(); walk(-1); }
  });

  // A page that came back with errors starts at their summary.
  var errors = document.getElementById('errors');
  if (errors && errors.getAttribute('data-focus') !== 'no') { errors.focus(); }

  // A page that is one form starts in its first field.
  var start = !errors && document.querySelector('form[data-start]');
  var first = start && start.querySelector('.input, .select, input[type=checkbox], input[type=radio]');
  if (first && first.type === 'radio') { first = start.querySelector('input[type=radio]:checked') || first; }
  if (first && document.activeElement === document.body) { first.focus(); }

  // Words that are often the reason: put behind what stands there already.
  Array.from(document.querySelectorAll('[data-often]')).forEach(function (box) {
    var field = document.getElementById(box.getAttribute('data-often'));
    if (!field) { return; }
    box.hidden = false;
    box.addEventListener('click', function (e) {
      if (e.target.tagName !== 'BUTTON') { return; }
      var stands = field.value.trim();
      field.value = stands + (stands && !/[，。；、：]$/.test(stands) ? '，' : '') + e.target.textContent;
      field.focus();
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
  });

  // One press is one act: a second press of the same button is ignored while the first is on its way.
  document.addEventListener('submit', function (e) {
    var form = e.target;
    if (form.getAttribute('data-sent')) { e.preventDefault(); return; }
    form.setAttribute('data-sent', '1');
    setTimeout(function () { form.removeAttribute('data-sent'); }, 4000);
  });
  window.addEventListener('pageshow', function () {
    Array.prototype.forEach.call(document.forms, function (f) { f.removeAttribute('data-sent'); });
  });
}());
