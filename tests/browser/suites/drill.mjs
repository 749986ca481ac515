// 演练: opened from the workbench, a whole case practised in it with its papers, nothing of it on the real box or at the centre,
// there again after the power went, and gone with one press.
import assert from "node:assert/strict";
import { access, readdir } from "node:fs/promises";
import path from "node:path";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo, until } from "../lib/demo.mjs";
import { OLD } from "../lib/people.mjs";
import { pagesOf, print, wordsOf } from "../lib/paper.mjs";
import { OUTPUT } from "../lib/places.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "practice leaves nothing (演练)";

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return { demo, browser, station: demo.stations[0], centre: demo.centre, village: await Guarded.open(browser, demo.hosts) };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village }) {
  await village.picture("failed-drill").catch(() => {});
}

const at = (box, place) => new URL(place, box.url).href;
const main = (window) => window.page.locator("main").innerText();

/** The drill's own address, as a box like the others. */
async function entered(context) {
  const { village, station } = context;
  await village.visit(at(station, "/drill"));
  const home = await village.page.getByRole("link", { name: "进入演练" }).getAttribute("href");
  assert.equal(new URL(home).hostname, new URL(station.url).hostname, "it is on the box's own address");
  village.hosts.add(new URL(home).host);
  context.drill = { url: home };
  await counter.press(village, village.page.getByRole("link", { name: "进入演练" }));
}

export const steps = [
  ["演练 is opened from the menu and says on its first page what it is", async (context) => {
    const { village, station } = context;
    await counter.signIn(village, station);
    await village.visit(at(station, "/"));
    await village.page.locator("summary", { hasText: "更多" }).click();
    await counter.press(village, village.page.getByRole("link", { name: "演练" }));
    await village.picture("drill-none");
    await counter.press(village, village.page.getByRole("button", { name: "开始演练" }));
    await entered(context);
    assert.equal(new URL(village.page.url()).pathname, "/", "signed in there as at the box");
    assert.match(await village.page.locator(".drill").innerText(), /演练.*不算数/);
    await village.picture("drill-workbench", false);
  }],
  ["a case is practised by the rules in force, under a number of its own", async (context) => {
    const { village, drill } = context;
    await counter.begin(village, drill, "gljt");
    await counter.fillIntake(village, { scenario: "s1", applicant: OLD });
    await village.picture("drill-intake", false);
    context.number = await counter.accept(village);
    assert.match(context.number, /^9999-/);
    assert.match(await main(village), /只在演练里/);
    context.case = new URL(village.page.url()).pathname;
    await village.picture("drill-case", false);
  }],
  ["its paper says 演练 无效 on every sheet", async (context) => {
    const { village } = context;
    await village.visit(at(context.drill, `${context.case}/papers/2`));
    await village.picture("drill-paper");
    const file = path.join(OUTPUT, "drill-notice");
    const sheets = pagesOf(await print(village.page, file));
    assert.ok(sheets >= 1);
    const marks = wordsOf(file).split("演练无效").length - 1;
    assert.ok(marks >= sheets, `${marks} marks on ${sheets} sheets`);
  }],
  ["nothing is set up there, and nothing carried out of the house", async ({ village, drill }) => {
    village.expected.push("409");
    for (const place of ["/trips", "/calendar", "/password"]) {
      await village.visit(at(drill, place));
      assert.match(await main(village), /回真的工作台/, place);
    }
  }],
  ["the real box and the centre know nothing of it", async (context) => {
    const { village, station, centre, browser, demo } = context;
    await counter.find(village, station, context.number);
    assert.match(await main(village), /演练编号/);
    await village.visit(at(station, "/?list=all"));
    assert.ok(!(await main(village)).includes(OLD.name.slice(0, 1) + "*"), "no case on the real workbench");
    const township = await Guarded.open(browser, demo.hosts);
    await counter.signIn(township, centre);
    await township.visit(at(centre, "/items"));
    await township.page.locator("#q").fill(context.number);
    await counter.press(township, township.page.getByRole("button", { name: /^查找/ }));
    assert.match(await main(township), /演练编号/);
    await township.close();
  }],
  ["it is there again after the power went, and the sign-in holds", async (context) => {
    const { village, demo, station } = context;
    process.kill(await demo.processOf(station), "SIGKILL");
    await until("the box is back", async () => ((await fetch(at(station, "/healthz"))).ok ? true : undefined));
    await entered(context);
    await counter.openCase(village, context.drill, context.number);
  }],
  ["one press empties it: no folder, no page, no case", async (context) => {
    const { village, station, demo, drill } = context;
    await village.visit(at(station, "/drill"));
    assert.match(await main(village), /1 件练习的件/);
    await village.picture("drill-open");
    await counter.press(village, village.page.getByRole("button", { name: "结束演练，全部清空" }));
    assert.match(await main(village), /现在没有演练/);
    await assert.rejects(fetch(drill.url), "its pages are gone");
    for (const box of await readdir(path.join(demo.data, "boxes"))) {
      for (const folder of ["drill", "drill.gone"]) {
        await assert.rejects(access(path.join(demo.data, "boxes", box, folder)), `${box} keeps no ${folder}`);
      }
    }
    await counter.press(village, village.page.getByRole("button", { name: "开始演练" }));
    await entered(context);
    await counter.find(village, context.drill, context.number);
    assert.match(await main(village), /没有找到/);
  }],
];
