// A resident's page goes back to its start when nobody has touched it for a minute, and what was typed is gone. Ten seconds
// before, it says so; any touch or key keeps it.
(function () {
  'use strict';
  var IDLE_MS = 60000, WARN_MS = 10000;
  var start = document.body.getAttribute('data-home');
  if (!start) { return; }
  var said = document.querySelector('[data-idle]'), since = Date.now(), home = document.body.hasAttribute('data-at-home');

  function typed() {
    return Array.from(document.querySelectorAll('input')).some(function (one) { return one.type !== 'hidden' && one.value; });
  }
  function stay() { since = Date.now(); said.hidden = true; }
  function look() {
    var left = IDLE_MS - (Date.now() - since);
    if (home && !typed()) { since = Date.now(); return; }
    if (left <= 0) {
      Array.from(document.querySelectorAll('input')).forEach(function (one) { if (one.type !== 'hidden') { one.value = ''; } });
      window.location.replace(start);
      since = Date.now();
      return;
    }
    said.hidden = left > WARN_MS;
  }
  ['pointerdown', 'keydown', 'input', 'scroll', 'touchstart'].forEach(function (name) { document.addEventListener(name, stay, { capture: true, passive: true }); });
  setInterval(look, 1000);
  // a phone that slept meanwhile, or a page that was gone back to
  document.addEventListener('visibilitychange', function () { if (!document.hidden) { look(); } });
  window.addEventListener('pageshow', function (e) { if (e.persisted) { window.location.replace(start); } });
}());
