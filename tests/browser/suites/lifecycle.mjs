// D1, D4, D7, B2: what begins, stops, lengthens and ends a clock, in a browser on three boxes: the calendar that the centre
// publishes and what it moves, papers taken before acceptance, special procedures, more time, the due list, many at once.
import assert from "node:assert/strict";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo } from "../lib/demo.mjs";
import { DISABLED, FARMER, TENANT, YOUNG } from "../lib/people.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "lifecycle: calendar, clocks, due list, bulk";

/** The due date that a case page shows; the year it does not say is this one or the next. */
async function dueDate(window) {
  const [, month, day] = (await text(window)).match(/(\d+)月(\d+)日前办结/).map(Number);
  const now = new Date();
  return new Date(now.getFullYear() + (month < now.getMonth() + 1 ? 1 : 0), month - 1, day);
}

/** A day as a notice names it; `off` makes the weekday wrong. */
const named = (date, off = 0) => `${date.getMonth() + 1}月${date.getDate()}日（周${"日一二三四五六"[(date.getDay() + off) % 7]}）`;

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return {
    demo, browser, station: demo.stations[0], centre: demo.centre, numbers: {}, places: {},
    village: await Guarded.open(browser, demo.hosts),
    township: await Guarded.open(browser, demo.hosts),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village, township }) {
  for (const [who, window] of Object.entries({ village, township })) {
    await window.picture(`failed-lifecycle-${who}`).catch(() => {});
  }
}

const text = (window) => window.page.locator("main").innerText();
const at = (box, path) => new URL(path, box.url).href;

/** A case of S097, S058 … at the village; `key` is where its number is kept. */
async function take(context, key, words, applicant, more = {}) {
  const { village, station } = context;
  await counter.begin(village, station, words);
  await counter.fillIntake(village, { scenario: "s1", applicant, ...more });
  context.numbers[key] = await counter.accept(village);
  context.places[key] = new URL(village.page.url()).pathname.split("/")[2];
}

/** Waits until the centre has a case, and opens it there. */
async function atCentre(context, key) {
  const { township, centre, places } = context;
  township.expected.push("404");
  await township.page.goto(at(centre, `/cases/${places[key]}`));
  await counter.reloadUntil(township, `the centre has ${key}`, async () => {
    const there = (await township.page.locator("[data-stage]").count()) > 0;
    return { done: there, says: "no such case" };
  });
  await township.settled();
}

/** Waits until the village's page of a case says so. */
async function villageSees(context, key, words) {
  const { village, station, places } = context;
  await village.visit(at(station, `/cases/${places[key]}`));
  await counter.reloadUntil(village, `the village sees ${words}`, async () => {
    const says = await text(village);
    return { done: words.test(says), says: says.slice(0, 200) };
  });
}

