// The pages' gallery (made-up content, error states included): what the main path does not reach must pass axe too,
// at the counter's size and at 200 % zoom, without scrolling sideways.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { Guarded, launch } from "../lib/browser.mjs";
import { until } from "../lib/demo.mjs";
import { BINARY, freePort } from "../lib/places.mjs";

export const name = "the gallery of pages";
export const independent = true;

const SIZES = [
  ["the counter", { viewport: { width: 1366, height: 768 } }],
  ["200 % zoom", { viewport: { width: 683, height: 384 } }],
];

export async function open() {
  const port = await freePort();
  const program = path.join(path.dirname(BINARY), "examples", "gallery");
  const gallery = spawn(program, [String(port)], { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  gallery.stdout.on("data", (bytes) => { said += bytes; });
  gallery.once("error", (error) => { said = error.message; });
  const line = await until("the gallery says its pages", () => (said.includes("\n") ? said : undefined), 20_000);
  const [base, ...places] = line.trim().split(" ");
  return { gallery, base: new URL(base), places: ["/", ...places], browser: await launch() };
}

export async function close({ gallery, browser }) {
  await browser.close();
  gallery.kill("SIGKILL");
}

export const steps = SIZES.map(([size, options]) => [
  `every page passes axe on ${size}`,
  async ({ browser, base, places }) => {
    const window = await Guarded.open(browser, [base.host], options);
    // A page that is not there is one of the pages: the browser notes its 404.
    window.expected.push("404");
    const faults = [];
    // the papers under /sheets have a suite of their own
    for (const place of places.filter((one) => !one.startsWith("/sheets/"))) {
      await window.visit(new URL(place, base).href).catch((error) => faults.push(error.message));
      const wide = await window.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) faults.push(`${place} is ${wide} px wider than the screen`);
      await window.picture(`gallery-${size.replaceAll(/\W+/g, "-").toLowerCase()}-${place.slice(1) || "workbench"}`, false);
    }
    await window.close();
    assert.equal(faults.length, 0, faults.join("\n\n"));
  },
]);
