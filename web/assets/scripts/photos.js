// Photos: chosen, dropped, pasted or taken by a camera; turned the right way up, reduced to 300 KB, sent one after another.
// The canvas keeps pixels only: where, when and with what a photo was taken is gone. Without this the form's button sends
// the file as it is.
(function () {
  'use strict';
  if (!window.fetch || !window.FormData || !HTMLCanvasElement.prototype.toBlob) { return; }
  var MOST = 300 * 1024, EDGES = [1600, 1280, 1024, 800], QUALITIES = [0.85, 0.75, 0.65, 0.5], SMALL = 160, LARGEST = 60 * 1024 * 1024;
  // A page that keeps photos itself, away from the box, asks for the two sizes of one.
  window.photoSizes = function (file) {
    if (file.size > LARGEST) { return Promise.reject(new Error('文件太大，不像照片。请换一个。')); }
    return load(file).then(function (image) {
      return reduce(image, 0).then(function (photo) {
        return pack(draw(image, SMALL, 0), 0.7).then(function (thumb) { return { photo: photo, thumb: thumb }; });
      });
    });
  };
  var all = document.querySelector('[data-photos]');
  if (!all) { return; }
  var to = all.getAttribute('data-photos'), csrf = all.getAttribute('data-csrf');
  var queue = [], busy = false;

  function say(text, bad) {
    var at = document.querySelector('[data-photo-note]');
    if (at) { at.textContent = text; at.classList.toggle('is-bad', !!bad); }
  }
  function place(of) { return document.querySelector('[data-photo-of="' + of + '"]'); }

  function load(source) {
    return new Promise(function (done, fail) {
      var image = new Image(), url = URL.createObjectURL(source);
      image.onload = function () { URL.revokeObjectURL(url); done(image); };
      image.onerror = function () { URL.revokeObjectURL(url); fail(new Error('这个文件不是照片，或者打不开。请选手机、高拍仪拍的照片。')); };
      image.src = url;
    });
  }
  function draw(image, edge, turn) {
    var w = image.naturalWidth, h = image.naturalHeight, scale = Math.min(1, edge / Math.max(w, h));
    var across = Math.max(1, Math.round(w * scale)), down = Math.max(1, Math.round(h * scale));
    var canvas = document.createElement('canvas'), side = turn % 180 !== 0;
    canvas.width = side ? down : across;
    canvas.height = side ? across : down;
    var pen = canvas.getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.rotate(turn * Math.PI / 180);
    pen.drawImage(image, -across / 2, -down / 2, across, down);
    return canvas;
  }
  function pack(canvas, quality) {
    return new Promise(function (done, fail) {
      canvas.toBlob(function (blob) { if (blob) { done(blob); } else { fail(new Error('照片太大，这台电脑缩小不了。请拍小一点。')); } }, 'image/jpeg', quality);
    });
  }
  function reduce(image, turn) {
    var step = 0;
    function next() {
      var edge = EDGES[Math.floor(step / QUALITIES.length)], quality = QUALITIES[step % QUALITIES.length];
      if (!edge) { throw new Error('照片太大，缩小以后还是超过 300 KB。请拍小一点。'); }
      step += 1;
      return pack(draw(image, edge, turn), quality).then(function (blob) { return blob.size <= MOST ? blob : next(); });
    }
    return Promise.resolve().then(next);
  }
  function number() {
    var bytes = new Uint8Array(16);
    window.crypto.getRandomValues(bytes);
    return Array.from(bytes, function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('');
  }

  // What the box has now: counts everywhere, the small pictures where there is a list of them.
  function show(told) {
    (told.groups || []).forEach(function (one) {
      var at = place(one.id);
      if (!at) { return; }
      var count = at.querySelector('[data-photo-count]'), list = at.querySelector('[data-photo-list]');
      if (count && one.count) { count.textContent = one.count + ' 张'; }
      if (list && one.html !== undefined && list.getAttribute('data-had') !== one.html) { list.innerHTML = one.html; list.setAttribute('data-had', one.html); }
    });
    var left = document.querySelector('[data-phone-left]');
    if (left && told.phone !== undefined) { left.textContent = told.phone || '二维码已经停用'; }
  }

  function send(job) {
    var body = new FormData();
    body.append('csrf', csrf);
    body.append('once', job.once);
    body.append('material', job.of);
    if (job.instead) { body.append('instead', job.instead); }
    body.append('photo', job.photo, 'photo.jpg');
    body.append('thumb', job.thumb, 'thumb.jpg');
    return fetch(to, { method: 'POST', body: body, credentials: 'same-origin', redirect: 'manual', headers: { accept: 'application/json' } }).then(function (answer) {
      // the sign-in page instead of an answer
      if (answer.type === 'opaqueredirect' || answer.status === 401) { throw new Error('登录过期了，照片没有存。请登录以后再选一次。'); }
      return answer.json().then(function (told) {
        show(told);
        if (!answer.ok) { throw new Error(told.message || '照片没有存，请再试一次。'); }
        return told;
      });
    });
  }
  function work() {
    if (busy || !queue.length) { return; }
    busy = true;
    var job = queue[0];
    say('正在缩小、存照片，还有 ' + queue.length + ' 张');
    var ready = job.photo ? Promise.resolve() : load(job.file).then(function (image) {
      return reduce(image, job.turn || 0).then(function (photo) {
        job.photo = photo;
        return pack(draw(image, SMALL, job.turn || 0), 0.7);
      }).then(function (thumb) { job.thumb = thumb; });
    });
    ready.then(function () { return send(job); }).then(function (told) {
      queue.shift();
      if (!queue.length) { say('存好了'); }
      if (job.done) { job.done(told); }
    }, function (error) {
      // the line broke: the photo stays here and goes again with the same number, so that it is never there twice
      if (error instanceof TypeError) { say('还没传上，正在再试，请不要关这一页', true); return new Promise(function (again) { setTimeout(again, 3000); }); }
      queue.shift();
      say(error.message, true);
    }).then(function () { busy = false; if (queue.length) { work(); } });
  }
  function add(of, files, more) {
    Array.from(files).forEach(function (file) {
      if (file.size > LARGEST) { say('文件太大（' + Math.round(file.size / 1048576) + ' MB），不像照片。请换一个。', true); return; }
      queue.push(Object.assign({ of: of, file: file, once: number() }, more || {}));
    });
    work();
  }
  window.addEventListener('beforeunload', function (e) { if (queue.length) { e.preventDefault(); e.returnValue = ''; } });
  document.addEventListener('photo-taken', function (e) { add(e.detail.of, [e.detail.file]); });

  document.addEventListener('change', function (e) {
    var input = e.target, at = input.closest && input.closest('[data-photo-of]');
    if (input.type !== 'file' || !at) { return; }
    add(at.getAttribute('data-photo-of'), input.files);
    input.value = '';
  });

  // Dropped on a material's row or panel.
  // Choosing is enough: the label is the button then.
  Array.from(document.querySelectorAll('[data-photo-of] form input[type=file]')).forEach(function (input) {
    input.form.classList.add('is-live');
  });

  function target(e) { return e.target.closest && e.target.closest('[data-photo-of]'); }
  function over(at) { document.querySelectorAll('.is-over').forEach(function (one) { one.classList.remove('is-over'); }); if (at) { at.classList.add('is-over'); } }
  document.addEventListener('dragover', function (e) {
    if (!e.dataTransfer || Array.from(e.dataTransfer.types).indexOf('Files') < 0) { return; }
    e.preventDefault();
    over(target(e));
  });
  document.addEventListener('dragleave', function () { over(null); });
  document.addEventListener('drop', function (e) {
    if (!e.dataTransfer || !e.dataTransfer.files.length) { return; }
    e.preventDefault();
    over(null);
    var at = target(e);
    if (at) { add(at.getAttribute('data-photo-of'), e.dataTransfer.files); } else { say('请拖到要放的那样材料上。', true); }
  });
  // Pasted: goes to the material that has the focus or was last under the hand.
  var last = null;
  document.addEventListener('focusin', function (e) { last = target(e) || last; });
  document.addEventListener('pointerover', function (e) { last = target(e) || last; });
  document.addEventListener('paste', function (e) {
    var files = e.clipboardData ? e.clipboardData.files : [];
    if (!files.length) { return; }
    e.preventDefault();
    if (last) { add(last.getAttribute('data-photo-of'), files); } else { say('请先点一下要放的那样材料，再粘贴。', true); }
  });

  // Turning: the photo is drawn anew and takes the place of the one it was.
  Array.from(document.querySelectorAll('[data-turn]')).forEach(function (button) {
    button.hidden = false;
    button.addEventListener('click', function () {
      var image = document.querySelector('[data-photo-full]'), of = target({ target: button });
      if (!image || !image.naturalWidth || queue.length) { return; }
      say('正在转');
      fetch(image.src, { credentials: 'same-origin' }).then(function (answer) { return answer.blob(); }).then(function (file) {
        add(of.getAttribute('data-photo-of'), [file], {
          turn: Number(button.getAttribute('data-turn')), instead: button.getAttribute('data-instead'),
          done: function (told) { window.location.replace(to + '/' + told.last); }
        });
      }).catch(function () { say('没转成，请再试一次', true); });
    });
  });

  // While a code for a phone is out: what the phone has sent appears by itself.
  if (document.querySelector('[data-phone]')) {
    setInterval(function () {
      if (document.hidden || busy) { return; }
      fetch(to + '/list', { credentials: 'same-origin', redirect: 'manual', headers: { accept: 'application/json' } })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(function (told) { if (told) { show(told); } })
        .catch(function () { say('这一页暂时看不到手机拍的，正在再试', true); });
    }, 2000);
  }
}());
