// D9 the same person and item twice, on one box and after a merge; D8 packages, from the centre's desk to the papers of all
// cases. By keyboard at the counter, every page as axe sees it.
import assert from "node:assert/strict";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo, until } from "../lib/demo.mjs";
import { OLD, idNumber } from "../lib/people.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "packages and duplicates";

const NEIGHBOUR = { name: "郑桂英", id: idNumber("19410508", 144), phone: "13656320055", address: "枫河镇杨村六组 2 号" };

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return {
    demo, browser, centre: demo.centre, villages: demo.stations,
    one: await Guarded.open(browser, demo.hosts),
    other: await Guarded.open(browser, demo.hosts),
    township: await Guarded.open(browser, demo.hosts),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ one, other, township }) {
  for (const [who, window] of Object.entries({ one, other, township })) await window.picture(`failed-packages-${who}`).catch(() => {});
}

/** 养老待遇申领, 社会保障卡启用, 死亡注销户口 (the police's: carried on somebody's behalf). */
const PACKAGE = ["S021", "S027", "S075"];

const at = (box, place) => new URL(place, box.url).href;
const text = async (window) => (await window.page.locator("main").innerText()).replaceAll(/\s/g, "");
const radio = (window, value) => window.page.locator(`#intake input[type=radio][name^="d/"][value="${value}"]`);

/** A key that leads to another page. */
async function key(window, name) {
  await Promise.all([window.page.waitForEvent("load"), window.page.keyboard.press(name)]);
  await window.settled();
}

/** Loads a page until it says so: the sync has come by then. */
async function arrives(window, url, words) {
  await until(`${words} has arrived`, async () => {
    await window.page.goto(url);
    return (await text(window)).includes(words) || undefined;
  });
  await window.settled();
}

/** An intake of 高龄津贴, filled and not yet accepted. */
async function filled(window, box, applicant) {
  await counter.begin(window, box, "gljt");
  await counter.fillIntake(window, { scenario: "s1", applicant });
}

