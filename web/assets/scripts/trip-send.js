// Back at the station: what the tablet holds goes to the box, one record and then its photos. A record leaves the tablet only
// when the box has said that it is on its disk; asked twice, the box says the same thing again.
(function () {
  'use strict';
  var vault = window.tripVault;

  function Away() { this.name = 'Away'; }
  function SignIn() { this.name = 'SignIn'; }
  function Refused(told) { this.name = 'Refused'; this.told = told || {}; }

  // Asks the box; what is no answer becomes a reason.
  async function ask(path, options) {
    var answer;
    try {
      answer = await fetch(path, Object.assign({ credentials: 'same-origin', redirect: 'manual', cache: 'no-store' }, options || {}));
    } catch (fault) { throw new Away(); }
    if (answer.type === 'opaqueredirect' || answer.status === 401) { throw new SignIn(); }
    if (answer.status === 422) { throw new Refused(await answer.json()); }
    if (answer.status === 404) { throw new Refused({ gone: true, message: '盒子里没有这一件了，请再送一次。' }); }
    if (answer.status === 409) { throw new Refused({ message: '这一页开得太久了，请再点一次。' }); }
    if (!answer.ok) { throw new Away(); }
    try { return await answer.json(); } catch (fault) { throw new Away(); }
  }
  function form(pairs) {
    var body = new URLSearchParams();
    pairs.forEach(function (pair) { body.append(pair[0], pair[1]); });
    return { method: 'POST', body: body.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' } };
  }

  async function sendRecord(key, csrf, record) {
    var said = record.said, pairs = [
      ['csrf', csrf], ['trip.record', record.id], ['trip.item', said.item], ['trip.version', said.version], ['trip.day', said.day]
    ];
    Object.keys(said.fields).forEach(function (name) { pairs.push([name, said.fields[name]]); });
    // from here on the box may have it although nobody hears so: it is not changed any more until the box has said
    record.state = 'sending';
    await vault.putRecord(key, record);
    try {
      await ask('/trip/' + record.trip + '/record', form(pairs));
    } catch (fault) {
      if (fault.name === 'Refused') { record.state = 'typed'; await vault.putRecord(key, record); }
      throw fault;
    }
    record.state = 'held';
    await vault.putRecord(key, record);
  }
  async function sendPhoto(key, csrf, record, sealed) {
    var one = await vault.openPhoto(key, sealed), body = new FormData();
    body.append('csrf', csrf);
    body.append('record', record.id);
    body.append('number', one.id);
    body.append('material', one.of);
    body.append('photo', one.photo, 'photo.jpg');
    body.append('thumb', one.thumb, 'thumb.jpg');
    await ask('/trip/' + record.trip + '/photo', { method: 'POST', body: body, headers: { accept: 'application/json' } });
    await vault.dropPhoto(one.id);
  }

  window.tripSend = {
    ask: ask, form: form,
    // Sends all that is there; `tell` hears how far it is. Gives how many went, and what was refused.
    all: async function (key, trip, tell) {
      var ready = await ask('/trip/ready'), records = await vault.records(key, trip.id), gone = 0, refused = [];
      for (var record of records) {
        tell(gone, records.length);
        try {
          if (record.state !== 'held') { await sendRecord(key, ready.csrf, record); }
          for (var photo of await vault.photos(record.id)) { await sendPhoto(key, ready.csrf, record, photo); }
        } catch (fault) {
          if (fault.name !== 'Refused') { throw fault; }
          // a box that was brought back from a copy does not have it any more: it goes from the beginning
          if (fault.told.gone && record.state === 'held') { record.state = 'sending'; await vault.putRecord(key, record); }
          refused.push({ record: record, why: fault.told.message || '盒子没有收下，请再送一次。' });
          continue;
        }
        await vault.drop(record.id);
        gone += 1;
      }
      return { gone: gone, refused: refused };
    },
    end: async function (trip) {
      var ready = await ask('/trip/ready');
      await ask('/trip/' + trip.id + '/end', form([['csrf', ready.csrf]]));
    }
  };
}());
