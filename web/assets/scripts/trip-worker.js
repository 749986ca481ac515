// The worker of the page that is taken away from the box. It keeps that page and its parts, and answers with them whether the
// box is there or not. It never sees what is typed, and every other request goes by untouched. The server puts KEPT and NAME
// before this text.
self.addEventListener('install', function (e) {
  e.waitUntil(caches.open(NAME).then(function (kept) {
    return kept.addAll(KEPT.map(function (path) { return new Request(path, { cache: 'reload', credentials: 'omit' }); }));
  }).then(function () { return self.skipWaiting(); }));
});
self.addEventListener('activate', function (e) {
  e.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name.indexOf('trip-') === 0 && name !== NAME; })
      .map(function (name) { return caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});
self.addEventListener('fetch', function (e) {
  var url = new URL(e.request.url);
  if (e.request.method !== 'GET' || url.origin !== self.location.origin || KEPT.indexOf(url.pathname) < 0) { return; }
  e.respondWith(caches.open(NAME).then(function (kept) { return kept.match(url.pathname); }).then(function (hit) {
    return hit || fetch(e.request);
  }));
});
