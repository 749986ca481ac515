// The catalogue at the centre: C3 a review rule is changed and the intake follows it, C4 drafts and versions, C5 workbooks,
// C6 written powers. Named after the rows of the requirements.
import assert from "node:assert/strict";
import path from "node:path";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo, until } from "../lib/demo.mjs";
import { OUTPUT } from "../lib/places.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "the catalogue at the centre";

const ITEM = "S047";
const RULE = "问清楚有没有领过别处的津贴";

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return {
    demo, browser, station: demo.stations[0],
    township: await Guarded.open(browser, demo.hosts, { acceptDownloads: true }),
    village: await Guarded.open(browser, demo.hosts),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ township, village }) {
  for (const [who, window] of Object.entries({ township, village })) await window.picture(`failed-catalogue-${who}`).catch(() => {});
}

const text = async (window) => (await window.page.locator("main").innerText()).replaceAll(/\s/g, "");
const at = (box, path) => new URL(path, box.url).href;
const save = (window, label) => counter.press(window, window.page.getByRole("button", { name: label }).first());

/** Loads a page of the village until it says so: the sync has come by then. */
async function arrives(window, url, words) {
  await until(`${words} has arrived`, async () => {
    await window.page.goto(url);
    return (await text(window)).includes(words) || undefined;
  });
  await window.settled();
}

/** Presses a link that downloads, and keeps the file. */
async function download(window, locator, name) {
  const [file] = await Promise.all([window.page.waitForEvent("download"), locator.click()]);
  const to = path.join(OUTPUT, name);
  await file.saveAs(to);
  return to;
}

async function upload(window, box, file) {
  await window.visit(at(box, "/catalogue/import"));
  await window.page.locator("#file").setInputFiles(file);
  await counter.press(window, window.page.getByRole("button", { name: /读这个文件/ }));
  await until("the file is read", async () => (await window.page.locator("[data-import]").count()) === 0 || undefined);
  await window.settled();
}

