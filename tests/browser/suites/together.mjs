// Two villages and the centre at one case, and help over a line that comes and goes: B4 and B8 by hand in a browser on three real boxes.
import assert from "node:assert/strict";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo } from "../lib/demo.mjs";
import { OLD, TENANT } from "../lib/people.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "villages and centre together";

const CARE_HOME = "特困人员集中供养";
const ALLOWANCE = "高龄津贴申领";

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return {
    demo, browser, station: demo.stations[0], other: demo.stations[1], centre: demo.centre,
    village: await Guarded.open(browser, demo.hosts),
    second: await Guarded.open(browser, demo.hosts),
    township: await Guarded.open(browser, demo.hosts),
    plain: await Guarded.open(browser, demo.hosts, { javaScriptEnabled: false }),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village, second, township }) {
  for (const [who, window] of Object.entries({ village, second, township })) await window.picture(`failed-together-${who}`).catch(() => {});
}

const at = (box, place) => new URL(place, box.url).href;
const button = (window, label) => window.page.getByRole("button", { name: label });
const place = (window) => new URL(window.page.url()).pathname;
const lines = (window) => window.page.locator(".help__lines > li");

async function link(window, box, whole) {
  await window.visit(box.control_url);
  await counter.press(window, button(window, whole ? "接上线路" : "断开线路"));
}

async function has(window, what, locator) {
  await counter.reloadUntil(window, what, async () => ({ done: (await locator.count()) > 0, says: "nothing of it" }));
  await window.settled();
}

async function say(window, words) {
  await window.page.locator("#words").fill(words);
  await counter.press(window, button(window, "发出"));
  assert.deepEqual(await window.page.locator("#errors").allInnerTexts(), []);
}

export const steps = [
  ["everybody signs in", async ({ village, second, township, station, other, centre }) => {
    await counter.signIn(village, station);
    await counter.signIn(second, other);
    await counter.signIn(township, centre);
  }],

  ["B4: a village takes in for another's resident, who belongs to 石桥", async (context) => {
    const { village, station } = context;
    await counter.begin(village, station, CARE_HOME);
    await counter.fillIntake(village, { scenario: "s1", applicant: OLD });
    await village.page.locator('select[name="home"]').selectOption({ label: context.other.name });
    await village.picture("together-intake");
    context.number = await counter.accept(village);
    context.case = place(village);
    assert.match(await village.page.locator(".one__state").innerText(), /石桥便民服务站属地办理/);
    assert.equal(await village.page.locator('[data-act="visit"]').count(), 0, "the visit is not the counter's");
    await village.picture("together-counter");
  }],

  ["B4: the owner village finds it on its workbench and registers the visit", async (context) => {
    const { second, other } = context;
    await second.visit(at(other, "/"));
    await has(second, "it has come to its village", second.page.getByText("外村转来", { exact: true }));
    await second.picture("together-workbench");
    await second.visit(at(other, "/crossed"));
    await second.picture("together-crossed");
    await second.visit(at(other, context.case));
    await counter.act(second, "visit", {
      fields: { visitor1: "许建国", visitor2: "孙月", words: "家中见到本人" }, choices: { finding: "1" },
    });
    await second.picture("together-owner");
  }],

  ["B4: the counter sees what was done and what was decided, and hands over", async (context) => {
    const { village, township, station, centre } = context;
    await village.visit(at(station, context.case));
    await has(village, "the visit is known here", village.page.getByText("家中见到本人"));
    await township.visit(at(centre, context.case));
    await has(township, "the centre may decide", township.page.locator('[data-act="approve"]'));
    await counter.act(township, "approve");
    await has(village, "the decision is here", village.page.locator('[data-stage="Decided"]'));
    await counter.act(village, "ready");
    await counter.act(village, "deliver", { ticks: ["1"] });
    assert.equal(await counter.stage(village), "Delivered");
    await village.picture("together-delivered");
  }],

  ["B8: help is asked on a draft; only then the centre sees it", async (context) => {
    const { village, township, station, centre } = context;
    await counter.begin(village, station, ALLOWANCE);
    context.draft = place(village);
    await village.page.locator('[name="0/name"]').fill(TENANT.name);
    await village.page.locator('[name="0/phone"]').fill("1391234247");
    await counter.press(village, button(village, "求助镇中心"));
    context.thread = place(village);
    township.expected.push("404");
    await township.page.goto(at(centre, context.thread));
    assert.match(await township.page.locator("h1").innerText(), /没有/, "nobody asked");
    await village.page.getByText("标出是哪几项").click();
    await village.page.locator('input[name="field"][value="0/phone"]').check();
    await say(village, "电话总说不对，少了哪一位？");
    assert.equal(await lines(village).count(), 1);
    await village.picture("together-asked");
    await township.visit(at(centre, "/queue"));
    await has(township, "the question is at the centre", township.page.locator(`a[href="${context.thread}"]`));
    await township.picture("together-queue");
    await counter.press(township, township.page.locator(`a[href="${context.thread}"]`));
  }],

  ["B8: the centre suggests; the open page shows it by itself; one press changes the field", async (context) => {
    const { village, township, station } = context;
    await township.page.locator('select[name="field"]').selectOption("0/phone");
    await township.page.locator("#value").fill("13912342476");
    await counter.press(township, button(township, "提这条建议"));
    await township.picture("together-centre");
    await lines(village).nth(1).waitFor();
    assert.match(await lines(village).nth(1).innerText(), /13912342476/, "without a reload");
    await village.axe();
    await village.picture("together-suggested");
    await counter.press(village, village.page.locator('button[name="do"][value="take"]'));
    await village.visit(at(station, context.draft));
    assert.equal(await village.page.locator('[name="0/phone"]').inputValue(), "13912342476");
  }],

  ["B8: over a line that comes and goes every line arrives once and in order", async (context) => {
    const { village, township, station, centre } = context;
    for (const [n, words] of ["第一句", "第二句", "第三句"].entries()) {
      await link(village, station, false);
      await village.visit(at(station, context.thread));
      await say(village, words);
      await village.page.locator('[data-truth="saved"]').first().waitFor();
      await link(village, station, true);
      await township.visit(at(centre, context.thread));
      await has(township, `${words} is at the centre`, township.page.getByText(words, { exact: true }));
      await say(township, `镇${n}`);
    }
    await village.visit(at(station, context.thread));
    await has(village, "the last answer is here", village.page.getByText("镇2", { exact: true }));
    const told = (await lines(village).locator(".prose").allInnerTexts()).slice(-6);
    assert.deepEqual(told, ["第一句", "镇0", "第二句", "镇1", "第三句", "镇2"]);
    assert.deepEqual((await lines(township).locator(".prose").allInnerTexts()).slice(-6), told);
  }],

  ["B8: without scripts the same is asked and answered", async (context) => {
    const { plain, station } = context;
    const cookies = await context.village.context.cookies();
    await plain.context.addCookies(cookies);
    await plain.page.goto(at(station, context.thread));
    await plain.page.locator("#words").fill("不用脚本也行");
    await Promise.all([plain.page.waitForEvent("load"), button(plain, "发出").click()]);
    assert.equal(await plain.page.getByText("不用脚本也行", { exact: true }).count(), 1);
    await Promise.all([plain.page.waitForEvent("load"), button(plain, "问清楚了，结束").click()]);
    assert.match(await plain.page.locator(".help__state").innerText(), /已结束/);
  }],
];
