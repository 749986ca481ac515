// The document camera (高拍仪) as the browser's own camera: live, chosen, taken with Space. It hands the picture to photos.js.
(function () {
  'use strict';
  var panel = document.querySelector('[data-camera]');
  if (!panel) { return; }
  var live = panel.querySelector('[data-camera-live]'), which = panel.querySelector('[data-camera-which]');
  var fault = panel.querySelector('[data-camera-fault]'), take = panel.querySelector('[data-camera-take]');
  var stream = null, of = '', opener = null, turn = 0;
  var media = navigator.mediaDevices;

  var WHY = {
    NotFoundError: '没有找到高拍仪。请看看线插好没有、灯亮不亮，再点一次；也可以点“选照片”。',
    OverconstrainedError: '没有找到高拍仪。请看看线插好没有、灯亮不亮，再点一次；也可以点“选照片”。',
    NotAllowedError: '浏览器没有准许用高拍仪。请点地址栏左边的图标，准许“摄像头”，再点一次。',
    NotReadableError: '高拍仪正被别的程序用着。请关掉那个程序，再点一次。'
  };
  function tell(text) { fault.textContent = text; fault.hidden = !text; take.disabled = !!text; }
  function stop() {
    if (stream) { stream.getTracks().forEach(function (track) { track.stop(); }); }
    stream = null;
    live.srcObject = null;
  }
  function list() {
    return media.enumerateDevices().then(function (devices) {
      var now = stream && stream.getVideoTracks()[0].getSettings().deviceId;
      which.textContent = '';
      devices.filter(function (one) { return one.kind === 'videoinput'; }).forEach(function (one, at) {
        var option = document.createElement('option');
        option.value = one.deviceId;
        option.textContent = one.label || '第 ' + (at + 1) + ' 个';
        option.selected = one.deviceId === now;
        which.appendChild(option);
      });
    });
  }
  function start(id) {
    turn += 1;
    var mine = turn;
    stop();
    tell('');
    var video = { width: { ideal: 2560 }, height: { ideal: 1920 } };
    if (id) { video.deviceId = { exact: id }; }
    media.getUserMedia({ video: video, audio: false }).then(function (given) {
      if (mine !== turn || panel.hidden) { given.getTracks().forEach(function (track) { track.stop(); }); return null; }
      stream = given;
      live.srcObject = given;
      given.getVideoTracks()[0].addEventListener('ended', function () { tell('高拍仪断开了。请插好线，再点一次“高拍仪”。'); });
      return list();
    }).catch(function (error) { if (mine === turn) { tell(WHY[error.name] || '高拍仪打不开。请拔下再插，还不行就点“选照片”。'); } });
  }
  function open(button) {
    var at = button.closest('[data-photo-of]');
    opener = button;
    of = at.getAttribute('data-photo-of');
    panel.querySelector('[data-camera-of]').textContent = '拍' + at.getAttribute('data-photo-name');
    panel.hidden = false;
    panel.scrollIntoView({ block: 'nearest' });
    take.focus();
    if (!media || !media.getUserMedia) { tell('这个网址用不了高拍仪：请在站里的电脑上用标签上印的 https 网址打开，或者点“选照片”。'); take.disabled = true; return; }
    start('');
  }
  function close() {
    turn += 1;
    stop();
    panel.hidden = true;
    if (opener) { opener.focus(); }
  }
  function shoot() {
    if (!stream || !live.videoWidth) { return; }
    var canvas = document.createElement('canvas');
    canvas.width = live.videoWidth;
    canvas.height = live.videoHeight;
    canvas.getContext('2d').drawImage(live, 0, 0);
    canvas.toBlob(function (blob) {
      if (blob) { document.dispatchEvent(new CustomEvent('photo-taken', { detail: { of: of, file: blob } })); }
    }, 'image/jpeg', 0.95);
  }
  Array.from(document.querySelectorAll('[data-camera-open]')).forEach(function (button) { button.hidden = false; });
  document.addEventListener('click', function (e) {
    var button = e.target.closest && e.target.closest('[data-camera-open]');
    if (button) { open(button); }
  });
  live.addEventListener('loadedmetadata', function () { take.scrollIntoView({ block: 'nearest' }); });
  which.addEventListener('change', function () { start(which.value); });
  take.addEventListener('click', shoot);
  panel.querySelector('[data-camera-close]').addEventListener('click', close);
  window.addEventListener('pagehide', stop);
  document.addEventListener('keydown', function (e) {
    if (panel.hidden || e.ctrlKey || e.altKey || e.metaKey) { return; }
    if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); close(); return; }
    if (e.key === ' ' && e.target !== which) { e.preventDefault(); if (!e.repeat && !take.disabled) { shoot(); } }
  }, true);
  // Space on the focused button must not press it a second time.
  take.addEventListener('keyup', function (e) { if (e.key === ' ') { e.preventDefault(); } });
}());