export const steps = [
  ["C4 a draft is compared, checked and published with its day and a reason, by keyboard", async (context) => {
    const { township, village, station, demo } = context;
    const { page } = township;
    await counter.signIn(village, station);
    await counter.begin(village, station, "gljt");
    context.intake = village.page.url();
    await counter.signIn(township, demo.centre);
    await township.visit(at(demo.centre, "/catalogue"));
    await township.picture("catalogue-list");
    await counter.press(township, page.locator(`[data-item="${ITEM}"]`));
    await save(township, /起草新版/);
    await township.picture("catalogue-item");
    await counter.press(township, page.getByRole("link", { name: "基本信息" }));
    await township.picture("catalogue-basics");
    await page.locator("#promised").fill("十");
    township.expected.push("422");
    await save(township, /^保存 /);
    assert.match(await page.locator("#errors").innerText(), /承诺时限.*整数/);
    assert.equal(await page.locator("#promised").inputValue(), "十", "what was typed is still there");
    await township.picture("catalogue-basics-wrong");
    await page.locator("#promised").fill("１０");
    await save(township, /^保存 /);
  }],

  ["C3 a review rule is added in the draft", async (context) => {
    const { township, demo } = context;
    const { page } = township;
    await township.visit(at(demo.centre, `/catalogue/${ITEM}/edit/rules`));
    await township.picture("catalogue-rules");
    await counter.press(township, page.getByRole("link", { name: /加一条/ }));
    await page.locator("#text").fill(RULE);
    await page.locator("#passes").fill("本人说没有领过");
    await page.locator("#fails").fill("领过的请先在外地停发。");
    await township.picture("catalogue-rule");
    await save(township, /^保存 /);
    assert.ok((await text(township)).includes(RULE));
    await township.visit(at(demo.centre, `/catalogue/${ITEM}/compare`));
    const shown = await text(township);
    assert.ok(shown.includes("改了2处") && shown.includes(RULE), shown);
    await township.picture("catalogue-compare");
    await counter.press(township, page.getByRole("link", { name: /检查并发布/ }));
    await township.picture("catalogue-publish");
    await save(township, /^发布/);
    assert.match(await page.locator("#errors").innerText(), /还没填发布说明/);
    await page.locator("#note").fill("省里要求问清楚，时限缩短到10天");
    if (await page.locator("#despite").count()) {
      await page.locator("#despite").check();
      await page.locator("#why").fill("都看过了");
    }
    await save(township, /^发布/);
    assert.ok((await text(township)).includes("已发布第2版"));
    await township.visit(at(demo.centre, `/catalogue/${ITEM}/history`));
    assert.ok((await text(township)).includes("省里要求问清楚"));
    await township.picture("catalogue-history");
  }],

  ["C3 C4 the station gets it in one sync and its intake follows it; a case of before keeps its version", async (context) => {
    const { village, station } = context;
    await arrives(village, at(station, `/items/${ITEM}`), "10个工作日");
    await village.visit(context.intake);
    assert.ok(!(await text(village)).includes(RULE), "the draft of before keeps its version");
    await counter.begin(village, station, "gljt");
    assert.ok((await text(village)).includes(RULE), "the new intake asks it");
  }],

  ["C5 the catalogue goes out as a workbook, and what would change is shown before it comes in", async (context) => {
    const { township, demo } = context;
    const { page } = township;
    await township.visit(at(demo.centre, `/catalogue?q=${ITEM}`));
    const file = await download(township, page.getByRole("link", { name: "导出这些" }), "items.xlsx");
    await upload(township, demo.centre, file);
    assert.match(await text(township), /和现在的一样/);
    await township.visit(at(demo.centre, `/catalogue/${ITEM}`));
    await save(township, /起草新版/);
    await township.visit(at(demo.centre, `/catalogue/${ITEM}/edit/basics`));
    await page.locator("#promised").fill("8");
    await save(township, /^保存 /);
    await township.visit(at(demo.centre, `/catalogue/${ITEM}/publish`));
    await page.locator("#note").fill("再缩短");
    if (await page.locator("#despite").count()) {
      await page.locator("#despite").check();
      await page.locator("#why").fill("都看过了");
    }
    await save(township, /^发布/);
    await upload(township, demo.centre, file);
    assert.match(await text(township), /1有改动/);
    await township.picture("import-preview");
    await page.locator("#note").fill("照旧表改回来");
    if (await page.locator("#despite").count()) {
      await page.locator("#despite").check();
      await page.locator("#why").fill("都看过了");
    }
    await counter.press(township, page.getByRole("button", { name: "全部发布" }));
    await until("it is in", async () => (await text(township)).includes("1个事项发布了") || (await page.reload(), undefined));
    await township.picture("import-done");
    await township.visit(at(demo.centre, `/catalogue/${ITEM}`));
    assert.ok((await text(township)).includes("已发布第4版"));
  }],

  ["C5 what is wrong is told, on the page and in a workbook given back, and nothing is imported", async (context) => {
    const { township, demo } = context;
    const { page } = township;
    await township.visit(at(demo.centre, "/catalogue/import"));
    await township.picture("import-ask");
    const blank = await download(township, page.getByRole("link", { name: "下载空白表" }), "blank.xlsx");
    await upload(township, demo.centre, blank);
    assert.match(await text(township), /什么都没有导入/);
    await township.picture("import-wrong");
    const given = await township.context.request.get(`${page.url()}/errors`);
    assert.ok(given.ok() && (await given.body()).subarray(0, 2).toString() === "PK", "a workbook is given back");
    await upload(township, demo.centre, { name: "名单.xlsx", mimeType: "text/csv", buffer: Buffer.from("a,b\n") });
    assert.match(await text(township), /不是\.xlsx文件/);
    await township.visit(at(demo.centre, "/catalogue/import"));
    township.expected.push("413");
    await page.locator("#file").setInputFiles({ name: "大.xlsx", mimeType: "application/zip", buffer: Buffer.alloc(10 * 1024 * 1024, 80) });
    await counter.press(township, page.getByRole("button", { name: /读这个文件/ }));
    assert.match(await page.locator("body").innerText(), /文件太大/);
  }],

  ["C6 a written power is ended and registered anew; the station stops and starts accepting", async (context) => {
    const { township, village, station, demo } = context;
    const { page } = township;
    await township.visit(at(demo.centre, "/authorities"));
    await township.picture("authorities");
    const row = page.locator("tbody tr", { hasText: station.name }).filter({ hasText: "泾县民政局" }).first();
    await counter.press(township, row.getByRole("link", { name: /结束/ }));
    await page.locator("#last").fill("2026-01-02");
    await page.locator("#why").fill("县民政局收回委托");
    await township.picture("authority-end");
    await save(township, /到这天为止/);
    await arrives(village, at(station, `/items/${ITEM}`), "到期，今天只能代办");
    await township.visit(at(demo.centre, "/authorities/new"));
    await page.locator("#document").fill("泾民委〔2026〕99号");
    await page.locator("#principal").fill("泾县民政局");
    await page.locator("#way").selectOption("委托受理");
    await page.locator("#from").fill("2026年1月1日");
    await page.getByLabel(station.name).check();
    await township.picture("authority-new");
    await save(township, /^登记/);
    assert.match(await page.locator("#errors").innerText(), /还没选事项/);
    await page.locator(`[name=items][value=${ITEM}]`).check();
    await save(township, /^登记/);
    await arrives(village, at(station, `/items/${ITEM}`), "泾民委〔2026〕99号");
  }],

  ["C4 without scripts an item is begun like another, edited and retired", async (context) => {
    const { township, browser, demo } = context;
    const bare = await Guarded.open(browser, demo.hosts, { javaScriptEnabled: false, storageState: await township.context.storageState() });
    const { page } = bare;
    const go = (locator) => Promise.all([page.waitForEvent("load"), locator.click()]);
    await page.goto(at(demo.centre, "/catalogue/new"));
    await page.locator("#name").fill("照着抄的事项");
    await page.locator("#code").fill("FH-100");
    await page.locator("#like").selectOption(ITEM);
    await bare.picture("catalogue-new");
    await go(page.getByRole("button", { name: /起草/ }));
    await page.goto(at(demo.centre, "/catalogue/FH-100/edit/materials"));
    const first = await page.locator("tbody tr b").first().innerText();
    await go(page.getByRole("button", { name: /上移/ }).first());
    assert.notEqual(await page.locator("tbody tr b").first().innerText(), first, "moved");
    await page.goto(at(demo.centre, "/catalogue/FH-100/edit/materials/1"));
    await page.locator("#passes").fill("看得清");
    await go(page.getByRole("button", { name: /^保存 / }));
    await page.goto(at(demo.centre, `/catalogue/${ITEM}/retire`));
    await page.locator("#from").fill("2040-01-01");
    await page.locator("#why").fill("并入别的事项");
    await bare.picture("catalogue-retire");
    await go(page.getByRole("button", { name: /停用/ }));
    assert.ok((await page.locator("main").innerText()).includes("2040-01-01 停用"));
    await bare.close();
  }],
];
