// D12: a finished case is filed by keyboard from its page, changes only by addition, leaves the box as one zip, and is sealed where
// somebody asks to have it erased: gone from lists and search on both boxes until the centre looks into it with a reason.
import assert from "node:assert/strict";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo, until } from "../lib/demo.mjs";
import { OLD } from "../lib/people.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "one case, one file (D12)";

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return {
    demo, browser, station: demo.stations[0], centre: demo.centre,
    village: await Guarded.open(browser, demo.hosts, { acceptDownloads: true }),
    township: await Guarded.open(browser, demo.hosts),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village, township }) {
  for (const [who, window] of Object.entries({ village, township })) await window.picture(`failed-archive-${who}`).catch(() => {});
}

const at = (box, place) => new URL(place, box.url).href;
const text = (window) => window.page.locator("main").innerText();

/** Opens the form of an act on the file that is open, fills it and sends it. */
async function act(window, link, typed) {
  await counter.press(window, window.page.getByRole("link", { name: link }).first());
  await filled(window, typed);
}

async function filled(window, typed) {
  for (const [field, value] of Object.entries(typed)) {
    const control = window.page.locator(`main [name="${field}"]`).first();
    if ((await control.getAttribute("type")) === "radio") await window.page.locator(`main [name="${field}"][value="${value}"]`).check({ force: true });
    else await control.fill(value);
  }
  await counter.press(window, window.page.locator("main form button.btn--primary"));
}

export const steps = [
  ["D12: a finished case waits in the list and is filed with its shelf and its pages", async (context) => {
    const { village, township, station, centre } = context;
    await counter.signIn(village, station);
    await counter.signIn(township, centre);
    await counter.begin(village, station, "gljt");
    await counter.fillIntake(village, { scenario: "s1", applicant: OLD });
    context.number = await counter.accept(village);
    await counter.act(village, "withdraw");
    await village.visit(at(station, "/archive"));
    assert.ok((await text(village)).includes(context.number) && !(await text(village)).includes(OLD.name));
    await village.picture("archive-to-file");
    await counter.press(village, village.page.getByRole("link", { name: "归档", exact: true }));
    context.file = new URL(village.page.url()).pathname;
    village.expected.push("422");
    await act(village, /^归档/, { shelf: "", pages: "12" });
    assert.match(await village.page.locator("#errors").innerText(), /3柜-2盒-15件/, "the cure is told");
    await village.picture("archive-file-wrong");
    await filled(village, { shelf: "3柜-2盒-15件" });
    assert.match(await text(village), /已归档/);
    await village.picture("archive-filed");
  }],

  ["D12: the filed case takes additions and nothing else", async ({ village, station, number }) => {
    await counter.openCase(village, station, number);
    for (const gone of ["hand-over", "ready", "deliver"]) assert.equal(await village.page.locator(`[data-act="${gone}"]`).count(), 0, gone);
    await counter.act(village, "note", { fields: { words: "补一句" } });
    assert.match(await text(village), /补一句/);
  }],

  ["D12: it leaves the box as one file, masked by itself", async ({ village, station, file, number }) => {
    await village.visit(at(station, file));
    await counter.press(village, village.page.getByRole("link", { name: /^导出/ }));
    await village.picture("archive-export");
    const [zip] = await Promise.all([
      village.page.waitForEvent("download"), village.page.locator("main form button.btn--primary").click(),
    ]);
    assert.ok(zip.suggestedFilename().includes(number) && zip.suggestedFilename().includes("遮住"));
  }],

  ["D12: a request to erase seals it on both boxes; the centre looks with a reason and takes it back", async (context) => {
    const { village, township, station, centre, file, number } = context;
    await village.visit(at(station, file));
    await act(village, "有人要求删除", { reason: "不想留底" });
    assert.match(await text(village), /已封存/);
    await village.picture("archive-sealed");
    await counter.find(village, station, number);
    assert.ok(!(await village.page.content()).includes(OLD.name.slice(0, 1) + "*"), "no search finds it");
    village.expected.push("409");
    await village.visit(at(station, file));
    assert.match(await text(village), /已经封存/);
    await until("the centre has sealed it too", async () => {
      await township.page.goto(at(centre, "/archive?list=sealed"));
      return (await township.page.getByText(number).count()) > 0 ? true : undefined;
    });
    await township.settled();
    await act(township, "写明理由查阅", { reason: "法院调卷" });
    assert.match(await text(township), /只显示这一次/);
    await township.picture("archive-opened");
    await township.visit(at(centre, "/archive?list=sealed"));
    await act(township, "解除封存", { reason: "本人撤回请求" });
    await until("it is found again in the village", async () => {
      await counter.find(village, station, number);
      return (await village.page.locator("[data-case-number]").count()) > 0 ? true : undefined;
    });
    await township.visit(at(centre, "/archive/terms"));
    await township.picture("archive-terms");
  }],
];
