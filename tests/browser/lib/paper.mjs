// A page as the printer gets it: its PDF, the words and the picture in that, and what is wrong with how it lies.
import { spawnSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import jsqr from "jsqr";

/** Runs in the page: what is wider or higher than the sheet it stands on, and what lies over something else. */
export function faults() {
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
    const code = sheet.querySelector(".sheet__qr");
    // 20 mm at 96 pixels an inch: less than that a cheap phone does not focus on
    if (code && code.getBoundingClientRect().width < 75) found.push(`sheet ${at + 1}: the code is smaller than 20 mm`);
  }
  return found;
}

/** Runs in the page: every text that a reader should find on the paper, without spaces. */
export function texts() {
  const leaves = ".sheet h1, .sheet p > span, .sheet__lead, .sheet__text, .sheet th, .sheet__cols span, .sheet__mats li > span, .sheet td:not(.sheet__mats):not(.sheet__cols), .sheet__ask div > p, .sheet__end p";
  const all = [...document.querySelectorAll(leaves)].map((one) => (one.textContent ?? "").replaceAll(/\s/g, ""));
  return [...new Set(all.filter((text) => text !== ""))];
}

/** Pages of a PDF as Chromium writes it. */
export const pagesOf = (pdf) => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;

/** The page as a PDF beside `file`, and pictures of it to be looked at. */
export async function print(page, file) {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  await writeFile(`${file}.pdf`, pdf);
  spawnSync("pdftoppm", ["-png", "-r", "70", `${file}.pdf`, file]);
  return pdf;
}

/** All words of a printed file in the order in which they were drawn, without spaces. */
export function wordsOf(file) {
  const { stdout, status } = spawnSync("pdftotext", ["-raw", "-enc", "UTF-8", `${file}.pdf`, "-"], { encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error("pdftotext (poppler-utils) is needed to read printed papers");
  return stdout.replaceAll(/\s/g, "").normalize("NFKC");
}

/** What the page says and its print does not. */
export async function lost(page, file) {
  const printed = wordsOf(file);
  const said = await page.evaluate(texts);
  return said.filter((text) => !printed.includes(text.normalize("NFKC"))).map((text) => `“${text.slice(0, 40)}” is not in the print`);
}

/** What another program's reader finds in the picture of one printed page, at the sharpness of a cheap phone. */
export async function decoded(file, number) {
  spawnSync("pdftoppm", ["-r", "120", "-f", String(number), "-l", String(number), "-singlefile", `${file}.pdf`, `${file}-code`]);
  const picture = await readFile(`${file}-code.ppm`);
  await rm(`${file}-code.ppm`);
  const [, head, wide, high] = /^(P6\s+(\d+)\s+(\d+)\s+255\s)/.exec(picture.subarray(0, 40).toString("latin1"));
  const [width, height] = [Number(wide), Number(high)];
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let at = 0, from = head.length; at < width * height; at += 1, from += 3) {
    pixels.set(picture.subarray(from, from + 3), at * 4);
  }
  return (jsqr.default ?? jsqr)(pixels, width, height)?.data;
}
