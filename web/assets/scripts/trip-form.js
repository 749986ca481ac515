// The form of one item on the tablet: drawn from what the box gave along, filled from what was typed. It is drawn anew when an
// answer changes what is asked; every word is set as text, never as markup.
(function () {
  'use strict';
  function el(tag, set) {
    var node = document.createElement(tag);
    Object.keys(set || {}).forEach(function (name) { if (set[name] !== false && set[name] != null) { node.setAttribute(name, set[name] === true ? '' : set[name]); } });
    Array.prototype.slice.call(arguments, 2).forEach(function (child) { if (child) { node.append(child); } });
    return node;
  }
  function id(name) { return 'f-' + name.replace(/[^a-z0-9_]/gi, '-'); }
  function applies(one, scenario) { return !(one.scenarios || []).length || one.scenarios.indexOf(scenario) >= 0; }

  // Told beside the field at once; nothing is held back for it: the box looks again.
  function badId(text) {
    var bare = text.toUpperCase().replace(/[\s-]/g, '');
    if (!bare) { return ''; }
    if (!/^\d{17}[\dX]$/.test(bare)) { return bare.length < 18 ? '身份证号是 18 位，现在 ' + bare.length + ' 位。' : '身份证号只有数字，最后一位可以是 X。请再看一遍。'; }
    var sum = 0;
    for (var at = 0; at < 17; at += 1) { sum += Number(bare[at]) * (Math.pow(2, 17 - at) % 11); }
    return '10X98765432'[sum % 11] === bare[17] ? '' : '最后一位对不上，请照着身份证再看一遍。';
  }
  function badPhone(text) {
    var bare = text.replace(/[\s-]/g, '');
    return /^1\d*$/.test(bare) && bare.length !== 11 ? '手机号是 11 位，现在 ' + bare.length + ' 位。' : '';
  }
  var CHECKS = { id: badId, phone: badPhone };

  function draw(form, item, fields, redraw) {
    function value(name) { return fields[name] || ''; }
    function field(name, label, more) {
      var set = more || {}, key = id(name), input = el(set.area ? 'textarea' : 'input', {
        'class': 'input', id: key, name: name, maxlength: set.max || 120, autocomplete: 'off', spellcheck: 'false',
        inputmode: set.mode, rows: set.area ? 3 : null, placeholder: set.example, 'aria-describedby': set.check ? key + '-e' : null
      });
      input.value = value(name);
      var error = null;
      if (set.check) {
        error = el('p', { 'class': 'field__error', id: key + '-e', role: 'status' });
        var look = function () { error.textContent = CHECKS[set.check](input.value); error.hidden = !error.textContent; };
        input.addEventListener('blur', look);
        input.addEventListener('input', function () { if (!error.hidden) { look(); } });
        if (input.value) { look(); } else { error.hidden = true; }
      }
      return el('div', { 'class': 'field' + (set.wide ? ' field--full' : '') },
        el('label', { 'class': 'field__label', 'for': key }, label + ' ', set.hint ? el('span', { 'class': 'field__hint' }, set.hint) : null), input, error);
    }
    function seg(name, label, options, more) {
      var set = more || {}, group = el('div', { 'class': 'seg', role: 'radiogroup', 'aria-label': label });
      options.forEach(function (one, at) {
        var input = el('input', { type: 'radio', name: name, value: one.id, id: at ? null : id(name), autocomplete: 'off', 'data-redraw': !!set.redraw });
        input.checked = value(name) === one.id;
        group.append(el('label', { 'class': 'seg__one seg__one--' + one.id }, input, el('span', {}, one.name)));
      });
      return el('div', { 'class': 'field field--full' }, set.bare ? null : el('p', { 'class': 'field__label' }, label), group);
    }
    function choice(name, label, options, hint) {
      var select = el('select', { 'class': 'select', id: id(name), name: name, autocomplete: 'off' }, el('option', { value: '' }, '请选'));
      options.forEach(function (one) { select.append(el('option', { value: one }, one)); });
      select.value = value(name);
      return el('div', { 'class': 'field' }, el('label', { 'class': 'field__label', 'for': id(name) }, label + ' ', hint ? el('span', { 'class': 'field__hint' }, hint) : null), select);
    }
    function tick(name, label) {
      var input = el('input', { type: 'checkbox', id: id(name), name: name, value: '1', autocomplete: 'off', 'data-redraw': true });
      input.checked = value(name) === '1';
      return el('div', { 'class': 'field field--full' }, el('label', { 'class': 'check', 'for': id(name) }, input, label));
    }
    function part(title, children) { return el.apply(null, ['fieldset', { 'class': 'trip__part' }, el('legend', {}, title)].concat(children)); }

    if (!value('applicant_kind') && item.kinds[0]) { fields.applicant_kind = item.kinds[0].id; }
    if (!value('scenario') && item.scenarios.length === 1) { fields.scenario = item.scenarios[0].id; }
    var scenario = value('scenario'), kind = value('applicant_kind'), parts = [];

    var who = [seg('scenario', '办理情形', item.scenarios, { redraw: true })];
    if (item.kinds.length > 1) { who.push(seg('applicant_kind', '申请人类型', item.kinds, { redraw: true })); }
    if (kind === 'unit') {
      who.push(field('0/name', '单位名称', { wide: true }), field('0/unit_code', '统一社会信用代码', { max: 24 }), field('0/contact', '联系人'));
    } else {
      who.push(field('0/name', '申请人姓名', { max: 50 }), field('0/id_number', '证件号码', { max: 24, check: 'id' }));
    }
    who.push(field('0/phone', '联系电话', { max: 20, mode: 'numeric', check: 'phone', hint: '有结果时告诉谁' }), field('0/address', '住址', { wide: true }), tick('has_agent', '有人代办'));
    if (value('has_agent') === '1') {
      who.push(field('1/name', '代办人姓名', { max: 50 }), field('1/relation', '与申请人关系', { max: 20, hint: '女儿、网格员' }),
        field('1/id_number', '代办人证件号码', { max: 24, check: 'id' }), field('1/phone', '代办人电话', { max: 20, mode: 'numeric', check: 'phone' }));
    }
    parts.push(part('什么情形，谁来办', who));

    if (kind === 'household') { parts.push(part('家庭成员', members(field, value))); }

    var asked = item.form.filter(function (one) { return one.is !== 'members' && applies(one, scenario); }), own = [];
    asked.forEach(function (one) {
      var name = '0/form.' + one.id, hint = [one.hint.replace(/[。，；.]+$/, ''), one.required ? '' : '可不填'].filter(Boolean).join('，');
      if (one.is === 'choice') { own.push(choice(name, one.label, one.options, hint)); return; }
      own.push(field(name, one.label, {
        max: one.max || 120, hint: hint, area: one.is === 'text' && one.max > 60, wide: one.is === 'text' && one.max > 60,
        mode: one.is === 'money' ? 'decimal' : one.is === 'account' ? 'numeric' : null, example: one.is === 'date' ? '2026-11-23' : null
      }));
      if (one.is === 'account') { own.push(field(name + '.holder', '户名', { max: 50, hint: one.own ? '必须是申请人本人' : '' })); }
    });
    if (item.form.some(function (one) { return applies(one, scenario); })) {
      own.push(seg('signed', '申请表怎么签的', [{ id: 'self', name: '本人签名' }, { id: 'print', name: '捺印' }, { id: 'proxy', name: '代签' }], { redraw: true }));
      if (value('signed') === 'proxy') {
        own.push(field('0/signer', '代签人', { max: 50 }), field('0/witness', '见证人', { max: 50, hint: '在场的另一个人' }), field('0/sign_reason', '代签原因', { wide: true, hint: '手抖、不识字' }));
      }
      parts.push(part('申请表', own));
    }

    var papers = item.materials.filter(function (one) { return applies(one, scenario); }).map(function (one) {
      var shots = el('div', { 'class': 'trip__shots', 'data-shots': one.id });
      var file = el('input', { type: 'file', accept: 'image/*', capture: 'environment', 'aria-label': '选' + one.name + '的照片', autocomplete: 'off' });
      return el('div', { 'class': 'trip__paper', 'data-photo-of': one.id, 'data-photo-name': one.name },
        el('p', {}, el('b', {}, one.name), '　', el('small', {}, one.note)), el('p', { 'class': 'sub' }, one.passes), seg('m/' + one.id, one.name, one.ticks, { bare: true }), shots,
        el('p', { 'class': 'trip__acts' }, el('button', { type: 'button', 'class': 'btn', 'data-camera-open': true }, '拍照'), el('span', { 'class': 'trip__shots' }, el('label', { 'class': 'btn' }, '选照片', file))));
    });
    if (papers.length) { parts.push(part('材料', papers)); }

    var rules = item.rules.filter(function (one) { return applies(one, scenario); }).map(function (one) {
      return el('div', { 'class': 'trip__paper' }, el('p', {}, one.text), el('p', { 'class': 'sub' }, one.passes),
        seg('r/' + one.id, one.text, [{ id: 'pass', name: '合格' }, { id: 'fail', name: '不合格' }], { bare: true }));
    });
    if (rules.length) { parts.push(part('审查细则', rules)); }

    var guide = el('dl', { 'class': 'facts' });
    item.guide.forEach(function (line) { guide.append(el('dt', {}, line[0]), el('dd', {}, line[1])); });
    parts.push(el('details', {}, el('summary', {}, '办事指南'), guide));

    var on = document.activeElement && form.contains(document.activeElement) ? document.activeElement : null;
    var focus = on && on.name ? { name: on.name, value: on.type === 'radio' ? on.value : null } : null;
    form.textContent = '';
    parts.forEach(function (one) { form.append(one); });
    if (focus) {
      var again = Array.from(form.elements).find(function (one) { return one.name === focus.name && (focus.value === null || one.value === focus.value); });
      if (again) { again.focus({ preventScroll: true }); }
    }
    form.onchange = function (e) { if (e.target.hasAttribute('data-redraw')) { redraw(); } };
  }

  // Everybody named so far and one empty row; 9 is the number of what is said about the case, so nobody has it.
  function members(field, value) {
    var rows = [], filled = [], spare = null;
    for (var person = 2; person <= 24; person += 1) {
      if (person === 9) { continue; }
      if (value(person + '/name') || value(person + '/id_number')) { filled.push(person); } else if (spare === null) { spare = person; }
    }
    filled.concat(spare === null ? [] : [spare]).forEach(function (one) {
      rows.push(field(one + '/name', '家庭成员姓名', { max: 50 }), field(one + '/relation', '与申请人关系', { max: 20 }), field(one + '/id_number', '家庭成员证件号码', { max: 24, check: 'id', wide: true }));
    });
    return rows;
  }

  // What stands in the form, by the names that the box uses.
  function read(form, fields) {
    Array.from(form.elements).forEach(function (one) {
      if (!one.name) { return; }
      if (one.type === 'radio') { if (one.checked) { fields[one.name] = one.value; } }
      else if (one.type === 'checkbox') { fields[one.name] = one.checked ? one.value : ''; }
      else { fields[one.name] = one.value; }
    });
    return fields;
  }
  window.tripForm = { draw: draw, read: read, el: el };
}());
