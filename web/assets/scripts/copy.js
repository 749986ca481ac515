// 对照录入: one key copies the next field and moves on. Without scripts every field is an input to be copied by hand.
// Written for Chromium 86.
(function () {
  'use strict';
  var fields = Array.from(document.querySelectorAll('[data-copy]'));
  var next = document.querySelector('[data-copy-next]');
  var back = document.querySelector('[data-copy-back]');
  var said = document.querySelector('[data-copy-said]');
  if (!next || !back || !said || !fields.length) { return; }
  var at = 0;
  function label(place) { return document.querySelector('label[for="' + fields[place].id + '"]').textContent; }
  function row(place) { return fields[place].parentNode; }
  function mark() {
    fields.forEach(function (field, place) {
      row(place).classList.toggle('is-on', place === at);
      row(place).classList.toggle('is-done', place < at);
    });
    if (at < fields.length) { row(at).scrollIntoView({ block: 'nearest' }); }
  }
  // The older way works where the clipboard is closed to scripts.
  function selected(field) {
    var held = document.activeElement;
    field.focus({ preventScroll: true });
    field.select();
    var done = document.execCommand('copy');
    if (held && held.focus) { held.focus({ preventScroll: true }); }
    return done;
  }
  function copy(field) {
    if (selected(field)) { return Promise.resolve(); }
    return navigator.clipboard ? navigator.clipboard.writeText(field.value) : Promise.reject(new Error('closed'));
  }
  function move() {
    if (at >= fields.length) { return; }
    var place = at;
    copy(fields[place]).then(function () {
      at = place + 1;
      mark();
      if (at < fields.length) {
        said.textContent = '抄好了：' + label(place) + '。下一栏：' + label(at);
      } else {
        said.textContent = fields.length + ' 栏都抄完了，写下那边的编号。';
        next.disabled = true;
        var number = document.getElementById('number');
        if (number) { number.focus(); }
      }
    }).catch(function () { said.textContent = '抄不了，请点一下这一栏，按 Ctrl+C。'; });
  }
  next.hidden = false;
  back.hidden = false;
  next.addEventListener('click', move);
  back.addEventListener('click', function () {
    if (at > 0) { at -= 1; }
    next.disabled = false;
    mark();
    said.textContent = '下一栏：' + label(at);
    next.focus();
  });
  fields.forEach(function (field, place) {
    field.addEventListener('click', function () { at = place; mark(); field.select(); });
  });
  said.textContent = '第一栏：' + label(0);
  mark();
  next.focus({ preventScroll: true });
}());
