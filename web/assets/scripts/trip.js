// 上门: one page, one thing at a time. Which view is shown, what is saved when, and when the tablet locks itself.
(function () {
  'use strict';
  var vault = window.tripVault, send = window.tripSend, page = window.tripForm;
  var IDLE_MS = 10 * 60 * 1000, SAVE_MS = 300;
  var trip = null, key = null, record = null, timer = null, saving = Promise.resolve(), touched = 0, urls = [], busy = false, items = [];

  function $(name) { return document.querySelector('[data-' + name + ']'); }
  function view(name) {
    document.querySelectorAll('[data-view]').forEach(function (one) { one.hidden = one.getAttribute('data-view') !== name; });
    $('lock').hidden = !key;
    var title = document.querySelector('[data-view="' + name + '"] h1');
    if (title) { title.focus({ preventScroll: true }); }
    window.scrollTo(0, 0);
  }
  function say(at, text, bad) { var to = $(at); to.textContent = text; to.classList.toggle('is-bad', !!bad); }
  function fault(text) { var at = $('fault'); at.textContent = text; at.hidden = !text; }
  function wrong(name, text) { var at = $(name); at.textContent = text; at.hidden = !text; }
  function line() { say('line', navigator.onLine ? '' : '没有网，照样填'); }

  // --- prepared at the station
  async function start() {
    view('start');
    say('start-note', '正在问盒子有哪些事项');
    $('sign-in').hidden = true;
    try {
      var ready = await send.ask('/trip/ready');
      items = ready.items;
      say('start-note', ready.clerk + '，选要带的事项。');
      listItems();
      $('start').hidden = false;
    } catch (why) {
      $('start').hidden = true;
      $('sign-in').hidden = why.name !== 'SignIn';
      say('start-note', why.name === 'SignIn' ? '先登录，才能带走东西。' : '连不上盒子。出门前的准备要在站里的无线网上做。');
    }
  }
  function listItems() {
    var box = $('items');
    box.querySelectorAll('label').forEach(function (label) { label.remove(); });
    say('chosen', '');
    items.forEach(function (one) {
      var input = page.el('input', { type: 'checkbox', name: 'item', value: one.code, autocomplete: 'off' });
      box.append(page.el('label', {}, input, page.el('span', {}, one.name + ' ', page.el('small', { 'class': 'muted' }, one.area))));
    });
  }
  function filter() {
    var words = document.getElementById('find').value.trim();
    $('items').querySelectorAll('label').forEach(function (label) {
      label.hidden = !!words && label.textContent.indexOf(words) < 0 && !label.querySelector('input').checked;
    });
  }
  function chosen() { return Array.from($('items').querySelectorAll('input:checked'), function (one) { return one.value; }); }
  // Nothing leaves before the page itself is kept on the tablet.
  async function kept() {
    if (!navigator.serviceWorker) { throw new Error('这个浏览器不能离开盒子用。请用新一点的浏览器。'); }
    await navigator.serviceWorker.register('/trip/sw.js', { scope: '/trip/' });
    await navigator.serviceWorker.ready;
    if (!(await caches.match('/trip/'))) { throw new Error('页面还没存进平板，请再点一次。'); }
    if (navigator.storage && navigator.storage.persist) { await navigator.storage.persist(); }
  }
  async function prepare() {
    say('chosen', '正在准备');
    try {
      await kept();
      var ready = await send.ask('/trip/ready');
      var told = await send.ask('/trip/start', send.form([['csrf', ready.csrf]].concat(chosen().map(function (code) { return ['item', code]; }))));
      key = await vault.begin(told);
      trip = await vault.trip();
      say('chosen', '');
      $('words').textContent = told.words;
      view('words');
    } catch (why) {
      if (why.name === 'SignIn') { start(); return; }
      say('chosen', why.name === 'Refused' ? why.told.message : why.name === 'Away' ? '连不上盒子，请再点一次。' : why.message);
    }
  }
  async function confirmed() {
    try {
      await vault.unlock(trip, document.getElementById('again').value);
    } catch (no) { wrong('confirm-error', '跟上面的不一样，请看着纸上的再打一遍。'); return; }
    wrong('confirm-error', '');
    $('words').textContent = '';
    document.getElementById('again').value = '';
    list();
  }

  // --- locked and open
  async function lock(why) {
    await save();
    key = null;
    record = null;
    forget();
    $('form').textContent = '';
    $('records').textContent = '';
    $('words').textContent = '';
    var count = await vault.count();
    say('lock-note', (why || '') + (count ? '平板上有 ' + count + ' 件还没送回，都锁着。' : '平板上没有没送的。'));
    view('lock');
  }
  async function unlock(how) {
    wrong('unlock-error', '');
    try {
      var tried = await how();
      var all = await vault.records(tried, trip.id);
      if (all.lost && !all.length) { throw new Error('none opens'); }
      key = tried;
    } catch (why) {
      wrong('unlock-error', why.name === 'SignIn' ? '还没登录，请先点“登录”。' : why.name === 'Away' ? '连不上盒子，请到站里再试。'
        : why.name === 'Refused' ? '盒子里没有这台平板的钥匙了，只能用口令。' : '口令不对，请照着纸上的再打一遍。');
      return;
    }
    document.getElementById('open').value = '';
    list();
  }
  async function byBox() {
    var ready = await send.ask('/trip/ready');
    return vault.byBox((await send.ask('/trip/' + trip.id + '/key', send.form([['csrf', ready.csrf]]))).key);
  }

  // --- what the tablet holds
  var STATES = { typed: '', sending: '送到一半，再送一次就知道', held: '盒子已保存，照片还没送完' };
  async function list() {
    record = null;
    forget();
    var all = await vault.records(key, trip.id), rows = $('records'), fresh = $('new');
    say('count', String(all.length));
    say('list-note', all.lost ? '另有 ' + all.lost + ' 件读不出来：平板可能坏了，先别清空，请找工程师。' : '', all.lost > 0);
    rows.textContent = '';
    all.forEach(function (one) {
      var item = packed(one.said), name = one.said.fields['0/name'] || '还没填姓名';
      var button = page.el('button', { type: 'button' }, (item ? item.name : '') + '　' + name);
      button.addEventListener('click', function () { edit(one); });
      rows.append(page.el('li', {}, button, page.el('span', { 'class': 'sub' }, STATES[one.state] || '')));
    });
    fresh.textContent = '';
    trip.items.forEach(function (item) {
      var button = page.el('button', { type: 'button', 'class': 'btn btn--l' }, item.name);
      button.addEventListener('click', function () { begin(item); });
      fresh.append(button);
    });
    $('end-box').hidden = all.length > 0 || all.lost > 0;
    view('list');
  }
  function packed(said) { return trip.items.find(function (one) { return one.code === said.item; }); }
  function today() {
    var now = new Date();
    return now.getFullYear() + '-' + ('0' + (now.getMonth() + 1)).slice(-2) + '-' + ('0' + now.getDate()).slice(-2);
  }
  async function begin(item) {
    if (busy) { return; }
    busy = true;
    var one = { id: vault.hex(vault.random(16)), trip: trip.id, state: 'typed', said: { item: item.code, version: item.version, day: today(), made: Date.now(), fields: {} } };
    try { await vault.putRecord(key, one); } finally { busy = false; }
    edit(one);
  }
  async function edit(one) {
    record = one;
    var item = packed(one.said), still = one.state === 'typed';
    $('title').textContent = item.name;
    drawn();
    if (!still) { Array.from($('form').elements).forEach(function (input) { input.disabled = true; }); }
    say('saved', still ? '填了就存在平板上，锁着' : STATES[one.state] + '。送完以前不能改。', !still);
    view('form');
    await shots();
  }
  function drawn() {
    page.draw($('form'), packed(record.said), record.said.fields, function () { page.read($('form'), record.said.fields); drawn(); shots(); });
  }
  function soon() {
    say('saved', '正在存');
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_MS);
  }
  // One after another, and what was typed last is what is kept.
  function save() {
    clearTimeout(timer);
    var one = record, with_ = key;
    if (!one || !with_ || one.state !== 'typed') { return saving; }
    page.read($('form'), one.said.fields);
    var now = JSON.parse(JSON.stringify(one));
    saving = saving.then(function () { return vault.putRecord(with_, now); }).then(function () {
      if (record === one) { say('saved', '已存在平板上，锁着'); }
    }, function () { say('saved', '没有存上：平板可能满了。请腾出地方，别关这一页。', true); });
    return saving;
  }

  // --- photos
  function forget() { urls.splice(0).forEach(function (url) { URL.revokeObjectURL(url); }); }
  async function shots() {
    forget();
    var one = record, places = $('form').querySelectorAll('[data-shots]');
    for (var sealed of await vault.photos(one.id)) {
      var photo = await vault.openPhoto(key, sealed), at = Array.from(places).find(function (place) { return place.getAttribute('data-shots') === photo.of; });
      if (record !== one || !at) { continue; }
      at.append(figure(photo, one));
    }
  }
  function figure(photo, one) {
    var url = URL.createObjectURL(photo.thumb), name = packed(one.said).materials.find(function (m) { return m.id === photo.of; }).name;
    urls.push(url);
    var drop = page.el('button', { type: 'button', 'class': 'btn' }, '去掉');
    drop.setAttribute('aria-label', '去掉' + name + '的这张照片');
    var all = page.el('figure', {}, page.el('img', { src: url, alt: name + '的照片' }), one.state === 'typed' ? drop : null);
    drop.addEventListener('click', async function () { await vault.dropPhoto(photo.id); all.remove(); });
    return all;
  }
  async function take(of, file) {
    var one = record;
    if (!one || one.state !== 'typed') { return; }
    say('saved', '正在缩小、锁上照片');
    try {
      var sizes = await window.photoSizes(file);
      await vault.putPhoto(key, one.id, of, sizes.photo, sizes.thumb);
      say('saved', '照片已存在平板上，锁着');
    } catch (why) { say('saved', why.message || '照片没有存上，请再拍一次。', true); }
    if (record === one) { document.querySelectorAll('[data-shots]').forEach(function (at) { at.textContent = ''; }); await shots(); }
  }

  // --- back at the station
  async function sendAll() {
    if (busy) { return; }
    busy = true;
    $('list-sign-in').hidden = true;
    say('send-note', '正在送，别关这一页');
    try {
      var done = await send.all(key, trip, function (at, of) { say('send-note', '正在送第 ' + (at + 1) + ' 件，共 ' + of + ' 件'); });
      await list();
      var left = done.refused.map(function (one) { return (one.record.said.fields['0/name'] || packed(one.record.said).name) + '：' + one.why; });
      say('send-note', '盒子已保存 ' + done.gone + ' 件。' + left.join('　'), left.length > 0);
    } catch (why) {
      if (key) { await list(); }
      $('list-sign-in').hidden = why.name !== 'SignIn';
      say('send-note', why.name === 'SignIn' ? '登录过期了，请先登录，再送一次。填过的都在平板上。' : '连不上盒子。没送完的都还在平板上，到站里再点一次。', true);
    }
    busy = false;
  }
  async function end() {
    try {
      await send.end(trip);
      await vault.end();
      trip = key = null;
      view('done');
    } catch (why) {
      $('list-sign-in').hidden = why.name !== 'SignIn';
      say('send-note', why.name === 'SignIn' ? '请先登录，再点结束。' : '连不上盒子，回站里再点结束。', true);
    }
  }

  // --- wiring
  // A second tap while the first one is at work does nothing: it would prepare or end twice.
  function on(name, event, work) {
    var at = false;
    $(name).addEventListener(event, function (e) {
      e.preventDefault();
      if (at) { return; }
      at = true;
      Promise.resolve(work(e)).catch(function () { fault('出了点问题，填过的都还在平板上。请关掉这一页再打开。'); }).then(function () { at = false; });
    });
  }
  function wire() {
    document.getElementById('find').addEventListener('input', filter);
    $('items').addEventListener('change', function () { say('chosen', '选了 ' + chosen().length + ' 个'); });
    on('start', 'submit', prepare);
    on('confirm', 'submit', confirmed);
    on('unlock', 'submit', function () { return unlock(function () { return vault.unlock(trip, document.getElementById('open').value); }); });
    on('by-box', 'click', function () { return unlock(byBox); });
    on('lock', 'click', function () { return lock(''); });
    on('back', 'click', async function () { await save(); await list(); });
    on('drop', 'click', async function () { var gone = record; record = null; await saving; await vault.drop(gone.id); await list(); });
    on('send', 'click', sendAll);
    on('end', 'click', end);
    on('new-trip', 'click', start);
    $('form').addEventListener('submit', function (e) { e.preventDefault(); });
    $('form').addEventListener('input', function (e) { if (e.target.type !== 'file') { soon(); } });
    $('form').addEventListener('change', function (e) {
      var at = e.target.closest('[data-photo-of]');
      if (e.target.type === 'file' && at && e.target.files[0]) { take(at.getAttribute('data-photo-of'), e.target.files[0]); e.target.value = ''; }
    });
    document.addEventListener('photo-taken', function (e) { take(e.detail.of, e.detail.file); });
    document.addEventListener('visibilitychange', function () { if (document.hidden) { save(); } else { idle(); } });
    window.addEventListener('pagehide', save);
    window.addEventListener('online', line);
    window.addEventListener('offline', line);
    ['keydown', 'pointerdown'].forEach(function (name) { document.addEventListener(name, function () { idle(); touched = Date.now(); }, true); });
    setInterval(idle, 15000);
    line();
  }
  // Left lying open for ten minutes it locks itself, also when it slept meanwhile.
  function idle() {
    if (key && !busy && touched && Date.now() - touched > IDLE_MS) { touched = Date.now(); lock('十分钟没人动，锁上了。'); }
  }
  // One window: two would write over each other.
  function alone() {
    if (!navigator.locks) { return Promise.resolve(true); }
    return new Promise(function (done) {
      navigator.locks.request('bianmin-trip', { ifAvailable: true }, function (held) {
        done(!!held);
        return held ? new Promise(function () { return undefined; }) : null;
      });
    });
  }
  async function open() {
    if (!window.isSecureContext || !vault.able) {
      fault('这个网址存不住东西：请用标签上印的 https 网址打开。');
      return;
    }
    if (!(await alone())) {
      fault('上门页已经在另一个窗口开着。请用那一个，把这个关掉。');
      return;
    }
    wire();
    touched = Date.now();
    trip = await vault.trip();
    if (trip) { await lock(''); } else { await start(); }
  }
  open().catch(function () { fault('平板上存东西的地方打不开。请重新打开浏览器再试。'); });
}());
