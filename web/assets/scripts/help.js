// An open thread looks for new lines while its page is in sight. Without this the link beside the heading does the same.
(function () {
  'use strict';
  var at = document.querySelector('[data-help]'), told = document.querySelector('[data-help-told]');
  if (!at || !window.fetch) { return; }
  var EVERY = 3000, SLOWEST = 30000, wait = EVERY, timer = 0;
  function next() { clearTimeout(timer); timer = setTimeout(look, wait); }
  // a form of the lines that holds the focus is not taken away under the clerk's hands
  function busy() { return at.contains(document.activeElement); }
  function look() {
    if (document.hidden || busy()) { next(); return; }
    var url = at.getAttribute('data-help') + '?seen=' + at.getAttribute('data-seen');
    fetch(url, { credentials: 'same-origin', cache: 'no-store' }).then(function (answer) {
      wait = EVERY;
      if (answer.status === 205) { window.location.reload(); return null; }
      if (answer.status !== 200 || answer.redirected) { return null; }
      return answer.text().then(function (lines) {
        if (busy()) { return; }
        var before = at.querySelectorAll('ol > li').length;
        at.innerHTML = lines;
        at.setAttribute('data-seen', answer.headers.get('x-seen') || '');
        if (told && at.querySelectorAll('ol > li').length > before) { told.textContent = '有新的回话'; }
      });
    }).catch(function () { wait = Math.min(wait * 2, SLOWEST); }).then(next);
  }
  document.addEventListener('visibilitychange', function () { if (!document.hidden) { wait = EVERY; look(); } });
  next();
}());
