// H5: with every line down a case goes to the centre on a stick, and the answer and the centre's receipt come back on it.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo } from "../lib/demo.mjs";
import { OUTPUT } from "../lib/places.mjs";
import { FARMER } from "../lib/people.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "carried on a stick (H5)";

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return {
    demo, browser, stations: demo.stations, centre: demo.centre,
    village: await Guarded.open(browser, demo.hosts, { acceptDownloads: true }),
    township: await Guarded.open(browser, demo.hosts, { acceptDownloads: true }),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village, township }) {
  for (const [who, window] of Object.entries({ village, township })) await window.picture(`failed-courier-${who}`).catch(() => {});
}

const at = (box, place) => new URL(place, box.url).href;
const main = (window) => window.page.locator("main").innerText();

/** Presses 写一个文件带走 and puts the file on the stick. */
async function pickUp(window, box, name) {
  await window.visit(at(box, "/courier"));
  const [download] = await Promise.all([
    window.page.waitForEvent("download"),
    window.page.getByRole("button", { name: "写一个文件带走" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /捎带.*\.bmc$/);
  const file = path.join(OUTPUT, name);
  await download.saveAs(file);
  return file;
}

async function dropOff(window, box, files) {
  await window.visit(at(box, "/courier"));
  await window.page.locator("#file").setInputFiles(files);
  await counter.press(window, window.page.getByRole("button", { name: /^收下/ }));
  return main(window);
}

export const steps = [
  ["with the lines down a case is taken in, and written into a file", async (context) => {
    const { village, township, stations: [station], centre } = context;
    await counter.signIn(village, station);
    await counter.signIn(township, centre);
    // the catalogue is there; from here on nothing goes over a line
    for (const [window, box] of [[village, station], [township, centre]]) {
      await window.visit(box.control_url);
      await counter.press(window, window.page.getByRole("button", { name: "断开线路" }));
    }
    await counter.begin(village, station, "土地经营权流转");
    await counter.fillIntake(village, { scenario: "s1", kind: "person", applicant: FARMER });
    context.number = await counter.accept(village);
    context.out = await pickUp(village, station, "out.bmc");
    await village.picture("courier-station");
    const bytes = await readFile(context.out);
    for (const secret of [FARMER.name, FARMER.id, FARMER.phone]) assert.ok(!bytes.includes(secret), "nothing readable on the stick");
  }],
  ["the centre takes what is whole, says what is not, and takes nothing twice", async (context) => {
    const { township, centre } = context;
    const half = path.join(OUTPUT, "half.bmc");
    const whole = await readFile(context.out);
    await writeFile(half, whole.subarray(0, whole.length >> 1));
    township.expected.push("422");
    const junk = path.join(OUTPUT, "holiday.bmc");
    await writeFile(junk, "no parcel");
    assert.match(await dropOff(township, centre, [junk]), /不是便民盒写的/);
    const told = await dropOff(township, centre, [half, context.out]);
    assert.match(told, /收下了 \d+ 条新记录/);
    assert.match(told, /少了一截/);
    await township.picture("courier-centre");
    assert.match(await dropOff(township, centre, [context.out]), /没有新记录/);
  }],
  ["the answer and the receipt come back the same way", async (context) => {
    const { village, township, stations: [station], centre } = context;
    await township.visit(at(centre, "/items"));
    await township.page.locator("#q").fill(context.number);
    await counter.press(township, township.page.getByRole("button", { name: /^查找/ }));
    await counter.act(township, "approve", { fields: { opinion: "同意", paper: "枫农〔2026〕3号" } });
    const back = await pickUp(township, centre, "back.bmc");
    assert.match(await dropOff(village, station, [back]), /收下了 \d+ 条新记录/);
    await counter.openCase(village, station, context.number);
    assert.equal(await counter.truth(village), "receipt");
    assert.match(await main(village), /批准|审批通过|同意/);
    await village.visit(at(station, "/courier"));
    assert.match(await main(village), /有 0 条记录/);
  }],
];
