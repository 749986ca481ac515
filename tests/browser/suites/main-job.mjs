// The main job, end to end, by hand in a browser on three real boxes: a village receives with the line down, the
// centre decides, the village hands over the result, the resident asks how far it is.
import assert from "node:assert/strict";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo } from "../lib/demo.mjs";
import { DAUGHTER, DISABLED, FARMER, OLD, TENANT, YOUNG } from "../lib/people.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "the main job on the demo";

const ALLOWANCE = "高龄津贴申领";
const LAND = "农村土地经营权流转合同备案与审查审核";
const DISABILITY = "困难残疾人生活补贴申领";

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  const station = demo.stations[0];
  return {
    demo, browser, station, centre: demo.centre, numbers: {}, places: {},
    village: await Guarded.open(browser, demo.hosts),
    township: await Guarded.open(browser, demo.hosts),
    resident: await Guarded.open(browser, demo.hosts, { viewport: { width: 390, height: 844 } }),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village, township, resident }) {
  for (const [who, window] of Object.entries({ village, township, resident })) {
    await window.picture(`failed-${who}`).catch(() => {});
  }
}

async function take(context, words, item, intake) {
  const { village, station } = context;
  await counter.begin(village, station, words);
  assert.match(await village.page.locator("h1").innerText(), new RegExp(item));
  await counter.fillIntake(village, intake);
  return accept(context);
}

/** Accepts what is filled in, and remembers where the case is. */
async function accept(context) {
  const number = await counter.accept(context.village);
  context.places[number] = new URL(context.village.page.url()).pathname.split("/")[2];
  return number;
}

/** Cuts or restores a box's link on the demo's own page. */
async function link(context, whole) {
  const { village, station } = context;
  await village.visit(station.control_url);
  await counter.press(village, village.page.getByRole("button", { name: whole ? "接上线路" : "断开线路" }));
  await village.picture(whole ? "line-restored" : "line-cut");
}

async function atCase(context, number) {
  await counter.openCase(context.village, context.station, number);
}

/** Chooses a case in one of the centre's lists: what waits for it, for others (`outside`) or for the applicant. */
async function atCentre(context, number, list = "") {
  const { township, centre, places } = context;
  await township.visit(new URL(list ? `/queue?list=${list}` : "/queue", centre.url).href);
  await counter.press(township, township.page.locator(`.card a[href*="${places[number]}"]`));
  assert.equal(await counter.caseNumber(township), number);
}

