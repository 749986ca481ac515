// The registers on the demo: 办不成事 between a village and the centre, a question that reaches the guide, the due list, a norm that is read
// and signed, a round, and every page of the registers as axe sees it.
import assert from "node:assert/strict";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo, until } from "../lib/demo.mjs";
import { OLD } from "../lib/people.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "the registers";

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return {
    demo, browser, station: demo.stations[0], centre: demo.centre,
    village: await Guarded.open(browser, demo.hosts),
    township: await Guarded.open(browser, demo.hosts),
    resident: await Guarded.open(browser, demo.hosts, { viewport: { width: 390, height: 844 } }),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village, township }) {
  for (const [who, window] of Object.entries({ village, township })) await window.picture(`failed-registers-${who}`).catch(() => {});
}

const at = (box, place) => new URL(place, box.url).href;
const button = (window, label) => window.page.getByRole("button", { name: label });
const act = (window, code) => counter.press(window, window.page.locator(`[data-act="${code}"]`));
const stage = (window) => window.page.locator("[data-stage]").innerText();

async function fill(window, typed) {
  for (const [field, value] of Object.entries(typed)) {
    const control = window.page.locator(`main [name="${field}"]:not([type=hidden])`);
    const kind = await control.first().evaluate((one) => one.type);
    if (kind === "radio") await window.page.locator(`main [name="${field}"][value="${value}"]`).check({ force: true });
    else if (kind === "select-one") await control.selectOption(value);
    else if (kind === "checkbox") await control.first().check();
    else await control.fill(value);
  }
}

/** One act on the matter that is open: its form, and back on the matter. */
async function step(window, code, typed) {
  await act(window, code);
  await fill(window, typed);
  await counter.press(window, window.page.locator("main form button.btn--primary"));
  assert.match(await window.page.locator(".banner--green").innerText(), /已存下/, code);
}

/** Writes a matter down; the page of it is open then. */
async function write(window, box, sort, typed) {
  await window.visit(at(box, `/registers/${sort}/new`));
  await fill(window, typed);
  await counter.press(window, window.page.locator("main form button.btn--primary"));
  return new URL(window.page.url()).pathname;
}