export const steps = [
  ["D9 a second intake of the same person is told beside the applicant, and goes on with a word, by keyboard", async (context) => {
    const { one, villages } = context;
    await counter.signIn(one, villages[0]);
    await filled(one, villages[0], OLD);
    context.first = await counter.accept(one);
    await filled(one, villages[0], OLD);
    const told = await text(one);
    assert.ok(told.includes("这个人办这件事已经收过一件") && told.includes(context.first), told.slice(0, 400));
    await one.page.locator(".twin").scrollIntoViewIfNeeded();
    await one.picture("twin-told", false);
    one.expected.push("422");
    await key(one, "Control+Enter");
    assert.match(await one.page.locator("#errors").innerText(), /选“确认不是重复”或“另一次办理”/);
    await radio(one, "apart").focus();
    await one.page.keyboard.press("ArrowRight");
    assert.ok(await radio(one, "again").isChecked(), "chosen by an arrow key");
    await key(one, "Control+Enter");
    assert.match(await text(one), /核对同类办件/);
    assert.ok(!(await text(one)).includes("疑似重复件"));
  }],

  ["D9 typing the number is enough to be told: the page comes again by itself", async (context) => {
    const { one, villages } = context;
    await counter.begin(one, villages[0], "gljt");
    await one.page.locator('[id="0/id_number"]').fill(OLD.id);
    await one.page.locator(".twin").first().waitFor();
    assert.equal(await one.page.locator('[id="0/id_number"]').inputValue(), OLD.id);
    await one.settled();
    await one.page.locator("summary", { hasText: "不办了" }).click();
    await counter.press(one, one.page.getByRole("button", { name: "删除草稿" }));
  }],

  ["D9 what two villages took apart is found at the centre after the merge, and settled on a page", async (context) => {
    const { one, other, township, villages, centre } = context;
    await counter.signIn(other, villages[1]);
    await counter.signIn(township, centre);
    await filled(one, villages[0], NEIGHBOUR);
    const kept = await counter.accept(one);
    await filled(other, villages[1], NEIGHBOUR);
    const gone = await counter.accept(other);
    const place = new URL(other.page.url()).pathname;
    await arrives(township, at(centre, "/queue"), "疑似重复件1");
    await township.picture("twins-home");
    await township.visit(at(centre, "/twins"));
    const told = await text(township);
    assert.ok(told.includes(kept) && told.includes(gone), told.slice(0, 400));
    await township.picture("twins-pair");
    township.expected.push("422");
    await key(township, "Control+Enter");
    assert.match(await township.page.locator("#errors").innerText(), /还没选/);
    const keep = township.page.locator(".vs__one", { hasText: kept }).locator("input");
    await keep.check();
    await township.page.locator("input[name=ending][value=withdrawn]").check({ force: true });
    await township.page.locator("#reason").fill("问过本人，两个站各收了一次");
    await key(township, "Control+Enter");
    assert.match(await text(township), /没有要核对的/);
    await until("the other village knows", async () => {
      await other.page.goto(at(villages[1], place));
      return (await counter.stage(other)) === "Withdrawn" || undefined;
    });
    await other.settled();
    assert.match(await text(other), /处置疑似重复件/);
  }],

  ["D8 a package is made from published items at the centre, and published", async (context) => {
    const { township, centre } = context;
    const { page } = township;
    await township.visit(at(centre, "/packages"));
    assert.ok((await text(township)).includes("新生儿出生一件事"), "the samples came with the box");
    await township.picture("packages-list");
    await page.locator("#name").fill("到龄一件事");
    await counter.press(township, page.getByRole("button", { name: /新建套餐/ }));
    await township.picture("package-draft");
    await page.locator("#theme").selectOption("退休");
    await page.locator("#words").fill("满六十岁的人");
    for (const item of PACKAGE) {
      const box = page.locator(`[name=items][value=${item}]`);
      if (!(await box.isVisible())) await page.locator("details", { has: box }).locator("summary").click();
      await box.check();
    }
    await key(township, "Alt+p");
    await page.locator("#note").fill("新开");
    await township.picture("package-publish");
    await key(township, "Control+Enter");
    assert.match(await text(township), /已发布第1版/);
    await township.picture("package-page");
  }],

  ["D8 the station finds it, asks once, and what is missing for one item takes none", async (context) => {
    const { one, villages } = context;
    const { page } = one;
    await arrives(one, at(villages[0], "/items"), "到龄一件事");
    await counter.find(one, villages[0], "dlyjs");
    assert.equal(await page.evaluate(() => document.activeElement.name), "package", "Enter begins it");
    await key(one, "Enter");
    context.lead = page.url();
    await one.picture("package-intake");
    for (const scene of await page.locator('#intake input[type=radio][name$=".scenario"]').evaluateAll((all) => [...new Set(all.map((box) => box.name))])) {
      const first = page.locator(`#intake input[name="${scene}"]`).first();
      if (await first.isChecked()) continue;
      await Promise.all([page.waitForEvent("load"), first.check({ force: true })]);
      await one.settled();
    }
    await counter.fillIntake(one, { applicant: NEIGHBOUR });
    const marks = await page.locator('#intake input[type=radio]').evaluateAll((all) =>
      [...new Set(all.map((box) => box.name).filter((name) => /^\d+\.[mr]\//.test(name) && !name.endsWith("/how")))]);
    assert.ok(marks.length > 3, marks.join());
    for (const name of marks) {
      const good = page.locator(`#intake input[name="${name}"][value="${name.includes(".r/") ? "pass" : "ok"}"]`);
      await good.check({ force: true });
    }
    const last = marks.filter((name) => name.includes(".m/")).at(-1);
    await page.locator(`#intake input[name="${last}"][value=missing]`).check({ force: true });
    for (const again of await page.locator('#intake input[name*=".d/"][value="again"]').all()) await again.check({ force: true });
    one.expected.push("422");
    await key(one, "Control+Enter");
    assert.match(await text(one), /一件也没有收/);
    await one.picture("package-refused");
    await page.keyboard.press("F2");
    assert.equal(await page.evaluate(() => document.activeElement.name), last, "F2 reaches what another item lacks");
    await key(one, "Control+b");
    assert.match(await text(one), /一次性告知书[\s\S]*到龄一件事/, "everything on one paper");
    assert.equal(await page.locator("[data-paper]").count(), 1);
    await one.picture("package-notice");
    await key(one, "Escape");
    await key(one, "F4");
    for (const [place] of PACKAGE.entries()) assert.ok(await page.locator(`[data-photo-of^="${place}-"]`).count() > 0, `photos of item ${place + 1}`);
    await one.picture("package-photos");
    await key(one, "Escape");
    await page.locator(`#intake input[name="${last}"][value=ok]`).check({ force: true });
  }],

  ["D8 one press opens every case, each with its number; they show each other, and all papers are on one page", async (context) => {
    const { one } = context;
    const { page } = one;
    await key(one, "Control+Enter");
    const told = await text(one);
    assert.ok(told.includes(`${PACKAGE.length}件一起办好了`), told.slice(0, 300));
    assert.ok(told.includes("关联办件"));
    await one.picture("package-taken");
    const number = await counter.caseNumber(one);
    await counter.press(one, page.locator(".one__papers a", { hasText: "打印全部文书" }));
    const papers = await page.locator("[data-paper]").count();
    assert.ok(papers >= PACKAGE.length, `${papers} papers`);
    assert.ok((await page.locator("main").innerText()).includes(number));
    await one.picture("package-papers");
    await page.keyboard.press("Escape");
    await page.waitForURL(/cases/);
    await one.settled();
  }],

  ["D8 the package's page works without scripts", async (context) => {
    const { one, browser, demo, villages } = context;
    const bare = await Guarded.open(browser, demo.hosts, { javaScriptEnabled: false, storageState: await one.context.storageState() });
    const { page } = bare;
    const go = (locator) => Promise.all([page.waitForEvent("load"), locator.click()]);
    await page.goto(at(villages[0], "/items"));
    await go(page.locator("button[name=package]", { hasText: "到龄一件事" }));
    await page.locator('[id="0/name"]').fill("周明霞");
    await go(page.locator("button[form=intake][value=save]"));
    assert.equal(await page.locator('[id="0/name"]').inputValue(), "周明霞");
    await page.locator("summary", { hasText: "不办了" }).click();
    await go(page.getByRole("button", { name: "删除草稿" }));
    await bare.close();
  }],
];
