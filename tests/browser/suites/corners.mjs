// What the main job does not touch: households, units and agents, acting on behalf, 公示, the same form sent twice, the
// back button, pages without scripts, and a value shown in full.
import assert from "node:assert/strict";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo, until } from "../lib/demo.mjs";
import { DAUGHTER, FARMER, OLD, TENANT, YOUNG } from "../lib/people.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "the corners of the counter";

const UNIT = { name: "泾县枫河镇杨村种植专业合作社", code: "93341823MA2N00001D", contact: FARMER.name, phone: FARMER.phone, address: "枫河镇杨村" };

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return {
    demo, browser, station: demo.stations[0],
    village: await Guarded.open(browser, demo.hosts),
    plain: await Guarded.open(browser, demo.hosts, { javaScriptEnabled: false }),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village, plain }) {
  for (const [who, window] of Object.entries({ village, plain })) await window.picture(`failed-corners-${who}`).catch(() => {});
}

const text = async (window) => (await window.page.locator("main").innerText()).replaceAll(/\s/g, "");

/** Opens a paper of the case that is shown, looks for words on it, and comes back. */
async function paper(window, label, ...words) {
  const back = window.page.url();
  await counter.press(window, window.page.getByRole("link", { name: label }).first());
  const shown = await text(window);
  for (const word of words) assert.ok(shown.includes(word.replaceAll(/\s/g, "")), `${label} says ${word}: ${shown}`);
  await window.picture(`paper-${label}`);
  await window.visit(back);
}