export const steps = [
  ["both sign in", async ({ village, township, station, centre }) => {
    await counter.signIn(village, station);
    await counter.signIn(township, centre);
  }],

  ["D1: papers are taken while one is missing, and accepted when it has come", async (context) => {
    const { village, station, numbers } = context;
    await counter.begin(village, station, "土地经营权流转");
    await counter.fillIntake(village, { scenario: "s1", kind: "person", applicant: FARMER, marks: { "m/m3": "missing" } });
    await counter.press(village, village.page.locator("button[form=intake][value=receive]"));
    assert.equal(await counter.stage(village), "Received");
    assert.match(await text(village), /\d+月\d+日前受理，或者一次告知/);
    await village.picture("received-not-accepted");
    numbers.land = await counter.caseNumber(village);
    context.places.land = new URL(village.page.url()).pathname.split("/")[2];
    await counter.press(village, village.page.locator('[data-act="accept"]'));
    await village.picture("accept-received");
    village.expected.push("422");
    await counter.press(village, village.page.locator("form button.btn--l[data-key='ctrl+enter']"));
    assert.match(await village.page.locator("#errors").innerText(), /没带/, "not before it has come");
    await village.page.locator('input[name=good][value="m/m3"]').check();
    await counter.press(village, village.page.locator("form button.btn--l[data-key='ctrl+enter']"));
    assert.equal(await counter.stage(village), "Processing");
    assert.match(await text(village), /\d+月\d+日前办结/);
  }],

  ["D1: a special procedure stops the clock and ends", async ({ village }) => {
    await counter.act(village, "start-special", { fields: { days: "15" }, choices: { which: "5" } });
    assert.equal(await counter.stage(village), "Special");
    assert.match(await text(village), /停止计时/);
    assert.equal(await village.page.locator('[data-act="approve"]').count(), 0, "nothing is decided meanwhile");
    await village.picture("special");
    await counter.act(village, "end-special");
    assert.equal(await counter.stage(village), "Processing");
  }],

  ["D4: more time is asked for, declined, asked for again and approved; the date moves", async (context) => {
    const { village, township } = context;
    const before = await dueDate(village);
    await counter.act(village, "ask-extension", { fields: { days: "30", reason: "要现场勘查" } });
    assert.match(await text(village), /申请延长 30 日，等镇中心登记/);
    await atCentre(context, "land");
    await counter.reloadUntil(township, "the request has come", async () => {
      const there = (await township.page.locator('[data-act="decline-extension"]').count()) > 0;
      return { done: there, says: "no request" };
    });
    await counter.act(township, "decline-extension", { fields: { reason: "人手够，按期办" } });
    await villageSees(context, "land", /不批准延期/);
    await counter.act(village, "ask-extension", { fields: { days: "30", reason: "雨天不能勘查" } });
    await atCentre(context, "land");
    await counter.reloadUntil(township, "the second request has come", async () => {
      const there = (await township.page.locator('[data-act="approve-extension"]').count()) > 0;
      return { done: there, says: "no request" };
    });
    await counter.press(township, township.page.locator('[data-act="approve-extension"]'));
    assert.match(await text(township), /雨天不能勘查/, "the reason is before whoever approves");
    await township.page.locator('[name="approver"]').fill("秦书记");
    await counter.press(township, township.page.locator("form button.btn--l[data-key='ctrl+enter']"));
    await villageSees(context, "land", /秦书记/);
    context.due = await dueDate(village);
    assert.ok(context.due > before, `${context.due} is later than ${before}`);
    await village.picture("extended");
  }],

  ["D4: a notice that contradicts itself is refused, a right one is looked at and published", async (context) => {
    const { township, centre, due } = context;
    const { page } = township;
    const year = String(due.getFullYear());
    await township.visit(at(centre, "/calendar"));
    await township.picture("calendar");
    const last = new Date().getFullYear() + 2;
    assert.match(await text(township), new RegExp(`${last} 年\\s+暂定`), "a year without a notice says so");
    await page.locator("#year").fill(year);
    await page.locator("#source").fill("国办发明电〔2026〕8号");
    await page.locator("#words").fill(`更正：${named(due, 1)}放假，共1天。`);
    township.expected.push("422");
    await counter.press(township, page.getByRole("button", { name: "先看一遍" }));
    assert.match(await page.locator("#errors").innerText(), /写的是周.。请核对年份和日期/);
    await page.locator("#words").fill(`更正：${named(due)}放假，共1天。`);
    await counter.press(township, page.getByRole("button", { name: "先看一遍" }));
    assert.ok((await text(township)).includes(named(due)), "the day as it was read");
    await township.picture("calendar-preview");
    await counter.press(township, page.getByRole("button", { name: "发布" }));
    assert.match(await text(township), /已发布/);
    assert.match(await text(township), new RegExp(`${year}年放假安排`));
    await township.picture("calendar-published");
  }],

  ["D4: what the notice moved is told at the village", async (context) => {
    const { village, station } = context;
    await village.visit(at(station, "/due"));
    await counter.reloadUntil(village, "the village is told what moved", async () => {
      const says = await text(village);
      return { done: /1 件的到期日跟着变了/.test(says), says: says.slice(0, 200) };
    });
    await village.settled();
    await counter.press(village, village.page.getByRole("link", { name: "看是哪几件" }));
    assert.match(await text(village), /1 件的到期日变了/);
    await village.picture("moved");
    await counter.press(village, village.page.getByRole("button", { name: "看过了" }));
    await villageSees(context, "land", /前办结/);
    assert.notEqual((await dueDate(village)).getTime(), context.due.getTime(), "that day is free now");
    assert.doesNotMatch(await text(village), /暂定/, "the year has a notice");
  }],

  ["D7: what is carried for somebody has a clock, and the due list says what to do and who", async (context) => {
    const { village, station } = context;
    await take(context, "power", "居民用电新装", TENANT);
    await take(context, "one", "困难残疾人", DISABLED);
    await take(context, "two", "困难残疾人", YOUNG);
    await village.visit(at(station, "/due"));
    const list = await text(village);
    assert.match(list, /把材料转交出去/);
    await village.picture("due-list");
    await village.page.emulateMedia({ media: "print" });
    assert.ok(await village.page.locator("table.due__table").first().isVisible());
    assert.ok(!(await village.page.locator(".top").isVisible()), "the desk is not printed");
    await village.page.emulateMedia({ media: "screen" });
  }],

  ["B2: two first reviews with one list, looked at first, each with its own answer", async (context) => {
    const { township, centre } = context;
    const { page } = township;
    await atCentre(context, "two");
    await township.visit(at(centre, "/bulk/review"));
    await township.picture("bulk-pick");
    assert.equal(await page.locator("input[name=case]:checked").count(), 2);
    await counter.press(township, page.getByRole("button", { name: "下一步" }));
    await page.locator("#list").fill("残补2026第11批");
    await page.locator("#receiver").fill("县残联秦科员");
    await township.picture("bulk-summary");
    await counter.press(township, page.getByRole("button", { name: "办这 2 件" }));
    assert.match(await text(township), /办好 2 件/);
    assert.equal(await page.locator("[data-result=good]").count(), 2);
    await township.picture("bulk-done");
    await villageSees(context, "one", /外部办理中/);
  }],

  ["D1: withdrawn at the resident's wish, a case is over", async (context) => {
    const { village, station } = context;
    await village.visit(at(station, `/cases/${context.places.power}`));
    await counter.press(village, village.page.locator('[data-act="withdraw"]'));
    assert.match(await text(village), /这件就结束了/);
    await village.page.locator('input[name="asker"][value="1"]').check({ force: true });
    await counter.press(village, village.page.locator("form button.btn--l[data-key='ctrl+enter']"));
    assert.equal(await counter.stage(village), "Withdrawn");
    assert.equal(await village.page.locator('[data-act="approve-extension"], [data-act="start-special"]').count(), 0);
  }],

  ["D7: the centre sets the limit for handing over", async ({ township, centre }) => {
    await township.visit(at(centre, "/calendar"));
    await township.page.locator("#days").fill("5");
    await counter.press(township, township.page.getByRole("button", { name: "改时限" }));
    assert.match(await text(township), /5 个工作日内转交/);
  }],
];
