// Every paper with little and with the most on it, as the printer gets it: the number of pages, nothing beyond the
// sheet's edges, nothing over something else. The PDFs and their pictures stay in target/test-output to be looked at.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import * as gallery from "./gallery.mjs";
import { Guarded } from "../lib/browser.mjs";
import { OUTPUT } from "../lib/places.mjs";

export const name = "the papers as printed";
export const independent = true;
export const { open, close } = gallery;

/** Runs in the page: what is wider or higher than the sheet it stands on, and what lies over something else. */
function faults() {
  const found = [];
  for (const [at, sheet] of [...document.querySelectorAll(".sheet")].entries()) {
    const box = sheet.getBoundingClientRect();
    for (const one of sheet.querySelectorAll("*")) {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      const what = `sheet ${at + 1}: ${one.tagName} “${(one.textContent ?? "").trim().slice(0, 20)}”`;
      if (left < box.left - 1 || right > box.right + 1) found.push(`${what} is wider than the sheet`);
      if (top < box.top - 1 || bottom > box.bottom + 1) found.push(`${what} is higher than the sheet`);
      if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && getComputedStyle(one).display !== "inline") found.push(`${what} runs over its box`);
    }
    const blocks = [...sheet.children].map((one) => one.getBoundingClientRect());
    blocks.slice(1).forEach((block, n) => {
      if (block.top < blocks[n].bottom - 1) found.push(`sheet ${at + 1}: part ${n + 2} lies over part ${n + 1}`);
    });
    const seal = sheet.querySelector(".sheet__seal");
    if (seal) {
      const round = seal.getBoundingClientRect();
      for (const one of seal.querySelectorAll("span")) {
        const inside = one.getBoundingClientRect();
        if (inside.height > round.height - 8 || inside.width > round.width) found.push(`sheet ${at + 1}: the seal's words leave its circle`);
      }
    }
  }
  return found;
}

/** Pages of a PDF as Chromium writes it. */
const pagesOf = (pdf) => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;

async function printed({ browser, base, places }, kind, look) {
  const window = await Guarded.open(browser, [base.host]);
  const wrong = [];
  const mine = places.filter((place) => place.startsWith(`/sheets/${kind}/`));
  assert.equal(mine.length, 10, "papers of this kind");
  for (const place of mine) {
    await window.visit(new URL(place, base).href);
    await window.page.emulateMedia({ media: "print" });
    const file = path.join(OUTPUT, `paper-${place.split("/").slice(2).join("-")}`);
    const pdf = await window.page.pdf({ preferCSSPageSize: true, printBackground: true });
    await writeFile(`${file}.pdf`, pdf);
    spawnSync("pdftoppm", ["-png", "-r", "70", `${file}.pdf`, file]);
    const seen = await window.page.evaluate(faults);
    const sheets = await window.page.locator(".sheet").count();
    const copies = await window.page.locator(".sheet h1").count();
    if (pagesOf(pdf) !== sheets) seen.push(`${pagesOf(pdf)} pages for ${sheets} sheets`);
    seen.push(...(await look(window.page, sheets / copies, place)));
    wrong.push(...seen.map((fault) => `${place}: ${fault}`));
    await window.page.emulateMedia({ media: "screen" });
  }
  await window.close();
  assert.equal(wrong.length, 0, wrong.join("\n"));
}

async function common(page) {
  const wrong = [];
  const words = await page.locator("main").innerText();
  for (const [what, wanted] of [["the number", "2308-2026-K7QM-0352-P"], ["the query code", "7 4 0 9 2 6"], ["the phone", "0563-0002018"], ["the station", "便民服务站"], ["the page", "第 1 页"]]) {
    if (!words.includes(wanted)) wrong.push(`${what} is not on it`);
  }
  if ((await page.locator("svg.sheet__qr path").count()) === 0) wrong.push("no code to scan");
  return wrong;
}

export const steps = [
  ["with the usual on it, each is one page and nothing leaves it", (context) =>
    printed(context, "short", async (page, each, place) => {
      // the acceptance notice has most on it, and may go over an A5 page; the form has every field of the item
      const most = /\/(2|14)$/.test(place) ? 2 : 1;
      return [...(await common(page)), ...(each <= most ? [] : [`${each} pages`])];
    })],

  ["a household's notice of acceptance is one page", (context) =>
    printed(context, "household", async (page, each, place) => {
      const most = /\/(3|4|14)$/.test(place) ? 2 : 1;
      return [...(await common(page)), ...(each <= most ? [] : [`${each} pages`])];
    })],

  ["with the most on it, each goes on over numbered pages and nothing leaves them", (context) =>
    printed(context, "long", async (page, each) => {
      const wrong = await common(page);
      if (each > 1 && !(await page.locator("main").innerText()).includes(`第 ${each} 页 共 ${each} 页`)) wrong.push("its pages are not numbered");
      return wrong;
    })],

  ["a mediation that is refused is no decision, and promises no review", (context) =>
    printed(context, "mediation", async (page, each, place) => {
      const words = (await page.locator("main").innerText()).replaceAll(" ", "");
      const wrong = /行政复议|行政诉讼/.test(words) ? ["it promises a review"] : [];
      if (place.endsWith("/6") && !words.includes("不予调解通知书")) wrong.push("it has another name");
      return wrong;
    })],
];
