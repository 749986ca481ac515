// B1 by keyboard alone: the 高龄津贴 of the experience notes from the workbench to the printed 受理通知书, as a clerk does it.
// Counts keys and adds up what the box took; the figures go to target/measure/intake.json. Only the keys are asserted: an
// intake that asks for more of them than this has become awkward.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo, until } from "../lib/demo.mjs";
import { DAUGHTER, OLD, account } from "../lib/people.mjs";
import { TARGET } from "../lib/places.mjs";
import { read } from "../lib/reader.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "an intake by keyboard alone (B1)";

// One key leads to a field and one answers it: 2 to find and begin, 1 for the situation, 5 to the person and the agent, 3 through the
// agent's fields, 4 through the form, 2 to print it and come back, 2 for how it was signed, 1 to the papers, 8 papers and rules,
// 3 to accept and print: 31. What is over is room for a Tab or two, not for a detour.
const LEADING_KEYS_MAX = 33;
// Four letters, eleven digits twice, a card's nineteen, an id number's eighteen, and eight characters by their sound: 87.
const TYPED_KEYS_MAX = 90;
// Letters of a syllable's pinyin and the key that takes the word: what one Chinese character costs on average.
const KEYS_A_CHARACTER = 3;
// An ordinary typist; the 90 seconds of the requirement are counted with it, and with what the box took.
const KEYS_A_SECOND = 3;

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return { demo, browser, station: demo.stations[0], village: await Guarded.open(browser, demo.hosts), led: 0, typed: 0, characters: 0, took: [] };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village }) {
  await village.picture("failed-keyboard").catch(() => {});
}

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("name") ?? document.activeElement?.id ?? "");

/** Keys that lead somewhere or answer something. */
async function keys(context, ...names) {
  for (const one of names) {
    context.led += one.split("+").length;
    await context.village.page.keyboard.press(one);
  }
}

async function type(context, text) {
  const chinese = [...text].filter((letter) => /[\u3400-\u9fff]/.test(letter)).length;
  context.characters += chinese;
  context.typed += text.length - chinese + chinese * KEYS_A_CHARACTER;
  // as fast as a hand, not as a card reader
  await context.village.page.keyboard.type(text, { delay: 60 });
}

/** What leads to another page, or lets the page be drawn again. */
async function turn(context, key, ready) {
  const { page } = context.village;
  await Promise.all([page.waitForEvent("load"), keys(context, key)]);
  await context.village.settled();
  if (ready) await until(`the focus is on ${ready}`, async () => ((await focused(page)) === ready ? true : undefined));
}

async function to(context, key, name) {
  await keys(context, key);
  assert.equal(await focused(context.village.page), name, `${key} leads to ${name}`);
}

