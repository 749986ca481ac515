// Every paper with little and with the most on it, on A5 and on A4, as the printer gets it: the number of pages, nothing
// beyond the sheet's edges, nothing over something else, nothing lost on the way into the PDF, a code that another
// program reads. Faults are planted and must be caught. The PDFs and their pictures stay in target/test-output.
import assert from "node:assert/strict";
import path from "node:path";
import * as gallery from "./gallery.mjs";
import { Guarded } from "../lib/browser.mjs";
import { decoded, faults, lost, pagesOf, print } from "../lib/paper.mjs";
import { OUTPUT } from "../lib/places.mjs";

export const name = "the papers as printed";
export const independent = true;
export const { open, close } = gallery;

const PAPERS = 17;
const PROGRESS = "http://192.168.88.110:8101/cx/2308-2026-K7QM-0352-P";

async function printed({ browser, base, places }, kind, count, look) {
  const window = await Guarded.open(browser, [base.host]);
  const wrong = [];
  const mine = places.filter((place) => place.startsWith(`/sheets/${kind}/`));
  assert.equal(mine.length, count, "papers of this kind");
  for (const place of mine) {
    await window.visit(new URL(place, base).href);
    await window.page.emulateMedia({ media: "print" });
    const file = path.join(OUTPUT, `paper-${place.split("/").slice(2).join("-")}`);
    const pdf = await print(window.page, file);
    const seen = await window.page.evaluate(faults);
    const sheets = await window.page.locator(".sheet").count();
    const copies = await window.page.locator(".sheet h1").count();
    if (pagesOf(pdf) !== sheets) seen.push(`${pagesOf(pdf)} pages for ${sheets} sheets`);
    seen.push(...(await lost(window.page, file)));
    seen.push(...(await goesOn(window.page, sheets, copies)));
    seen.push(...(await look(window.page, sheets / copies, place, file)));
    wrong.push(...seen.map((fault) => `${place}: ${fault}`));
    await window.page.emulateMedia({ media: "screen" });
  }
  await window.close();
  assert.equal(wrong.length, 0, wrong.join("\n"));
}

/** Each sheet says which it is of how many; one that goes on says of what, and names its columns again. */
async function goesOn(page, sheets, copies) {
  const wrong = [];
  const each = sheets / copies;
  for (let at = 0; at < sheets; at += 1) {
    const sheet = page.locator(".sheet").nth(at);
    const number = (at % each) + 1;
    if (!(await sheet.innerText()).includes(`第 ${number} 页 共 ${each} 页`)) wrong.push(`sheet ${at + 1} has no number`);
    if (number > 1 && !(await sheet.locator(".sheet__no--on").innerText()).includes("（续）")) wrong.push(`sheet ${at + 1} does not say what it goes on with`);
    const rows = await sheet.locator(".sheet__cols:not(.sheet__cols--head)").count();
    if (rows > 0 && (await sheet.locator(".sheet__cols--head").count()) === 0) wrong.push(`sheet ${at + 1} does not name its columns`);
  }
  return wrong;
}

/** What hangs on the board leads nobody to the case. */
const isPosted = (place) => place.endsWith("/15");

async function common(page, place) {
  const wrong = [];
  const words = await page.locator("main").innerText();
  const all = [["the number", "2308-2026-K7QM-0352-P"], ["the phone", "0563-0002018"], ["the station", "便民服务站"]];
  if (!isPosted(place)) all.push(["the query code", "7 4 0 9 2 6"]);
  for (const [what, wanted] of all) {
    if (!words.includes(wanted)) wrong.push(`${what} is not on it`);
  }
  const codes = await page.locator("svg.sheet__qr path").count();
  if (isPosted(place) ? codes > 0 : codes === 0) wrong.push("the code to scan is not where it belongs");
  return wrong;
}

/** The code of the first copy's last sheet, as a reader finds it in the printed picture. */
async function scanned(each, place, file) {
  if (isPosted(place)) return [];
  const found = await decoded(file, each);
  return found === PROGRESS ? [] : [`the printed code says ${found}`];
}

