// D10: what two boxes did apart stands side by side, with who, where and when; a person picks with a reason, the pick is an
// event on both boxes, and the home pages say how many wait as long as any does.
import assert from "node:assert/strict";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo } from "../lib/demo.mjs";
import { OLD } from "../lib/people.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "what two boxes changed apart (D10)";

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return {
    demo, browser, station: demo.stations[0], centre: demo.centre,
    village: await Guarded.open(browser, demo.hosts),
    township: await Guarded.open(browser, demo.hosts),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village, township }) {
  await village.picture("failed-conflict-village").catch(() => {});
  await township.picture("failed-conflict-township").catch(() => {});
}

async function line(context, whole) {
  const { village, station } = context;
  await village.visit(station.control_url);
  await counter.press(village, village.page.getByRole("button", { name: whole ? "接上线路" : "断开线路" }));
}

const at = (box, place) => new URL(place, box.url).href;
const waiting = async (window) => Number(/要人来定 (\d+)/.exec(await window.page.locator("main").innerText())?.[1] ?? NaN);

export const steps = [
  ["a case whose papers are to be checked is on both boxes", async (context) => {
    const { village, township, station, centre } = context;
    await counter.signIn(village, station);
    await counter.signIn(township, centre);
    await counter.begin(village, station, "gljt");
    await counter.fillIntake(village, { scenario: "s1", applicant: OLD, marks: { "m/id_card": "exempt" } });
    context.number = await counter.accept(village);
    context.case = new URL(village.page.url()).pathname;
    await counter.reloadUntil(village, "the centre has it", async () => {
      const says = await counter.truth(village);
      return { done: says === "receipt", says };
    });
    await village.visit(at(station, "/"));
    assert.equal(await waiting(village), 0, "the home page says that nothing waits");
  }],

  ["apart, each looks the same paper up elsewhere; together, both values stand and nothing is chosen", async (context) => {
    const { village, township, station, centre } = context;
    await line(context, false);
    await village.visit(at(station, context.case));
    await counter.act(village, "verify", { ticks: ["id_card"], choices: { source: "1", holds: "1" } });
    await township.visit(at(centre, context.case));
    await counter.act(township, "verify", { ticks: ["id_card"], choices: { source: "2", holds: "1" } });
    await line(context, true);
    for (const [window, box, home] of [[township, centre, "/queue"], [village, station, "/"]]) {
      await window.visit(at(box, home));
      await counter.reloadUntil(window, "it waits for somebody", async () => {
        const says = await waiting(window);
        return { done: says === 1, says };
      });
      await window.settled();
    }
    await village.picture("workbench-conflict");
    await village.visit(at(station, context.case));
    assert.match(await village.page.locator("main").innerText(), /“居民身份证的核验”有两个值/, "the case's page says which");
    assert.match(await village.page.locator(".one__papers li", { hasText: "居民身份证" }).innerText(), /有两个值/, "and the paper itself");
    await township.visit(at(centre, "/clashes"));
    await township.picture("conflict", false);
    const sides = await township.page.locator(".vs__one:not(.vs__one--other)").allInnerTexts();
    assert.equal(sides.length, 2, "side by side");
    const [left, right] = await township.page.locator(".vs__one").evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ top, left }) => ({ top, left })));
    assert.ok(left.top === right.top && left.left < right.left, "beside each other, neither above");
    for (const [value, who, where] of [["共享核验", "陈春梅", "杨村"], ["电子证照", "方敏", "中心"]]) {
      const side = sides.find((one) => one.includes(value));
      assert.ok(side?.includes(who) && side.includes(where) && /\d+月\d+日 \d\d:\d\d/.test(side), `${value}: who, where and when in “${side}”`);
    }
    assert.match(await township.page.locator("h2").first().innerText(), /居民身份证的核验有 2 个值/);
    assert.match(await township.page.locator("[data-before]").innerText(), /改之前\s*待核验[\s\S]*\d+月\d+日 收件时填/, "the value before both");
    assert.deepEqual(await township.page.locator(".vs [data-truth]").allInnerTexts(), ["中心已存", "中心已存"], "where each value is");
    await village.visit(at(station, "/clashes"));
    await village.picture("conflict-village", false);
    const own = await village.page.locator(".vs__one:not(.vs__one--other)", { hasText: "共享核验" }).locator("[data-truth]").innerText();
    assert.equal(own, "中心已回执", "the village's own value is signed for");
    assert.equal(await township.page.locator("input[name=choice]:checked").count(), 0, "nothing is chosen by itself");
  }],

  ["a person picks by keyboard with a reason; without one nothing is settled", async (context) => {
    const { township } = context;
    const { page } = township;
    await page.keyboard.press("2");
    township.expected.push("422");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Control+Enter")]);
    await township.settled();
    assert.match(await page.locator("#errors").innerText(), /理由/);
    assert.equal(await page.locator("input[name=choice]").nth(1).isChecked(), true, "what was picked stays picked");
    await page.locator("[data-often] button", { hasText: "电话核实" }).click();
    assert.equal(await page.locator("#reason").inputValue(), "电话核实");
    await page.locator("#reason").press("End");
    await page.keyboard.type("，证照系统里查到的");
    context.kept = (await page.locator(".vs__one").nth(1).innerText()).includes("电子证照") ? "电子证照" : "共享核验";
    await township.picture("conflict-picked", false);
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Control+Enter")]);
    await township.settled();
    assert.match(await page.locator("main").innerText(), /已定下，写进了办理过程[\s\S]*没有要定的/);
    await township.picture("conflict-none", false);
  }],

  ["the pick is an event on both boxes, with the value that was not taken", async (context) => {
    const { village, station } = context;
    await village.visit(at(station, "/"));
    await counter.reloadUntil(village, "nothing waits any more", async () => {
      const says = await waiting(village);
      return { done: says === 0, says };
    });
    await village.visit(at(station, context.case));
    const told = await village.page.locator(".timeline").first().innerText();
    const other = context.kept === "电子证照" ? "共享核验" : "电子证照";
    assert.ok(told.includes("定下不一致") && told.includes("证照系统里查到的") && told.includes(`没有采用 ${other}`), told.slice(0, 300));
    await village.picture("case-ruled");
  }],

  ["two ends that two boxes gave one case wait too, until somebody says what counts", async (context) => {
    const { village, township, station, centre } = context;
    await line(context, false);
    await village.visit(at(station, context.case));
    await counter.act(village, "withdraw", { choices: { asker: "1" } });
    await township.visit(at(centre, context.case));
    await counter.act(township, "return", { fields: { reason: "材料对不上，请重新申请。" } });
    await line(context, true);
    await township.visit(at(centre, "/queue"));
    await counter.reloadUntil(township, "it waits for somebody", async () => {
      const says = await waiting(township);
      return { done: says === 1, says };
    });
    await township.visit(at(centre, "/clashes"));
    await township.settled();
    await township.picture("conflict-acts", false);
    assert.match(await township.page.locator("h2").first().innerText(), /没有生效，算不算数/);
    await township.page.keyboard.press("1");
    await township.page.locator("#reason").fill("本人当面撤回的");
    await Promise.all([township.page.waitForEvent("load"), township.page.keyboard.press("Control+Enter")]);
    await township.settled();
    await township.visit(at(centre, "/queue"));
    assert.equal(await waiting(township), 0);
  }],
];
