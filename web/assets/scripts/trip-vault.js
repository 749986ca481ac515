// What a tablet keeps away from the box: sealed with the trip's key before it is written. The key itself lies here only
// wrapped under the 口令; open it is a CryptoKey that no script can read, and is gone with the page.
(function () {
  'use strict';
  var ROUNDS = 600000, PAD = 1024;
  var text = new TextEncoder(), back = new TextDecoder();
  var subtle = window.crypto && window.crypto.subtle;

  function random(count) { return window.crypto.getRandomValues(new Uint8Array(count)); }
  function hex(bytes) { return Array.from(bytes, function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join(''); }
  function bytes(words) { return new Uint8Array((words.match(/../g) || []).map(function (two) { return parseInt(two, 16); })); }

  // As people write it down and read it back: no strokes, no difference between O and 0, I, L and 1.
  function tidy(words) {
    return words.toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  }
  async function wrapper(words, salt, rounds) {
    var base = await subtle.importKey('raw', text.encode(tidy(words)), 'PBKDF2', false, ['deriveKey']);
    return subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt: salt, iterations: rounds }, base,
      { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  }
  function opened(raw) { return subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']); }

  // Bytes under a key, bound to what they are: one record's can't be put in another's place.
  async function seal(key, what, plain) {
    var iv = random(12);
    var box = new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: iv, additionalData: text.encode(what) }, key, plain));
    var out = new Uint8Array(12 + box.length);
    out.set(iv);
    out.set(box, 12);
    return out;
  }
  async function open(key, what, sealed) {
    return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv: sealed.slice(0, 12), additionalData: text.encode(what) }, key, sealed.slice(12)));
  }
  // Filled up with blanks, so that the length tells little of what was typed.
  function sealWords(key, what, value) {
    var words = text.encode(JSON.stringify(value));
    var plain = new Uint8Array(Math.ceil((words.length + 1) / PAD) * PAD).fill(32);
    plain.set(words);
    return seal(key, what, plain);
  }
  async function openWords(key, what, sealed) { return JSON.parse(back.decode(await open(key, what, sealed))); }

  var db = null;
  function base() {
    if (db) { return Promise.resolve(db); }
    return new Promise(function (done, fail) {
      var ask = indexedDB.open('bianmin-trip', 1);
      ask.onupgradeneeded = function () {
        ask.result.createObjectStore('trips', { keyPath: 'id' });
        ask.result.createObjectStore('records', { keyPath: 'id' });
        ask.result.createObjectStore('photos', { keyPath: 'id' }).createIndex('record', 'record');
      };
      ask.onsuccess = function () { db = ask.result; done(db); };
      ask.onerror = function () { fail(ask.error); };
    });
  }
  // Done only when it is on the disk: `strict` waits for it where the browser knows the word.
  async function change(stores, work) {
    var at = await base();
    return new Promise(function (done, fail) {
      var tx = at.transaction(stores, 'readwrite', { durability: 'strict' });
      tx.oncomplete = function () { done(); };
      tx.onerror = tx.onabort = function () { fail(tx.error || new Error('abort')); };
      work(function (name) { return tx.objectStore(name); });
    });
  }
  async function look(store, how) {
    var at = await base();
    return new Promise(function (done, fail) {
      var ask = how(at.transaction(store).objectStore(store));
      ask.onsuccess = function () { done(ask.result); };
      ask.onerror = function () { fail(ask.error); };
    });
  }

  var vault = {
    random: random, hex: hex, able: !!(subtle && window.indexedDB),
    // The trip of this tablet; one at a time.
    trip: async function () { return (await look('trips', function (s) { return s.getAll(); }))[0] || null; },
    // Keeps a trip and gives its open key.
    begin: async function (told) {
      var salt = random(16), raw = bytes(told.key);
      var wrapped = await seal(await wrapper(told.words, salt, ROUNDS), 'trip key ' + told.trip, raw);
      await change(['trips'], function (s) {
        s('trips').put({ id: told.trip, format: 1, salt: salt, rounds: ROUNDS, wrapped: wrapped, items: told.items });
      });
      return opened(raw);
    },
    unlock: async function (trip, words) {
      var raw = await open(await wrapper(words, trip.salt, trip.rounds), 'trip key ' + trip.id, trip.wrapped);
      return opened(raw);
    },
    // A key that the box gave.
    byBox: async function (key) { return opened(bytes(key)); },
    // `lost`: how many do not open, because the disk is damaged or the key is another one. They keep nobody from the others.
    records: async function (key, trip) {
      var all = await look('records', function (s) { return s.getAll(); }), out = [], lost = 0;
      for (var one of all.filter(function (r) { return r.trip === trip; })) {
        try {
          out.push({ id: one.id, trip: one.trip, state: one.state, said: await openWords(key, 'record ' + one.id, one.box) });
        } catch (fault) { lost += 1; }
      }
      out.sort(function (a, b) { return a.said.made - b.said.made; });
      out.lost = lost;
      return out;
    },
    putRecord: async function (key, record) {
      var box = await sealWords(key, 'record ' + record.id, record.said);
      await change(['records'], function (s) { s('records').put({ id: record.id, trip: record.trip, state: record.state, box: box }); });
    },
    count: async function () { return (await look('records', function (s) { return s.getAllKeys(); })).length; },
    photos: function (record) { return look('photos', function (s) { return s.index('record').getAll(record); }); },
    openPhoto: async function (key, one) {
      return {
        id: one.id, of: (await openWords(key, 'photo words ' + one.id, one.words)).of,
        photo: new Blob([await open(key, 'photo ' + one.id, one.photo)], { type: 'image/jpeg' }),
        thumb: new Blob([await open(key, 'thumb ' + one.id, one.thumb)], { type: 'image/jpeg' })
      };
    },
    putPhoto: async function (key, record, of, photo, thumb) {
      var id = hex(random(16));
      var row = {
        id: id, record: record, words: await sealWords(key, 'photo words ' + id, { of: of }),
        photo: await seal(key, 'photo ' + id, new Uint8Array(await photo.arrayBuffer())),
        thumb: await seal(key, 'thumb ' + id, new Uint8Array(await thumb.arrayBuffer()))
      };
      await change(['photos'], function (s) { s('photos').put(row); });
    },
    dropPhoto: function (id) { return change(['photos'], function (s) { s('photos').delete(id); }); },
    // A record and its photos, together.
    drop: async function (id) {
      var photos = await vault.photos(id);
      return change(['records', 'photos'], function (s) {
        s('records').delete(id);
        photos.forEach(function (one) { s('photos').delete(one.id); });
      });
    },
    end: function () {
      return change(['trips', 'records', 'photos'], function (s) { s('trips').clear(); s('records').clear(); s('photos').clear(); });
    }
  };
  window.tripVault = vault;
}());
