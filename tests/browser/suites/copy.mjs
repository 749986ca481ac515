// G7: a case of twenty fields and more goes into an outside system by keyboard; every field is read back from the clipboard and every
// key is counted. Then its number there, its photos, and the answer that comes back by that number.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo, until } from "../lib/demo.mjs";
import { OLD, DAUGHTER } from "../lib/people.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "copying into outside systems (G7)";

const KEYS_MAX = 40;
const FIELDS = 20;

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return {
    demo, browser, station: demo.stations[0], centre: demo.centre,
    village: await Guarded.open(browser, demo.hosts),
    township: await Guarded.open(browser, demo.hosts, { acceptDownloads: true, permissions: ["clipboard-read", "clipboard-write"] }),
    plain: await Guarded.open(browser, demo.hosts, { javaScriptEnabled: false }),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village, township, plain }) {
  for (const [who, window] of Object.entries({ village, township, plain })) await window.picture(`failed-copy-${who}`).catch(() => {});
}

const at = (box, place) => new URL(place, box.url).href;
const clipboard = (window) => window.page.evaluate(() => navigator.clipboard.readText());

/** Presses keys one by one and counts them. */
class Keyboard {
  pressed = 0;
  constructor(window) { this.window = window; }
  async press(key) {
    this.pressed += 1;
    await this.window.page.keyboard.press(key);
  }
}

