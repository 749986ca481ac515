// B1: what was typed is there again when the browser dies, when the box dies in the middle of a word, and when the sign-in has
// run out under the form.
import assert from "node:assert/strict";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo, until } from "../lib/demo.mjs";
import { OLD } from "../lib/people.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "what is typed is kept (B1)";

const PASSWORD = "yangcun-2026-kept";

export async function open() {
  const demo = await Demo.start();
  const browser = await launch();
  return { demo, browser, station: demo.stations[0], village: await Guarded.open(browser, demo.hosts) };
}

export async function close({ demo, browser }) {
  await browser.close().catch(() => {});
  await demo.stop();
}

export async function failed({ village }) {
  await village.picture("failed-kept").catch(() => {});
}

const at = (box, place) => new URL(place, box.url).href;
const field = (window, name) => window.page.locator(`#intake [name="${name}"]:not([type=hidden])`).first();
const says = (window) => window.page.locator("[data-saved-at]").innerText();

/** Types into a field and waits until the page says that it is on the box's disk. */
async function typed(window, name, value) {
  const saved = window.page.waitForResponse((answer) => answer.url().endsWith("/autosave") && answer.ok());
  await field(window, name).pressSequentially(value, { delay: 20 });
  await saved;
  await until("the page says 已存", async () => (/已存/.test(await says(window)) ? true : undefined));
}

async function signInAgain(window) {
  await window.page.locator("summary", { hasText: "用工号和密码登录" }).click();
  await window.page.locator('[name="staff"]').fill("s1");
  await window.page.locator('[name="password"]').fill(PASSWORD);
  await counter.press(window, window.page.getByRole("button", { name: "用密码登录" }));
}

export const steps = [
  ["the browser is killed behind the typing: the draft has every word", async (context) => {
    const { village, station, demo } = context;
    await village.visit(at(station, "/sign-in"));
    await village.page.getByLabel("一次性登录码").fill(station.sign_in);
    await counter.press(village, village.page.getByRole("button", { name: "登录", exact: true }));
    await village.page.locator('[name="password"]').fill(PASSWORD);
    await village.page.locator('[name="again"]').fill(PASSWORD);
    await counter.press(village, village.page.getByRole("button", { name: "设密码" }));
    await counter.begin(village, station, "gljt");
    await typed(village, "0/name", OLD.name);
    await typed(village, "0/phone", OLD.phone);
    const session = await context.browser.newBrowserCDPSession();
    await session.send("Browser.crash").catch(() => { /* the answer died with it */ });
    await until("the browser is gone", () => (context.browser.isConnected() ? undefined : true));
    context.browser = await launch();
    context.village = await Guarded.open(context.browser, demo.hosts);
    await context.village.visit(at(station, "/sign-in"));
    await signInAgain(context.village);
    await context.village.visit(at(station, "/drafts"));
    await counter.press(context.village, context.village.page.locator("main a", { hasText: "吴*英" }).first());
    assert.equal(await field(context.village, "0/name").inputValue(), OLD.name);
    assert.equal(await field(context.village, "0/phone").inputValue(), OLD.phone);
  }],
  ["the box loses its power in the middle of a word: the page says so, and saves when it is back", async (context) => {
    const { village, demo, station } = context;
    village.expected.push("net::ERR");
    process.kill(await demo.processOf(station), "SIGKILL");
    await field(village, "0/address").pressSequentially("枫河镇杨村九组", { delay: 20 });
    await until("the box is back", async () => ((await fetch(at(station, "/healthz"))).ok ? true : undefined));
    const here = village.page.url();
    await until("the page saved by itself", async () => {
      const other = await village.context.newPage();
      try {
        await other.goto(here);
        return (await other.locator('#intake [name="0/address"]').inputValue()) === "枫河镇杨村九组" ? true : undefined;
      } finally {
        await other.close();
      }
    });
    await village.page.reload();
    assert.equal(await field(village, "0/phone").inputValue(), OLD.phone, "what was saved before the power went");
  }],
  ["the sign-in has run out: what was typed waits behind it, and goes on with one press", async (context) => {
    const { village } = context;
    village.expected.push("401", "409");
    await village.context.clearCookies();
    await field(village, "0/address").fill("枫河镇杨村十组12号");
    await Promise.all([village.page.waitForEvent("load"), village.page.locator("button[form=intake][value=save]").click()]);
    assert.match(await village.page.locator("main").innerText(), /刚才填的都还在/);
    await signInAgain(village);
    await counter.press(village, village.page.locator("main form button").first());
    assert.equal(await field(village, "0/address").inputValue(), "枫河镇杨村十组12号");
    assert.equal(await field(village, "0/name").inputValue(), OLD.name);
  }],
];
