// D7 上门: a tablet leaves the station's Wi-Fi, is filled in with the box unreachable, is killed, keeps everything and tells
// nobody, and brings each record back exactly once.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo, until } from "../lib/demo.mjs";
import { OLD, TENANT } from "../lib/people.mjs";
import { freePortOn } from "../lib/places.mjs";
import { Tablet, search } from "../lib/tablet.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "a tablet away from the box (D7)";

const ITEMS = ["高龄津贴申领", "困难残疾人生活补贴申领"];
const SECRET = [OLD.name, OLD.id, OLD.phone, TENANT.name, TENANT.id, TENANT.phone];

export async function open() {
  const port = await freePortOn(["127.0.0.10", "127.0.0.11", "127.0.0.12"]);
  const demo = await Demo.start(undefined, port);
  const station = demo.stations[0];
  const profile = await mkdtemp(path.join(os.tmpdir(), "bianmin-tablet-"));
  const browser = await launch();
  return {
    demo, port, station, profile, browser, hosts: demo.hosts,
    village: await Guarded.open(browser, demo.hosts),
    tablet: await Tablet.on(profile, demo.hosts),
  };
}

export async function close({ demo, browser, tablet, profile }) {
  await tablet.close();
  await browser.close();
  await demo.stop();
  await rm(profile, { recursive: true, force: true });
}

export async function failed({ tablet, village }) {
  await tablet.window.picture("failed-tablet").catch(() => {});
  await village.picture("failed-tablet-village").catch(() => {});
}

const view = (page) => page.locator("[data-view]:not([hidden])").getAttribute("data-view");
const shown = (page, wanted) => page.locator(`[data-view=${wanted}]:not([hidden])`).waitFor();
const there = (context) => new URL("/trip/", context.station.url).href;

async function stored(page) {
  await page.locator("[data-saved]", { hasText: "已存在平板上" }).waitFor();
}

async function fill(page, item, person) {
  await page.locator("[data-new]").getByRole("button", { name: item }).click();
  await shown(page, "form");
  await page.locator('input[name=scenario]').first().check({ force: true });
  for (const [name, value] of [["0/name", person.name], ["0/id_number", person.id], ["0/phone", person.phone], ["0/address", person.address]]) {
    await page.locator(`[name="${name}"]`).pressSequentially(value);
  }
  await page.locator('input[type=radio][name^="m/"][value=ok]').first().check({ force: true });
  await stored(page);
}

async function unlock(context) {
  const { page } = context.tablet;
  await shown(page, "lock");
  await page.locator("#open").fill(context.words.toLowerCase().replaceAll("-", " "));
  await page.getByRole("button", { name: "打开" }).click();
  await shown(page, "list");
}

/** A browser that comes up again on the same disk, without the box. */
async function again(context, script) {
  context.tablet = await Tablet.on(context.profile, context.hosts, script);
  // a browser may forget a session when it ends; the clerk of these steps has signed in before
  if (context.cookies) await context.tablet.context.addCookies(context.cookies);
  await context.tablet.page.goto(there(context));
}

async function boxGone(context) {
  await context.demo.stop({ keep: true });
  await assert.rejects(fetch(new URL("/healthz", context.station.url)), "the box is gone");
}

async function boxBack(context) {
  context.demo = await Demo.start(context.demo.data, context.port);
  const [station] = context.demo.stations;
  assert.equal(station.url, context.station.url, "the same address as before");
  context.station = station;
}

async function tabletSignsIn(context) {
  const { window, page } = context.tablet;
  await counter.signIn(window, context.station);
  await page.goto(there(context));
}

/** What the station has of trips: one line each. */
async function brought(context) {
  const { village, station } = context;
  await village.visit(new URL("/trips", station.url).href);
  return village.page.locator("section[aria-labelledby=back] li a").allInnerTexts();
}