export const steps = [
  ["the clerk signs in with the one-time code", async (context) => {
    const { village, station } = context;
    await counter.signIn(village, station);
    await village.picture("workbench-empty");
    assert.equal(await village.page.evaluate(() => document.activeElement.id), "q", "focus is in the search");
  }],

  ["an item is found by name, by initials and by full pinyin", async ({ village, station }) => {
    for (const words of ["高龄津贴", "gljt", "gaolingjintie"]) {
      await counter.find(village, station, words);
      assert.match(await village.page.locator("button.pick").innerText(), new RegExp(ALLOWANCE), words);
    }
    await village.visit(new URL("/drafts", station.url).href);
    assert.match(await village.page.locator("main").innerText(), /没有草稿/, "a search begins nothing");
    await counter.begin(village, station, "gljt");
    await village.picture("intake-empty");
    await counter.press(village, village.page.getByRole("link", { name: "办事指南" }));
    await village.picture("guide");
    await counter.find(village, station, "补贴");
    assert.match(await village.page.locator("main").innerText(), /困难残疾人生活补贴/);
    await village.picture("found-list");
  }],

  ["what is missing is told beside the field and in a summary, and nothing typed is lost", async ({ village, station }) => {
    const { page } = village;
    await counter.begin(village, station, "gljt");
    await page.locator('[name="0/name"]').fill(OLD.name);
    await page.locator('[name="0/id_number"]').fill(OLD.id.slice(0, 17) + (OLD.id[17] === "1" ? "2" : "1"));
    village.expected.push("422");
    await counter.press(village, page.locator("button[form=intake][value=accept]"));
    await village.picture("intake-gaps");
    assert.match(await page.locator("#errors").innerText(), /证件号码/);
    assert.equal(await page.locator('[name="0/name"]').inputValue(), OLD.name);
    assert.equal(await page.locator('[name="0/id_number"][aria-invalid=true]').count(), 1);
  }],

  ["all that is missing goes on one 一次性告知书, and the draft stays", async (context) => {
    const { village, station } = context;
    const { page } = village;
    await page.locator('[name="0/id_number"]').fill(OLD.id);
    const names = () => page.locator('#intake input[type=radio][name^="m/"]').evaluateAll((all) => [...new Set(all.map((one) => one.name).filter((name) => !name.endsWith("/how")))]);
    await counter.fillIntake(village, { scenario: "s1", applicant: OLD, agent: DAUGHTER });
    const missing = (await names()).slice(0, 2);
    for (const one of missing) await page.locator(`#intake input[name="${one}"][value="missing"]`).check({ force: true });
    await counter.press(village, page.locator("button[form=intake][value=notice]"));
    await village.picture("one-time-notice");
    const paper = await page.locator("main").innerText();
    assert.match(paper.replaceAll(/\s/g, ""), /一次性告知书/);
    await village.visit(new URL("/", station.url).href);
    assert.match(await page.locator("section[aria-labelledby=drafts]").innerText(), /高龄津贴/);
    await village.picture("workbench-with-draft");
  }],

  ["the papers come, and the case is accepted with a number, a due date and a printable notice", async (context) => {
    const { village } = context;
    const { page } = village;
    await counter.press(village, page.locator("section[aria-labelledby=drafts] a", { hasText: "吴*英" }).first());
    assert.equal(await page.locator('[name="0/name"]').inputValue(), OLD.name, "the draft kept what was typed");
    await counter.fillIntake(village, { applicant: OLD, agent: DAUGHTER });
    await counter.press(village, page.locator("button[form=intake][value=notice]"));
    assert.match(await page.evaluate(() => (document.activeElement.hasAttribute("data-said") ? document.activeElement.innerText : "")), /没有缺的/, "what a press came to is in sight");
    await village.picture("intake-ready");
    context.numbers.old = await accept(context);
    assert.match(context.numbers.old, /^\d{4}-\d{4}-[0-9A-Z]{4}-\d+-[0-9A-Z*]$/);
    await village.picture("case-accepted");
    await counter.press(village, page.getByRole("link", { name: "受理通知书" }).first());
    const paper = (await page.locator("main").innerText()).replaceAll(/\s/g, "");
    assert.match(paper, /受理通知书/);
    assert.ok(paper.includes(context.numbers.old), "the number stands on the paper");
    assert.match(paper, /\d{4}年\d+月\d+日/);
    assert.ok((await page.locator("main svg").count()) > 0, "a QR code stands on the paper");
    context.code = (await page.locator("[data-query-code]").first().innerText()).replaceAll(/\s/g, "");
    assert.match(context.code, /^\d{6}$/);
    await village.picture("acceptance-notice");
  }],

  ["with the line cut, two more are received and say 本机已存", async (context) => {
    const { village } = context;
    await link(context, false);
    context.numbers.land = await take(context, "土地经营权流转", LAND, { scenario: "s1", kind: "person", applicant: FARMER });
    assert.equal(await counter.truth(village), "saved");
    context.numbers.disabled = await take(context, "困难残疾人", DISABILITY, { scenario: "s1", applicant: DISABLED });
    assert.equal(await counter.truth(village), "saved");
    await village.picture("case-offline");
    await village.visit(new URL("/", context.station.url).href);
    await village.picture("workbench-offline");
  }],

  ["with the line restored, the centre signs for them: 中心已回执", async (context) => {
    const { village, numbers } = context;
    await link(context, true);
    for (const number of [numbers.old, numbers.land, numbers.disabled]) {
      await atCase(context, number);
      await counter.reloadUntil(village, `the centre signed for ${number}`, async () => {
        const says = await counter.truth(village);
        return { done: says === "receipt", says };
      });
    }
    await village.picture("case-receipted");
    // Two more for the centre to send back and to refuse.
    numbers.supplement = await take(context, "土地经营权流转", LAND, { scenario: "s1", kind: "person", applicant: TENANT });
    numbers.refuse = await take(context, "土地经营权流转", LAND, { scenario: "s1", kind: "person", applicant: YOUNG });
  }],

  ["the centre's queue has them, what is due first on top", async (context) => {
    const { township, centre, numbers, places } = context;
    await counter.signIn(township, centre);
    const wanted = [numbers.land, numbers.disabled, numbers.supplement, numbers.refuse];
    await township.visit(new URL("/queue", centre.url).href);
    const ids = () => township.page.locator(".card a").evaluateAll((links) => links.map((link) => link.pathname.split("/")[2]));
    await counter.reloadUntil(township, "the queue holds what the village sent", async () => {
      const there = await ids();
      return { done: wanted.every((number) => there.includes(places[number])), says: `${there.length} cards` };
    });
    await township.settled();
    await township.picture("centre-queue");
    // What is left must not fall from top to bottom.
    const days = await township.page.locator(".card .light").allInnerTexts();
    const left = days.map((text) => Number(text.match(/剩 (\d+) 天/)?.[1] ?? (/今日/.test(text) ? 0 : Infinity)));
    assert.deepEqual(left, [...left].sort((one, other) => one - other), `due first: ${days.join(", ")}`);
  }],

  ["the township approves where it decides", async (context) => {
    const { township, numbers } = context;
    await atCentre(context, numbers.land);
    await counter.act(township, "approve");
    await township.picture("centre-approved");
  }],

  ["where the county decides it is reviewed and reported up, and its answer registered", async (context) => {
    const { township, numbers } = context;
    await atCentre(context, numbers.disabled);
    await counter.act(township, "first-review", { fields: { list: "2026-11-01", receiver: "县民政局社会福利股" } });
    await township.picture("centre-reported");
    await atCentre(context, numbers.disabled, "outside");
    assert.match(await township.page.locator(".qc__route").innerText(), /今天报的，等反馈/, "how long the county has been silent");
    await counter.act(township, "feed-back", { fields: { paper: "泾民〔2026〕8 号" } });
    await township.picture("centre-fed-back");
  }],

  ["one is sent back once with everything, one is refused with a reason", async (context) => {
    const { township, numbers } = context;
    await atCentre(context, numbers.supplement);
    await counter.press(township, township.page.locator('[data-act="ask-supplement"]'));
    await township.page.locator('input[name="gaps"]').first().check();
    await township.page.locator('[name="words"]').fill("合同缺第二页，请补来原件。");
    await counter.press(township, township.page.locator("form button.btn--l[data-key='ctrl+enter']"));
    await township.picture("centre-supplement");
    await atCentre(context, numbers.refuse);
    await counter.act(township, "refuse", { fields: { reason: "流转期限超过剩余承包期。", basis: "农村土地承包法第三十八条" } });
    await township.picture("centre-refused");
  }],

  ["back at the village the answers arrive; what was asked for is supplemented", async (context) => {
    const { village, numbers } = context;
    for (const [number, expected] of [[numbers.land, /Decided|Ready/], [numbers.refuse, /Refused/], [numbers.supplement, /Supplementing/]]) {
      await atCase(context, number);
      await counter.reloadUntil(village, `${number} is ${expected}`, async () => {
        const says = await counter.stage(village);
        return { done: expected.test(says ?? ""), says };
      });
      await village.settled();
    }
    await counter.act(village, "take-supplement");
    await village.picture("case-supplemented");
  }],

  ["the result is handed over with a 送达回证", async (context) => {
    const { village, numbers } = context;
    await atCase(context, numbers.land);
    if ((await village.page.locator('[data-act="ready"]').count()) > 0) await counter.act(village, "ready");
    await counter.act(village, "deliver", { ticks: ["1"] });
    assert.equal(await counter.stage(village), "Delivered");
    await counter.press(village, village.page.getByRole("link", { name: "送达回证" }).first());
    assert.match((await village.page.locator("main").innerText()).replaceAll(/\s/g, ""), /送达回证/);
    await village.picture("delivery-receipt");
  }],

  ["the resident asks for progress by number and code, masked", async (context) => {
    const { resident, station, numbers, code } = context;
    await resident.visit(new URL("/progress", station.url).href);
    await resident.picture("progress-ask");
    await resident.page.locator("#number").fill(numbers.old);
    await resident.page.locator("#code").fill(code);
    await counter.press(resident, resident.page.getByRole("button", { name: "查", exact: true }));
    const told = await resident.page.locator("main").innerText();
    assert.match(told, new RegExp(ALLOWANCE));
    for (const secret of [OLD.name, OLD.id, OLD.phone, DAUGHTER.name]) assert.ok(!told.includes(secret), "a value stands there unmasked");
    assert.ok(!resident.page.url().includes(code), "the code stands in the address");
    await resident.picture("progress");
  }],
];