export const steps = [
  ["B1: from the workbench to the printed notice without a mouse, in few keys", async (context) => {
    const { village, station } = context;
    const { page } = village;
    await counter.signIn(village, station);
    await village.visit(new URL("/", station.url).href);
    page.on("response", (answer) => {
      const took = /box;dur=([\d.]+)/.exec(answer.headers()["server-timing"] ?? "");
      const { pathname } = new URL(answer.url());
      if (took && !pathname.startsWith("/assets/")) context.took.push({ ms: Number(took[1]), waits: answer.request().isNavigationRequest() });
    });
    assert.equal(await focused(page), "q", "the search has the focus");
    await type(context, "gljt");
    await turn(context, "Enter");
    await turn(context, "Enter", "scenario");
    await turn(context, "1", "scenario");
    await to(context, "F2", "0/name");
    await read(village, `${OLD.name},女,汉,19430312,安徽省泾县${OLD.address},${OLD.id},泾县公安局,20180101,长期\n`);
    await until("the card is read", async () => ((await focused(page)) === "0/phone" ? true : undefined));
    assert.equal(await page.locator('[name="0/id_number"]').inputValue(), OLD.id);
    await type(context, OLD.phone);
    await to(context, "Tab", "0/address");
    await to(context, "Tab", "home");
    await to(context, "Tab", "has_agent");
    await turn(context, "Space", "has_agent");
    await to(context, "F2", "1/name");
    await type(context, DAUGHTER.name);
    await to(context, "Tab", "1/relation");
    await type(context, DAUGHTER.relation);
    await to(context, "Tab", "1/id_number");
    await type(context, DAUGHTER.id);
    await to(context, "Tab", "1/phone");
    await type(context, DAUGHTER.phone);
    await to(context, "F2", "0/form.living");
    await keys(context, "ArrowDown");
    await to(context, "F2", "0/form.account");
    await type(context, account("621700123456789012"));
    await to(context, "F2", "0/form.account.holder");
    await type(context, OLD.name);
    await turn(context, "F8");
    await village.picture("keyboard-form");
    await turn(context, "Escape");
    await to(context, "F2", "signed");
    await turn(context, "1", "signed");
    await keys(context, "F2");
    assert.match(await focused(page), /^m\//, "the first paper");
    await village.picture("keyboard-papers");
    const marks = await page.locator('[data-marks] tbody tr:has(input[type=radio])').count();
    for (let row = 0; row < marks; row += 1) await keys(context, "Space");
    assert.equal(await page.locator('[data-marks] tr:has(input[type=radio]):not(:has(input[value=ok]:checked, input[value=pass]:checked))').count(), 0, "every paper and rule is marked");
    await turn(context, "Control+Enter");
    assert.deepEqual(await page.locator("#errors").allInnerTexts(), [], "nothing is missing");
    await village.picture("keyboard-accepted");
    await turn(context, "Enter");
    assert.match((await page.locator("main").innerText()).replaceAll(/\s/g, ""), /受理通知书/);
    assert.equal(await page.locator("body").getAttribute("data-print"), "now", "it prints at once");
    await village.picture("keyboard-notice");
  }],

  ["keys of one letter can be turned off, and stay off on this browser", async ({ village, station }) => {
    const { page } = village;
    const marked = () => page.locator("[data-list] .is-on").count();
    await village.visit(new URL("/", station.url).href);
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("j");
    assert.equal(await marked(), 1, "J walks the list");
    await page.locator(".top__more summary").click();
    await page.getByRole("button", { name: "关掉单字母快捷键" }).click();
    await village.visit(new URL("/", station.url).href);
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("j");
    assert.equal(await marked(), 0, "J is a letter again");
    await page.locator(".top__more summary").click();
    await page.getByRole("button", { name: "打开单字母快捷键" }).click();
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("j");
    assert.equal(await marked(), 1);
  }],

  ["B1: the figures are written down, and the keys stay within their bound", async (context) => {
    const sum = (all) => Math.round(all.reduce((total, one) => total + one.ms, 0) * 10) / 10;
    const waits = context.took.filter((one) => one.waits);
    const figures = {
      intake: "高龄津贴申领, first time, with an agent, card reader",
      leading_keys: context.led, typed_keys: context.typed, chinese_characters: context.characters,
      keys_a_character: KEYS_A_CHARACTER, keys_a_second: KEYS_A_SECOND,
      pages: waits.length, box_ms_waited_for: sum(waits), requests: context.took.length, box_ms_in_all: sum(context.took),
      seconds_at_that_pace: Math.round((context.led + context.typed) / KEYS_A_SECOND + sum(waits) / 1000),
    };
    const folder = path.join(TARGET, "measure");
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "intake.json"), `${JSON.stringify(figures, undefined, 2)}\n`);
    console.log(`             ${JSON.stringify(figures)}`);
    assert.ok(context.took.length > 10 && context.took.every((one) => one.ms >= 0), "the box said how long it took");
    assert.ok(context.led <= LEADING_KEYS_MAX, `${context.led} keys to lead and to answer, ${LEADING_KEYS_MAX} at most`);
    assert.ok(context.typed <= TYPED_KEYS_MAX, `${context.typed} keys to type, ${TYPED_KEYS_MAX} at most`);
  }],
];
