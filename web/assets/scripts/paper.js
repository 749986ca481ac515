// The paper page: print from the button, go back with Escape.
(function () {
  'use strict';
  var button = document.querySelector('[data-print-button]');
  if (button) { button.addEventListener('click', function () { window.print(); }); }
  document.addEventListener('keydown', function (e) {
    if (e.key === 'Escape') { var back = document.querySelector('.paper__bar a'); if (back) { location.href = back.href; } }
  });
  if (document.body.getAttribute('data-print') === 'now') { window.addEventListener('load', function () { window.print(); }); }
}());