export const steps = [
  ["without a sign-in the tablet is told to sign in, and takes nothing along", async (context) => {
    const { window, page } = context.tablet;
    await page.goto(there(context));
    await page.locator("[data-sign-in]:not([hidden])").waitFor();
    await window.settled();
    await window.picture("trip-sign-in");
    const session = await page.context().newCDPSession(page);
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    // without a sign-in or a visit before, the worker is not there yet; nothing else may stand in the way
    assert.deepEqual(installabilityErrors.map((one) => one.errorId).filter((id) => !/service-worker|offline/.test(id)), [], "it can be put on the home screen");
  }],

  ["at the station the clerk picks items, copies the 口令, and may leave", async (context) => {
    const { window, page } = context.tablet;
    await tabletSignsIn(context);
    await shown(page, "start");
    for (const item of ITEMS) await page.locator("[data-items] label", { hasText: item }).locator("input").check();
    await page.locator("#find").fill("没有这个");
    assert.equal(await page.locator("[data-items] label:visible").count(), ITEMS.length, "what is chosen stays in sight");
    await page.locator("#find").fill("");
    await window.settled();
    await window.picture("trip-prepare");
    // a second tap prepares nothing more: at the end the station knows of no tablet
    await page.getByRole("button", { name: "准备好，出门" }).dblclick();
    await shown(page, "words");
    context.words = (await page.locator("[data-words]").innerText()).trim();
    assert.match(context.words, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    await window.settled();
    await window.picture("trip-words");
    await page.locator("#again").fill("AAAA-AAAA-AAAA");
    await page.getByRole("button", { name: "抄好了" }).click();
    await page.locator("[data-confirm-error]:not([hidden])").waitFor();
    await page.locator("#again").fill(context.words);
    await page.getByRole("button", { name: "抄好了" }).click();
    await shown(page, "list");
    await window.settled();
  }],

  ["with the box gone the page opens, and two intakes are typed", async (context) => {
    await boxGone(context);
    const { window, page } = context.tablet;
    window.expected.push("net::ERR_");
    await page.reload();
    await unlock(context);
    await page.context().setOffline(true);
    await page.locator("[data-line]", { hasText: "没有网" }).waitFor();
    await fill(page, ITEMS[0], OLD);
    await page.locator('[name="0/id_number"]').fill(OLD.id.slice(0, 17));
    await page.locator('[name="0/phone"]').focus();
    await page.locator(".field__error", { hasText: "18 位" }).waitFor();
    await page.locator('[name="0/id_number"]').fill(OLD.id);
    await stored(page);
    await window.settled();
    await window.picture("trip-form");
    await page.getByRole("button", { name: "回清单" }).click();
    await fill(page, ITEMS[1], TENANT);
    await page.locator("[data-camera-open]").first().click();
    const take = page.locator("[data-camera-take]:enabled");
    await page.waitForFunction(() => document.querySelector("[data-camera-live]").videoWidth > 0);
    await take.click();
    await page.locator("[data-shots] img").first().waitFor();
    await page.locator("[data-camera-close]").click();
    await window.settled();
    await window.picture("trip-photo");
    await stored(page).catch(() => {});
    await page.getByRole("button", { name: "回清单" }).click();
    await shown(page, "list");
    assert.equal(await page.locator("[data-count]").innerText(), "2");
    await window.settled();
    await window.picture("trip-list");
    // the last keystroke before the battery falls out, typed and said to be stored
    await page.locator("[data-records] button").first().click();
    await page.locator('[name="0/address"]').press("End");
    await page.keyboard.type("，门朝南");
    await stored(page);
  }],

  ["killed, the tablet's disk tells nothing, and the 口令 brings everything back without the box", async (context) => {
    await context.tablet.kill();
    const { hits, bytes } = await search(context.profile, [...SECRET, context.words, context.words.replaceAll("-", ""), "门朝南"]);
    assert.deepEqual(hits, []);
    assert.ok(bytes > 100_000, `only ${bytes} bytes were looked through`);
    // the search finds what is there: a planted word in the same folder
    const planted = path.join(context.profile, "planted");
    await writeFile(planted, Buffer.from(`x${OLD.name}`, "utf16le"));
    assert.equal((await search(context.profile, SECRET)).hits.length, 1, "the search itself works");
    await rm(planted);

    await again(context);
    const { window, page } = context.tablet;
    window.expected.push("net::ERR_");
    await shown(page, "lock");
    assert.match(await page.locator("[data-lock-note]").innerText(), /2 件/);
    await window.settled();
    await window.picture("trip-locked");
    await page.locator("#open").fill("2222-2222-2222");
    await page.getByRole("button", { name: "打开" }).click();
    await page.locator("[data-unlock-error]:not([hidden])").waitFor();
    await unlock(context);
    const rows = await page.locator("[data-records] button").allInnerTexts();
    assert.ok(rows.length === 2 && rows[0].includes(OLD.name) && rows[1].includes(TENANT.name), rows.join());
    await page.locator("[data-records] button").first().click();
    assert.equal(await page.locator('[name="0/address"]').inputValue(), `${OLD.address}，门朝南`);
    assert.equal(await page.locator('[name="0/id_number"]').inputValue(), OLD.id);
    await page.getByRole("button", { name: "锁上" }).click();
    await shown(page, "lock");
    assert.equal(await page.locator("[data-form] *").count(), 0, "a locked page holds nothing");
    await unlock(context);
  }],

  ["back at the station without a session nothing is lost; signed in, the box itself can open the tablet", async (context) => {
    await boxBack(context);
    const { window, page } = context.tablet;
    await page.context().clearCookies();
    await page.getByRole("button", { name: "送回盒子" }).click();
    await page.locator("[data-list-sign-in]:not([hidden])").waitFor();
    await window.picture("trip-session-ended");
    await tabletSignsIn(context);
    await shown(page, "lock");
    await page.getByText("口令找不到了").click();
    await page.getByRole("button", { name: "让盒子打开" }).click();
    await shown(page, "list");
    assert.equal(await page.locator("[data-count]").innerText(), "2", "nothing was lost");
  }],

  ["killed in the middle of sending, with the box's answer lost, both come back exactly once", async (context) => {
    // the clerk at the counter is the one who carried the tablet
    context.cookies = await context.tablet.context.cookies();
    await context.village.context.addCookies(context.cookies);
    await context.tablet.close();
    // the box takes the first record; its answer never arrives
    await again(context, () => {
      const asked = window.fetch;
      window.fetch = async (...what) => {
        const answer = await asked(...what);
        if (!String(what[0]).endsWith("/record")) return answer;
        document.documentElement.setAttribute("data-answer-lost", "");
        return new Promise(() => {});
      };
    });
    await unlock(context);
    await context.tablet.page.getByRole("button", { name: "送回盒子" }).click();
    await context.tablet.page.locator("html[data-answer-lost]").waitFor();
    assert.equal((await brought(context)).length, 1, "the box has one, the tablet does not know");
    await context.tablet.kill();

    await again(context);
    await unlock(context);
    const { window, page } = context.tablet;
    assert.equal(await page.locator("[data-count]").innerText(), "2", "what was not answered stays");
    await page.locator("[data-records] button").first().click();
    assert.equal(await page.locator('[name="0/name"]').isEditable(), false, "and is not changed until it is");
    await page.getByRole("button", { name: "回清单" }).click();
    await page.getByRole("button", { name: "送回盒子" }).click();
    await page.locator("[data-send-note]", { hasText: "盒子已保存 2 件" }).waitFor();
    assert.equal(await page.locator("[data-count]").innerText(), "0");
    await window.settled();
    await window.picture("trip-sent");
    assert.equal((await brought(context)).length, 2, "exactly two");
    await context.village.picture("trips-brought");
  }],

  ["the clerk finishes what came back, with its photo, a number and a paper", async (context) => {
    const { village } = context;
    await village.visit(new URL("/", context.station.url).href);
    assert.match(await village.page.locator("section[aria-labelledby=brought]").innerText(), /上门带回 2 件/);
    await village.picture("workbench-brought");
    await counter.press(village, village.page.locator("section[aria-labelledby=brought] a"));
    await counter.press(village, village.page.locator("section[aria-labelledby=back] li a", { hasText: ITEMS[1] }));
    assert.equal(await village.page.locator('[name="0/name"]').inputValue(), TENANT.name);
    assert.match(await village.page.locator("[data-photo-count]").allInnerTexts().then((all) => all.join()), /1 张/);
    await brought(context);
    await counter.press(village, village.page.locator("section[aria-labelledby=back] li a", { hasText: ITEMS[0] }));
    await counter.fillIntake(village, { scenario: "s1", applicant: OLD });
    const number = await counter.accept(village);
    assert.match(number, /^2308-/);
    assert.match(await village.page.locator(".timeline").first().innerText(), /上门收件/);
    await village.picture("trip-case");
  }],

  ["the trip ends, and nothing is left on the tablet", async (context) => {
    const { window, page } = context.tablet;
    await page.getByText("这次上门结束了").click();
    await page.getByRole("button", { name: "结束，清空平板" }).click();
    await shown(page, "done");
    await window.settled();
    await window.picture("trip-done");
    await page.getByRole("button", { name: "再准备一次" }).click();
    await page.locator("[data-items] label").first().waitFor();
    const offered = await page.locator("[data-items] input").evaluateAll((all) => all.map((one) => one.value));
    assert.equal(new Set(offered).size, offered.length, "each item stands in the list once");
    await page.reload();
    await shown(page, "start");
    await until("the station knows of no tablet", async () => {
      await brought(context);
      return /没有在外面的平板/.test(await context.village.page.locator("main").innerText()) ? true : undefined;
    });
    await context.tablet.kill();
    assert.deepEqual((await search(context.profile, SECRET)).hits, []);
    await again(context);
  }],
];
