// A card reader that types: a burst of keys faster than any hand, ended by Enter, in a field of who applies. It is read as a
// whole and put into the fields it belongs to; what was typed by hand is never touched.
(function () {
  'use strict';
  var form = document.getElementById('intake');
  if (!form) { return; }
  var FAST_MS = 40, FEWEST = 2, END_MS = 120;
  var keys = [], field = null, before = '', timer = null;

  function check(id) {
    if (!/^\d{17}[\dX]$/.test(id)) { return false; }
    var sum = 0;
    for (var at = 0; at < 17; at += 1) { sum += Number(id[at]) * (Math.pow(2, 17 - at) % 11); }
    return '10X98765432'[sum % 11] === id[17];
  }
  function born(id) {
    var year = Number(id.slice(6, 10)), month = Number(id.slice(10, 12)), day = Number(id.slice(12, 14)), date = new Date(year, month - 1, day);
    return date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day && date <= new Date();
  }
  // Parts between the separators that vendors use. The number tells itself; a name has 2 to 25 Chinese characters and comes
  // first; an address is the long one.
  function read(text) {
    var parts = last(text.split(/[\t,，;；|\n\r#^]+/).map(function (part) { return part.replace(/^[^:：]{1,8}[:：]/, '').trim(); }).filter(Boolean));
    var card = { id: '', name: '', address: '' };
    parts.forEach(function (part) {
      var bare = part.toUpperCase().replace(/[\s-]/g, '');
      if (!card.id && /^\d{17}[\dX]$/.test(bare)) { card.id = bare; }
      else if (!card.name && /^[\u3400-\u9fff\ud840-\ud8ff\udc00-\udfff·•]{2,50}$/.test(part) && !/^(男|女|.{0,6}族)$/.test(part) && !/(省|市|县|区|镇|乡|村|公安局|分局)/.test(part)) { card.name = part; }
      else if (!card.address && part.length >= 6 && /(省|市|县|区|镇|乡|村|街|路|号|组)/.test(part) && !/公安|分局$/.test(part)) { card.address = part; }
    });
    return card.id ? card : null;
  }
  // Two cards read one right after the other come as one burst: the last one lies on the reader, so it is the one. A card that
  // begins with its number begins there; else behind the number, and the address, of the card before.
  function isId(part) { return /^\d{17}[\dX]$/.test(part.toUpperCase().replace(/[\s-]/g, '')); }
  function last(parts) {
    var ids = parts.map(function (part, at) { return isId(part) ? at : -1; }).filter(function (at) { return at >= 0; });
    if (ids.length < 2) { return parts; }
    var each = ids[1] - ids[0], lead = ids[0];
    return parts.slice(ids[ids.length - 1] - Math.min(lead, each - 1));
  }
  function put(name, value) {
    var el = form.querySelector('[name="' + name + '"]:not([type=hidden])');
    if (!el || !value) { return false; }
    el.value = value.slice(0, el.maxLength > 0 ? el.maxLength : value.length);
    el.dispatchEvent(new Event('input', { bubbles: true }));
    return true;
  }
  function tell(good, text) {
    var head = document.querySelector('#who .panel__head'), at = document.querySelector('[data-reader]');
    if (!head) { return; }
    if (!at) { at = document.createElement('span'); at.setAttribute('data-reader', ''); at.setAttribute('role', 'status'); head.appendChild(at); }
    at.className = 'tag tag--reader ' + (good ? 'tag--green' : 'tag--red');
    at.textContent = text;
  }
  function person() { return field && field.name.charAt(0) === '1' ? '1' : '0'; }
  function take(text) {
    var card = read(text);
    if (!card) { return false; }
    var who = person(), kept = field;
    field.value = before;
    kept.dispatchEvent(new Event('input', { bubbles: true }));
    if (!check(card.id) || !born(card.id)) { tell(false, '读卡器读入的证件号码不对，请再读一次'); return true; }
    put(who + '/name', card.name);
    put(who + '/id_number', card.id);
    put(who + '/address', card.address);
    tell(true, '读卡器读入，校验位正确');
    var next = form.querySelector('[name="' + who + '/phone"]');
    if (next) { next.focus(); }
    return true;
  }
  function forget() { keys = []; clearTimeout(timer); timer = null; }
  function end() { var all = text(); forget(); take(all); }
  function wait() { clearTimeout(timer); timer = setTimeout(end, END_MS); }
  function watched(el) { return el.tagName === 'INPUT' && /^[01]\/(name|id_number|address|phone)$/.test(el.name); }
  function burst(gap) { return keys.length >= FEWEST && gap <= FAST_MS && keys.every(function (key) { return key.gap <= FAST_MS; }); }
  function text() { return keys.map(function (key) { return key.text; }).join(''); }

  form.addEventListener('keydown', function (e) {
    var el = e.target;
    if (!watched(el) || e.ctrlKey || e.altKey || e.metaKey) { return; }
    var now = e.timeStamp, lastly = keys.length ? keys[keys.length - 1].at : 0, gap = keys.length ? now - lastly : 0;
    // The next card, read before this one was seen to have ended: this one is, and the key goes where the focus now is.
    if (timer && field === el && gap > FAST_MS && keys[keys.length - 1].text === '\n') {
      end();
      el = document.activeElement;
      if (!watched(el)) { return; }
      field = el;
      before = el.value;
      gap = 0;
    }
    if (field !== el || gap > END_MS) { forget(); gap = 0; field = el; before = el.value; }
    // Enter and Tab inside a burst are the reader's: between its parts or at its end, never a form sent or a field left.
    if (e.key === 'Enter' || e.key === 'Tab') {
      if (!burst(gap)) { forget(); return; }
      e.preventDefault();
      e.stopPropagation();
      keys.push({ text: '\n', at: now, gap: gap });
      wait();
      return;
    }
    if (e.key === 'Process' || e.isComposing || e.key.length > 2) { return; }
    keys.push({ text: e.key, at: now, gap: gap });
    // a reader that goes on after an Enter has not ended: half a burst must not be taken for a card
    if (timer) { wait(); }
  }, true);
}());