export const steps = [
  ["with the usual on it, each is one page and nothing leaves it", (context) =>
    printed(context, "short", PAPERS, async (page, each, place, file) => {
      // the acceptance notice has most on it, and may go over an A5 page; the form has every field of the item
      const most = /\/(2|13|14)$/.test(place) ? 2 : 1;
      return [...(await common(page, place)), ...(await scanned(each, place, file)), ...(each <= most ? [] : [`${each} pages`])];
    })],

  ["on A4 each is one page, and its code is read too", (context) =>
    printed(context, "a4", PAPERS, async (page, each, place, file) => {
      const size = await page.locator("body").getAttribute("class");
      return [...(await common(page, place)), ...(await scanned(each, place, file)), ...(each === 1 ? [] : [`${each} pages`]), ...(size.includes("paper--a4") ? [] : ["it is not on A4"])];
    })],

  ["a household's notice of acceptance is one page", (context) =>
    printed(context, "household", PAPERS, async (page, each, place) => {
      const most = /\/(3|4|10|13|14)$/.test(place) ? 2 : 1;
      return [...(await common(page, place)), ...(each <= most ? [] : [`${each} pages`])];
    })],

  ["with the most on it, each goes on over numbered pages and nothing leaves them", (context) =>
    printed(context, "long", PAPERS, async (page, each, place) => common(page, place))],

  ["a list of many cases goes on over pages that name its columns", (context) =>
    printed(context, "lists", 4, async (page, each, place) => {
      const long = place.endsWith("-long");
      return each > 1 === long ? [] : [`${each} pages`];
    })],

  ["a mediation that is refused is no decision, and promises no review", (context) =>
    printed(context, "mediation", PAPERS, async (page, each, place) => {
      const words = (await page.locator("main").innerText()).replaceAll(" ", "");
      const wrong = /行政复议|行政诉讼/.test(words) ? ["it promises a review"] : [];
      if (place.endsWith("/6") && !words.includes("不予调解通知书")) wrong.push("it has another name");
      return wrong;
    })],

  ["what is cut off, runs over, spills or is not drawn is caught", async ({ browser, base }) => {
    const window = await Guarded.open(browser, [base.host]);
    const { page } = window;
    const file = path.join(OUTPUT, "paper-planted");
    const planted = async (plant) => {
      await window.visit(new URL("/sheets/short/2", base).href);
      await page.evaluate(plant);
      await page.emulateMedia({ media: "print" });
      const pdf = await print(page, file);
      const sheets = await page.locator(".sheet").count();
      const seen = [...(await page.evaluate(faults)), ...(await lost(page, file))];
      if (pagesOf(pdf) !== sheets) seen.push("more pages than sheets");
      await page.emulateMedia({ media: "screen" });
      return seen;
    };
    assert.deepEqual(await planted(() => {}), [], "nothing is wrong with it as it is");
    const plants = {
      "a name that is cut off": () => {
        const cell = document.querySelector(".sheet td");
        cell.textContent = "阿卜杜热西提·买买提吐尔逊·".repeat(6);
        Object.assign(cell.style, { whiteSpace: "nowrap", overflow: "hidden" });
      },
      "rows that do not fit": () => {
        const body = document.querySelector(".sheet tbody");
        for (let n = 0; n < 30; n += 1) body.append(body.rows[0].cloneNode(true));
      },
      "a line over another": () => {
        document.querySelector(".sheet__foot").style.marginTop = "-60px";
      },
      "a value that is not drawn": () => {
        document.querySelector(".sheet td").style.visibility = "hidden";
      },
      "a code that is too small": () => {
        document.querySelector(".sheet__qr").style.width = "12mm";
      },
    };
    for (const [what, plant] of Object.entries(plants)) assert.notDeepEqual(await planted(plant), [], what);
    await window.visit(new URL("/sheets/short/2", base).href);
    await page.evaluate(() => document.querySelectorAll(".sheet__qr path").forEach((one) => one.setAttribute("d", "M4 4h9v9h-9z")));
    await page.emulateMedia({ media: "print" });
    await print(page, file);
    const pages = await page.locator(".sheet").count();
    assert.equal(await decoded(file, pages), undefined, "a spoilt code is not read");
    await window.close();
  }],
];
