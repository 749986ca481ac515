// Takes the pictures of the station's manual from a running demo, with invented people: `node tests/browser/manual.mjs`
// after `cargo build`. They go to docs/manuals/pictures; a test sees that a manual shows each of them.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Guarded, launch } from "./lib/browser.mjs";
import { Demo } from "./lib/demo.mjs";
import { DAUGHTER, DISABLED, FARMER, OLD, TENANT } from "./lib/people.mjs";
import { OUTPUT, ROOT } from "./lib/places.mjs";
import * as counter from "./lib/counter.mjs";

const PICTURES = path.join(ROOT, "docs/manuals/pictures");
// A page of the manual shows a screen and not a roll of paper.
const TALLEST = 1000;

await mkdir(PICTURES, { recursive: true });
await mkdir(OUTPUT, { recursive: true });
const demo = await Demo.start();
const browser = await launch();
try {
  await takeAll();
} finally {
  await browser.close();
  await demo.stop();
}

async function picture(window, name) {
  const { page } = window;
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const { width } = page.viewportSize();
  const clip = { x: 0, y: 0, width, height: Math.min(height, TALLEST) };
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true, clip });
  console.log(name);
}

async function takeAll() {
  const station = demo.stations[0];
  const village = await Guarded.open(browser, demo.hosts);
  const resident = await Guarded.open(browser, demo.hosts, { viewport: { width: 390, height: 844 } });
  const { page } = village;
  const go = (place) => village.visit(new URL(place, station.url).href);
  const link = async (whole) => {
    await village.visit(station.control_url);
    await counter.press(village, page.getByRole("button", { name: whole ? "接上线路" : "断开线路" }));
  };

  await go("/sign-in");
  await picture(village, "sign-in");
  await counter.signIn(village, station);

  await counter.find(village, station, "补贴");
  await picture(village, "find");
  await counter.begin(village, station, "gljt");
  await counter.press(village, page.getByRole("link", { name: "办事指南" }));
  await picture(village, "guide");

  // an intake with something missing, told once
  await counter.begin(village, station, "gljt");
  await counter.fillIntake(village, { scenario: "s1", applicant: OLD, agent: DAUGHTER });
  const first = await page.locator('#intake input[type=radio][name^="m/"][value=missing]').nth(1).getAttribute("name");
  await page.locator(`#intake input[name="${first}"][value=missing]`).check({ force: true });
  await counter.press(village, page.getByRole("button", { name: "存草稿" }).last());
  await picture(village, "intake");
  await counter.press(village, page.locator("button[form=intake][value=notice]"));
  await picture(village, "one-time-notice");
  await go("/drafts");
  await picture(village, "drafts");

  // it is complete, and accepted
  await counter.press(village, page.locator("main a", { hasText: "吴*英" }).first());
  await counter.press(village, page.locator('button[value^="photos:"]').first());
  await picture(village, "photos");
  await page.goBack();
  await counter.fillIntake(village, { applicant: OLD, agent: DAUGHTER });
  const number = await counter.accept(village);
  await picture(village, "accepted");
  await counter.press(village, page.getByRole("link", { name: "受理通知书" }).first());
  const code = (await page.locator("[data-query-code]").first().innerText()).replaceAll(/\s/g, "");
  await picture(village, "acceptance-notice");

  // two more with the line down
  await link(false);
  for (const [words, intake] of [
    ["土地经营权流转", { scenario: "s1", kind: "person", applicant: FARMER }],
    ["困难残疾人", { scenario: "s1", applicant: DISABLED }],
    ["土地经营权流转", { scenario: "s1", kind: "person", applicant: TENANT }],
  ]) {
    await counter.begin(village, station, words);
    await counter.fillIntake(village, intake);
    await counter.accept(village);
  }
  await go("/");
  await picture(village, "workbench");
  await link(true);
  await counter.openCase(village, station, number);
  await counter.reloadUntil(village, "the centre signed for it", async () => {
    const says = await counter.truth(village);
    return { done: says === "receipt", says };
  });
  await picture(village, "case");

  for (const place of ["due", "registers", "registers/stuck/new", "registers/due", "hand-over"]) {
    await go(`/${place}`);
    await picture(village, place.replaceAll("/", "-"));
  }
  await resident.visit(new URL("/progress", station.url).href);
  await resident.page.locator("#number").fill(number);
  await resident.page.locator("#code").fill(code);
  await counter.press(resident, resident.page.getByRole("button", { name: "查", exact: true }));
  await picture(resident, "progress");

  // a colleague
  await go("/staff");
  await page.locator("#name").fill("李文");
  await page.locator("#post").fill("综合窗口");
  await counter.press(village, page.getByRole("button", { name: /^加上/ }));
  await go("/staff");
  await picture(village, "staff");

  // practice, on a box of its own
  await go("/drill");
  await counter.press(village, page.getByRole("button", { name: "开始演练" }));
  const practice = page.getByRole("link", { name: "进入演练" });
  const drill = { url: await practice.getAttribute("href") };
  village.hosts.add(new URL(drill.url).host);
  await counter.press(village, practice);
  await counter.begin(village, drill, "gljt");
  await counter.fillIntake(village, { scenario: "s1", applicant: OLD, agent: DAUGHTER });
  await picture(village, "drill");
}