export const steps = [
  ["A6, A7: every page of the registers opens, empty, and says what to do", async ({ village, station, township, centre }) => {
    await counter.signIn(village, station);
    await counter.signIn(township, centre);
    await village.visit(at(station, "/registers"));
    await village.picture("registers-overview");
    for (const place of ["stuck", "consult", "transfer", "due", "round", "account", "clerks", "late", "behalf", "windows", "windows/set",
      "windows/away", "entry", "norms", "norms/new", "settings", "due/import", "stuck/new", "consult/new", "transfer/new", "due/new", "round/new"]) {
      await village.visit(at(station, `/registers/${place}`));
      if (["entry", "stuck/new", "windows"].includes(place)) await village.picture(`registers-${place.replace("/", "-")}`);
    }
    await township.visit(at(centre, "/registers/settings"));
    await township.picture("registers-settings-centre");
  }],

  ["B5: a village and the centre work off what could not be done, and it ends after 反馈 and 回访", async (context) => {
    const { village, township, station, centre } = context;
    const place = await write(village, station, "stuck", { words: "材料交了三次还不给办", name: OLD.name, phone: OLD.phone });
    assert.equal(await stage(village), "待分类");
    await step(village, "sort", { topic: "again" });
    await step(village, "assign", { to: "4", whom: "镇中心综合窗口" });
    assert.equal(await village.page.locator('[data-act="close"]').count(), 0);
    await village.picture("registers-stuck");
    await until("the matter is at the centre", async () => {
      await township.page.goto(at(centre, place));
      return (await township.page.locator("[data-stage]").count()) > 0 ? true : undefined;
    });
    await township.settled();
    await step(township, "handle", { words: "县里补了一张表" });
    await until("the village hears of it", async () => {
      await village.page.goto(at(station, place));
      return (await stage(village)) === "待反馈" ? true : undefined;
    });
    await step(village, "answer", { how: "2", words: "表补好了，可以来拿" });
    assert.equal(await village.page.locator('[data-act="close"]').count(), 0, "回访 comes first");
    await step(village, "revisit", { satisfied: "1" });
    await step(village, "close", {});
    assert.equal(await stage(village), "已办结");
    await village.visit(at(station, "/registers/stuck?list=all"));
    const row = await village.page.locator("tbody tr").first().innerText();
    assert.ok(!row.includes(OLD.name), "names are masked in lists");
    await until("the centre signed for it", async () => {
      await village.page.reload();
      return (await village.page.locator('[data-truth="receipt"]').count()) > 0 ? true : undefined;
    });
    await village.picture("registers-stuck-list");
  }],

  ["B7: a question is answered, put on the guide by a press, and shown to residents without who asked", async (context) => {
    const { village, station, resident } = context;
    await counter.find(village, station, "gljt");
    await counter.press(village, village.page.getByRole("link", { name: /办事指南/ }).first());
    const item = new URL(village.page.url()).pathname.split("/").pop();
    await counter.press(village, village.page.getByRole("link", { name: "登记一条咨询" }));
    await fill(village, { topic: "how", words: "我妈来不了，我去行吗", name: OLD.name });
    await counter.press(village, village.page.locator("main form button.btn--primary"));
    await step(village, "answer", { how: "1", words: "可以代办，带两个人的身份证" });
    await act(village, "publish");
    village.expected.push("422");
    await fill(village, { question: `${OLD.name}来不了行吗？` });
    await counter.press(village, button(village, /放到办事指南/));
    assert.match(await village.page.locator("#errors").innerText(), /姓名/);
    await fill(village, { question: "本人来不了，家里人去行吗？" });
    await counter.press(village, button(village, /放到办事指南/));
    await village.visit(at(station, `/items/${item}`));
    await village.picture("registers-guide");
    await resident.visit(at(station, `/questions/${item}`));
    const shown = await resident.page.locator("main").innerText();
    assert.ok(shown.includes("本人来不了，家里人去行吗？") && !shown.includes("我妈") && !shown.includes(OLD.name));
    await resident.picture("registers-questions");
  }],

  ["D13: a pasted list is sealed, shown masked, and each line ends", async ({ village, station }) => {
    await village.visit(at(station, "/registers/due/import"));
    await fill(village, { topic: "proof", list: `${OLD.name} ${OLD.id}`, due: "2026-12-31" });
    await counter.press(village, button(village, /存下名单/));
    const list = await village.page.locator("main").innerText();
    assert.ok(!list.includes(OLD.name) && !list.includes(OLD.id));
    await village.picture("registers-due");
    await counter.press(village, village.page.locator("tbody [data-open]").first());
    await step(village, "close", { ending: "3" });
    assert.equal(await stage(village), "已告知");
  }],

  ["A7: the centre's norm reaches the village, and the clerk signs what was read", async ({ village, township, station, centre }) => {
    await township.visit(at(centre, "/registers/norms/new"));
    await fill(township, { kind: "service", title: "窗口服务规范", text: "来有迎声，问有答声，走有送声。\n一次说清，不让群众多跑。" });
    await counter.press(township, button(township, /^发布/));
    const place = new URL(township.page.url()).pathname;
    await until("the norm is here", async () => {
      const answer = await village.page.goto(at(station, place));
      return answer.status() === 200 ? true : undefined;
    });
    village.faults.length = 0; // 404 until it came
    await counter.press(village, button(village, /我读过了，签名/));
    assert.match(await village.page.locator("main").innerText(), /签名已存下/);
    await village.picture("registers-norm");
  }],

  ["A7: a round has its finding, its day and photos, which the centre sees", async ({ village, township, station, centre }) => {
    const place = await write(village, station, "round", { topic: "place", words: "灯坏了", due: "2099-12-31" });
    const photo = await village.page.evaluate(() => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [3000, 2000];
      const pen = canvas.getContext("2d");
      for (let n = 0; n < 3000; n += 1) { pen.fillStyle = `hsl(${n % 360} 70% ${n % 90}%)`; pen.fillRect((n * 37) % 3000, (n * 53) % 2000, 60, 40); }
      return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
    });
    const file = { name: "灯.jpg", mimeType: "image/jpeg", buffer: Buffer.from(photo, "base64") };
    await village.page.locator("#f-round").setInputFiles(file);
    await village.page.getByText("存好了").waitFor();
    await village.page.locator("[data-photo-list] img").waitFor();
    assert.equal(await village.page.locator("[data-photo-count]").innerText(), "1 张");
    await village.page.reload();
    await village.page.locator("[data-photo-list] img").scrollIntoViewIfNeeded();
    await until("the picture is drawn", () => village.page.locator("[data-photo-list] img").evaluate((one) => (one.complete && one.naturalWidth > 0) || undefined));
    await village.picture("registers-round");
    await step(village, "handle", { words: "换了灯" });
    await step(village, "close", {});
    await until("the photo is at the centre", async () => {
      const answer = await township.page.goto(at(centre, place));
      if (answer.status() !== 200 || (await township.page.locator("[data-photo-list] a").count()) === 0) return undefined;
      const href = await township.page.locator("[data-photo-list] a").first().getAttribute("href");
      const image = await township.page.request.get(at(centre, href));
      return image.status() === 200 && (await image.body()).length < 300 * 1024 ? true : undefined;
    });
    township.faults.length = 0; // 404 until it came
  }],

  ["A4, A6: a window with its A post is set and the entry list follows", async ({ village, station }) => {
    await village.visit(at(station, "/registers/windows/set"));
    await fill(village, { kind: "any", number: "1", hours: "工作日 8:00 至 17:30" });
    await village.page.locator("#a").selectOption({ index: 1 });
    await counter.press(village, village.page.locator("main form button.btn--primary"));
    await village.picture("registers-windows-set-done");
    await village.visit(at(station, "/registers/entry"));
    assert.match(await village.page.locator("main").innerText(), /未进驻 0/);
    await village.picture("registers-entry-entered");
  }],

  ["A4: a second clerk is added, signs in with the code, and sets a password", async (context) => {
    const { village, station, browser, demo } = context;
    await village.visit(at(station, "/staff"));
    await fill(village, { name: "李文", post: "综合窗口" });
    await counter.press(village, button(village, /^加上/));
    const code = await village.page.locator("[data-code]").innerText();
    assert.match(code, /^\d{4} \d{4}$/);
    await village.page.reload();
    assert.equal(await village.page.locator("[data-code]").count(), 0, "a reload shows it no more");
    await village.visit(at(station, "/staff"));
    assert.equal(await village.page.getByText("李文").count(), 1, "and adds nobody");
    await village.picture("staff");
    const second = await Guarded.open(browser, demo.hosts);
    context.second = second;
    await second.visit(at(station, "/sign-in"));
    await second.page.getByLabel("一次性登录码").fill(code);
    await counter.press(second, second.page.getByRole("button", { name: "登录", exact: true }));
    await fill(second, { password: "门前种了两棵枣树", again: "门前种了两棵枣树" });
    await counter.press(second, second.page.getByRole("button", { name: "设密码" }));
    await second.visit(at(station, "/staff"));
    assert.match(await second.page.locator("main").innerText(), /请找陈春梅/);
    await second.picture("staff-not-managing");
  }],

  ["A4: with A away, A's cases are on B's workbench, and B goes on with one", async ({ village, second, station }) => {
    await counter.begin(village, station, "gljt");
    await counter.fillIntake(village, { scenario: "s1", applicant: OLD });
    await counter.accept(village);
    await village.visit(at(station, "/registers/windows/set?number=1"));
    await village.page.locator("#b").selectOption({ label: "李文　综合窗口" });
    await counter.press(village, village.page.locator("main form button.btn--primary"));
    await village.visit(at(station, "/registers/windows/away"));
    const a = await village.page.locator("#clerk option", { hasText: "陈春梅" }).getAttribute("value");
    await fill(village, { clerk: a });
    await counter.press(village, village.page.locator("main form button.btn--primary"));
    await second.visit(at(station, "/"));
    const told = second.page.getByRole("link", { name: /陈春梅.*不在，由您（B岗）接办 1 件/ });
    await told.waitFor();
    await second.picture("staff-covering");
    await counter.press(second, told);
    await counter.press(second, second.page.locator("tbody [data-open], tbody a").first());
    assert.match(await second.page.locator("main").innerText(), /由李文（B岗）接办/);
    await counter.act(second, "note", { fields: { words: "A岗请假，我来跟" } });
    assert.match(await second.page.locator("main").innerText(), /李文/);
  }],

  ["A4: who is stopped is out at once", async ({ village, second, station }) => {
    await village.visit(at(station, "/staff"));
    await counter.press(village, village.page.getByRole("link", { name: /李文/ }));
    await village.picture("staff-person");
    await counter.press(village, button(village, "停用"));
    assert.match(await village.page.locator("main").innerText(), /停用了/);
    await second.visit(at(station, "/"));
    assert.match(second.page.url(), /sign-in/);
  }],
];