export const steps = [
  ["choosing what changes the page loses nothing, with scripts and without", async (context) => {
    const { village, station, browser, demo } = context;
    await counter.signIn(village, station);
    const { page } = village;
    await counter.begin(village, station, "zjd");
    const typed = { "0/name": OLD.name, "0/id_number": OLD.id, "0/phone": OLD.phone, "0/address": OLD.address };
    for (const [name, value] of Object.entries(typed)) await page.locator(`[name="${name}"]:not([type=hidden])`).fill(value);
    await Promise.all([page.waitForEvent("load"), page.locator("#has_agent").check({ force: true })]);
    for (const [name, value] of Object.entries(typed)) assert.equal(await page.locator(`[name="${name}"]:not([type=hidden])`).inputValue(), value, name);
    await village.settled();
    // The same draft without scripts: the button saves, the page comes with the agent's fields.
    const bare = await Guarded.open(browser, demo.hosts, { javaScriptEnabled: false, storageState: await village.context.storageState() });
    await bare.page.goto(page.url());
    await bare.page.locator('[name="1/name"]').fill(DAUGHTER.name);
    await bare.page.locator("#has_agent").uncheck({ force: true });
    await Promise.all([bare.page.waitForEvent("load"), bare.page.locator("button[form=intake][value=save]").click()]);
    assert.equal(await bare.page.locator('[name="0/phone"]').inputValue(), OLD.phone);
    assert.equal(await bare.page.locator('[name="1/name"]:not([type=hidden])').count(), 0);
    await bare.page.locator("#has_agent").check({ force: true });
    await Promise.all([bare.page.waitForEvent("load"), bare.page.locator("button[form=intake][value=save]").click()]);
    assert.equal(await bare.page.locator('[name="1/name"]').inputValue(), DAUGHTER.name, "what was typed comes back with its field");
    await bare.picture("intake-without-scripts");
    await bare.close();
  }],

  ["a text that does not fit is told beside its field while the rest is saved", async ({ village }) => {
    const { page } = village;
    await page.reload();
    village.expected.push("422");
    await page.locator('[name="0/address"]').evaluate((field) => { field.removeAttribute("maxlength"); });
    await page.locator('[name="0/address"]').fill("杨村".repeat(1500));
    await page.locator("[data-live-error]").first().waitFor();
    assert.match(await page.locator("[data-live-error]").first().innerText(), /写得太长/);
    await page.locator('[name="0/phone"]').fill(DAUGHTER.phone);
    await page.waitForResponse((answer) => answer.url().endsWith("/autosave"));
    await page.reload();
    assert.equal(await page.locator('[name="0/phone"]').inputValue(), DAUGHTER.phone);
    assert.equal(await page.locator('[name="0/address"]').inputValue(), OLD.address, "what stood there before");
  }],

  ["two windows of one draft save side by side, and what both changed is told where it was typed", async ({ village, browser, demo }) => {
    const { page } = village;
    await page.reload();
    const other = await Guarded.open(browser, demo.hosts, { storageState: await village.context.storageState() });
    await other.visit(page.url());
    const field = (window, name) => window.page.locator(`[name="${name}"]:not([type=hidden])`);
    const type = (window, name, value) => Promise.all([
      window.page.waitForResponse((answer) => answer.url().endsWith("/autosave") && answer.ok()),
      field(window, name).fill(value),
    ]);
    await type(other, "0/address", "枫河镇李村九组");
    await type(village, "0/phone", OLD.phone);
    await until("the other window's address", async () => (await field(village, "0/address").inputValue()) === "枫河镇李村九组" || undefined);
    assert.equal(await field(village, "0/phone").inputValue(), OLD.phone, "what was typed here stays");
    await type(other, "0/name", FARMER.name);
    await type(village, "0/name", TENANT.name);
    await page.locator("[data-live-error]").first().waitFor();
    assert.match(await page.locator("[data-live-error]").first().innerText(), new RegExp(`另一个窗口里.*${FARMER.name}`));
    assert.equal(await field(village, "0/name").inputValue(), TENANT.name, "what was typed here stays in sight");
    await village.picture("intake-two-windows");
    await type(village, "0/phone", DAUGHTER.phone);
    await other.page.reload();
    assert.equal(await field(other, "0/name").inputValue(), FARMER.name, "and is not saved by itself");
    await counter.press(village, page.locator("button[form=intake][value=save]"));
    assert.equal(await field(village, "0/name").inputValue(), TENANT.name, "but by the clerk who was told");
    await field(other, "0/name").evaluate((box, name) => { box.value = name; }, OLD.name);
    other.expected.push("409");
    await counter.press(other, other.page.locator("button[form=intake][value=save]"));
    const summary = await other.page.locator("#errors").innerText();
    assert.ok(summary.includes(TENANT.name) && summary.includes(OLD.name), summary);
    await other.picture("intake-two-windows-whole");
    await other.context.close();
  }],

  ["a household with members and an agent is received, visited and posted; 公示 is not ended before its day", async (context) => {
    const { village, station } = context;
    const { page } = village;
    await counter.begin(village, station, "db");
    await counter.fillIntake(village, { scenario: "s1", applicant: FARMER, agent: DAUGHTER });
    await page.locator('[name="2/name"]').fill(TENANT.name);
    await page.locator('[name="2/id_number"]').fill(TENANT.id);
    await page.locator('[name="2/relation"]').fill("妻子");
    await counter.press(village, page.getByRole("button", { name: "加一人" }));
    assert.equal(await page.locator('[name$="/relation"]:not([type=hidden])').count(), 3, "the agent's, the member's and an empty one");
    await village.picture("intake-household");
    context.household = await counter.accept(village);
    await village.picture("case-household");
    await paper(village, "受理通知书", FARMER.name, DAUGHTER.name);
    await counter.act(village, "visit", { fields: { visitor2: "李桂兰", words: "家里三口人，房屋老旧。" } });
    await counter.act(village, "post-notice");
    await village.picture("case-posted");
    assert.equal(await page.locator('[data-act="end-notice"]').count(), 0, "not before its last day is over");
    village.expected.push("409");
    await village.visit(`${page.url().split("?")[0]}/acts/end-notice`);
    assert.match(await text(village), /公示到.*为止/);
    await village.picture("act-not-open");
    await counter.press(village, page.getByRole("link", { name: "回这件办件" }));
    assert.equal(await counter.caseNumber(village), context.household);
  }],

  ["a unit with its code and contact is received", async (context) => {
    const { village, station } = context;
    const { page } = village;
    await counter.begin(village, station, "土地经营权流转");
    await counter.fillIntake(village, { scenario: "s1", kind: "unit", applicant: UNIT });
    await page.locator('[name="0/unit_code"]').fill(UNIT.code);
    await page.locator('[name="0/contact"]').fill(UNIT.contact);
    await village.picture("intake-unit");
    await counter.accept(village);
    await village.picture("case-unit");
    await paper(village, "受理通知书", UNIT.name);
  }],

  ["acting on behalf gives a 收件凭证 and a 代办委托书, and no acceptance notice", async (context) => {
    const { village, station } = context;
    const { page } = village;
    await counter.begin(village, station, "居民用电新装");
    assert.match(await page.locator("button[form=intake][value=accept]").innerText(), /代办收件/);
    await counter.fillIntake(village, { scenario: "s1", kind: "person", applicant: YOUNG, agent: DAUGHTER });
    await village.picture("intake-on-behalf");
    await counter.accept(village);
    await village.picture("case-on-behalf");
    assert.equal(await page.getByRole("link", { name: "受理通知书" }).count(), 0);
    await paper(village, "收件凭证", YOUNG.name);
    await paper(village, "代办委托书", YOUNG.name);
    // Its route leads from the village straight to the body: nothing is handed to the township on the way.
    assert.equal(await page.locator('[data-act="hand-over"]').count(), 0);
    await counter.act(village, "report-up", { fields: { list: "当面送交", receiver: "供电所营业厅" } });
    assert.equal(await counter.stage(village), "Outside");
    await village.picture("case-carried");
  }],

  ["the same form sent twice is one act: by the back button, and by two presses without scripts", async (context) => {
    const { village, plain, station } = context;
    const { page } = village;
    await counter.begin(village, station, "失业登记");
    await counter.fillIntake(village, { scenario: "s1", applicant: TENANT });
    const number = await counter.accept(village);
    assert.doesNotMatch(await text(village), /剩\d+天/, "who waits at the counter has no days left");
    await village.picture("case-instant");
    const case_ = page.url().split("?")[0];
    await page.goBack();
    await village.page.waitForLoadState("load");
    if (page.url().includes("/intake/")) await counter.press(village, page.locator("button[form=intake][value=accept]"));
    assert.equal(await counter.caseNumber(village), number, "back and 受理 again leads to the same case");
    await village.visit(`${case_}/acts/note`);
    await page.locator('[name="words"]').fill("下午来取。");
    await counter.press(village, page.locator("form button.btn--l[data-key='ctrl+enter']"));
    const entries = await page.locator(".timeline li").count();
    await page.goBack();
    await page.waitForLoadState("load");
    await page.locator('[name="words"]').fill("下午来取。");
    await counter.press(village, page.locator("form button.btn--l[data-key='ctrl+enter']"));
    if (page.url().includes("done=again")) assert.match(await text(village), /刚才已经办好了/);
    assert.ok((await page.locator(".timeline li").count()) - entries <= 1);
    // Without scripts nothing holds a second press back but the box itself.
    await plain.context.addCookies(await village.context.cookies());
    await plain.page.goto(`${case_}/acts/note`);
    await plain.page.locator('[name="words"]').fill("说明只写一次。");
    await plain.page.locator("form button.btn--l[data-key='ctrl+enter']").dblclick();
    // the first of the two journeys is broken off by the second
    await until("the note is kept", async () => plain.page.url().includes("done=") || undefined);
    await plain.page.waitForLoadState("load");
    await plain.page.goto(case_);
    assert.equal((await plain.page.locator(".timeline").innerText()).split("说明只写一次").length - 1, 1, "one note");
    assert.ok(station.url.length > 0);
  }],

  ["a full value is shown once, with a reason", async ({ village }) => {
    const { page } = village;
    assert.ok(!(await text(village)).includes(TENANT.id), "masked on the case's page");
    await counter.press(village, page.getByRole("link", { name: "看完整信息" }));
    await page.locator("#what").selectOption({ label: "证件号码" });
    await page.locator('input[name="why"][value="contact"]').check({ force: true });
    await village.picture("reveal-ask");
    await counter.press(village, page.getByRole("button", { name: /记下并显示/ }));
    assert.equal(await page.locator("[data-shown]").innerText(), TENANT.id);
    await village.picture("reveal-shown");
    assert.ok(!page.url().includes(TENANT.id));
    await village.visit(page.url());
    assert.ok(!(await text(village)).includes(TENANT.id), "gone when the page is opened again");
  }],

  ["at 200 % zoom the workbench shows its table whole", async ({ village, station }) => {
    const { page } = village;
    await page.setViewportSize({ width: 683, height: 384 });
    await village.visit(new URL("/", station.url).href);
    assert.ok((await page.locator(".wb__list tbody tr").count()) > 0, "there are cases to be shown");
    const cut = await page.locator(".wb__list :is(th, td)").evaluateAll((cells) => cells
      .filter((cell) => cell.scrollWidth > cell.clientWidth + 1 || cell.getBoundingClientRect().right > window.innerWidth + 1)
      .map((cell) => cell.textContent.trim()));
    assert.deepEqual(cut, []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "nothing leaves the page sideways");
    await village.picture("workbench-200");
    await page.setViewportSize({ width: 1366, height: 768 });
  }],

  ["a resident's page keeps its number in large type, and goes back to its start after a minute", async ({ browser, demo, station }) => {
    const phone = await Guarded.open(browser, demo.hosts, { viewport: { width: 390, height: 844 } });
    const { page } = phone;
    await page.clock.install();
    await phone.visit(new URL("/cx/2308-2026-K7QM-0352-P", station.url).href);
    await counter.press(phone, page.getByRole("link", { name: "大字" }));
    assert.equal(await page.locator("#number").inputValue(), "2308-2026-K7QM-0352-P");
    await page.locator("#code").fill("123456");
    await page.clock.runFor(45_000);
    assert.equal(await page.locator("[data-idle]").isVisible(), false);
    await page.clock.runFor(8_000);
    assert.equal(await page.locator("[data-idle]").isVisible(), true, "it says so before");
    await phone.axe();
    await phone.picture("resident-idle", false);
    await page.locator("h1").click();
    assert.equal(await page.locator("[data-idle]").isVisible(), false, "a touch keeps it");
    await page.clock.runFor(45_000);
    assert.equal(await page.locator("#code").inputValue(), "123456");
    await Promise.all([page.waitForURL("**/progress?large=1"), page.clock.runFor(20_000)]);
    assert.deepEqual([await page.locator("#number").inputValue(), await page.locator("#code").inputValue()], ["", ""]);
    await page.goBack();
    assert.equal(await page.locator("#code").inputValue(), "", "nor does the way back bring it");
    await phone.close();
  }],
];