export const steps = [
  ["the township's list has what a village accepted, and its home page counts it", async (context) => {
    const { village, township, station, centre } = context;
    await counter.signIn(village, station);
    await counter.signIn(township, centre);
    await counter.begin(village, station, "gljt");
    await counter.fillIntake(village, { scenario: "s1", applicant: OLD, agent: DAUGHTER });
    context.number = await counter.accept(village);
    await until("the case is in the centre's list", async () => {
      await township.page.goto(at(centre, "/transcribe"));
      return (await township.page.getByText(context.number).count()) > 0 ? true : undefined;
    });
    await township.settled();
    await township.picture("transcribe-list");
    assert.ok(!(await township.page.locator("main").innerText()).includes(OLD.name), "masked");
    await township.visit(at(centre, "/queue"));
    await township.page.getByRole("link", { name: /件还没录到外部系统/ }).waitFor();
    await township.visit(at(centre, "/transcribe"));
    await counter.press(township, township.page.getByRole("link", { name: "对照录入" }).first());
    context.page = township.page.url();
    assert.ok(!context.page.includes(OLD.id) && !(await township.page.content()).includes(OLD.id), "masked until a reason is given");
    await township.picture("transcribe-masked");
  }],

  ["a case of 20 fields and more is copied in under 40 keys, each field in the clipboard in its turn", async (context) => {
    const { township } = context;
    const keys = new Keyboard(township);
    const loaded = township.page.waitForEvent("load");
    await keys.press("Control+Enter");
    await loaded;
    await township.settled();
    const fields = await township.page.locator("[data-copy]").evaluateAll((all) => all.map((one) => one.value));
    assert.ok(fields.length >= FIELDS, `${fields.length} fields have a value`);
    assert.ok(fields.includes(OLD.id) && fields.includes(OLD.phone) && fields.includes(DAUGHTER.id));
    for (const [place, field] of fields.entries()) {
      await keys.press("Enter");
      await until(`field ${place + 1} is copied`, async () => ((await clipboard(township)) === field ? true : undefined), 5_000);
      if (place === 3) await township.picture("transcribe-copying");
    }
    assert.ok(keys.pressed < KEYS_MAX, `${keys.pressed} keys for ${fields.length} fields`);
    console.log(`             ${keys.pressed} keys for ${fields.length} fields`);
    assert.match(await township.page.locator("[data-copy-said]").innerText(), /都抄完了/);
    assert.equal(await township.page.evaluate(() => document.activeElement.id), "number", "the number is next");
    await township.picture("transcribe-copied");
  }],

  ["it is not marked without a number or a reason, and is gone from the list with one", async (context) => {
    const { township, village, station } = context;
    township.expected.push("422");
    await counter.press(township, township.page.locator("button[value=record]"));
    assert.match(await township.page.locator("#errors").innerText(), /要写一样/);
    await township.page.locator("#number").fill("AH-2026-000123");
    await counter.press(township, township.page.locator("button[value=record]"));
    assert.match(await township.page.locator("main").innerText(), /外部办件编号已存下/);
    assert.equal(await township.page.getByText(context.number).count(), 0);
    await until("the station sees it", async () => {
      await counter.openCase(village, station, context.number);
      return (await village.page.getByText("AH-2026-000123").count()) > 0 ? true : undefined;
    });
    await counter.find(village, station, "ah2026000123");
    assert.equal(await counter.caseNumber(village), context.number, "found by its outside number");
  }],

  ["with scripts off the fields are inputs in their order, and the number is typed the same way", async (context) => {
    const { plain, township, centre } = context;
    await plain.context.addCookies(await township.context.cookies(centre.url));
    await plain.page.goto(context.page);
    await Promise.all([plain.page.waitForEvent("load"), plain.page.locator("button[value=show]").click()]);
    const order = await plain.page.locator("[data-copy]").evaluateAll((all) => all.map((one) => [one.readOnly, one.tabIndex]));
    assert.ok(order.length >= FIELDS && order.every(([fixed, tab]) => fixed && tab === 0));
    await plain.page.locator("[data-copy]").first().focus();
    await plain.page.keyboard.press("Tab");
    assert.ok(await plain.page.locator("[data-copy]").nth(1).evaluate((one) => document.activeElement === one));
    assert.ok(!(await plain.page.locator("[data-copy-next]").isVisible()), "no button that needs scripts");
    plain.check();
    await plain.picture("transcribe-plain");
  }],

  ["the order is the township's to set, and a wrong line is told", async ({ township, centre }) => {
    await township.visit(at(centre, "/transcribe/forms"));
    await township.picture("transcribe-forms");
    await counter.press(township, township.page.getByRole("link", { name: /高龄津贴/ }).first());
    await township.page.locator("#fields").fill("证件号 = 证件号码\n手机 = 大哥大");
    await counter.press(township, township.page.getByRole("button", { name: /^存下/ }));
    assert.match(await township.page.locator("#errors").innerText(), /第 2 行/);
    await township.picture("transcribe-form-wrong");
    await township.page.locator("#fields").fill("证件号 = 证件号码\n姓名 = 姓名或名称");
    await counter.press(township, township.page.getByRole("button", { name: /^存下/ }));
    assert.match(await township.page.locator("main").innerText(), /镇里设的/);
  }],

  ["photos come named to the rules, without anything personal in an address", async (context) => {
    const { village, station } = context;
    const drawn = await village.page.evaluate(() => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
      canvas.getContext("2d").fillRect(10, 10, 100, 100);
      return canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
    });
    await counter.openCase(village, station, context.number);
    await counter.press(village, village.page.locator('.one__papers a[href^="/photos/"]').first());
    await village.page.locator("input[type=file]").first().setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: Buffer.from(drawn, "base64") });
    await village.page.locator("[data-photo-list] li").first().waitFor();
    await counter.openCase(village, station, context.number);
    await counter.press(village, village.page.locator('[data-act="transcribe"]'));
    await counter.press(village, village.page.locator("button[value=show]"));
    const [file] = await Promise.all([
      village.page.waitForEvent("download"), village.page.getByRole("button", { name: /全部下载/ }).click(),
    ]);
    assert.ok(file.suggestedFilename().endsWith(".zip") && file.suggestedFilename().includes(context.number));
    assert.ok(!file.url().includes(OLD.id.slice(-4)), "no part of an id number in an address");
    const bytes = await readFile(await file.path());
    assert.ok(bytes.includes(Buffer.from(`${OLD.id.slice(-4)}_`)), "named by the last four");
    await village.visit(at(station, "/transcribe/answer"));
    await village.picture("transcribe-answer");
  }],
];
