// Chromium with guards on every page: a request to an outside host, an error in the console or in a script, and an
// answer of 500 or more are faults that `Guarded.check` throws; `visit` and `settled` also run axe.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { CHROMIUM, OUTPUT } from "./places.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const PATIENCE_MS = 20_000;
// An old office PC; see the experience notes.
const VIEWPORT = { width: 1366, height: 768 };

/** `more` are further flags, such as an invented camera. */
export function launch(more = []) {
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: [...FLAGS, ...more] });
}

let pictures = 0;

/** One person's browser window. `hosts` are the only hosts it may talk to. */
export class Guarded {
  /** `options` go to the browser context (viewport, javaScriptEnabled …). */
  static async open(browser, hosts, options = {}) {
    const context = await browser.newContext({ viewport: VIEWPORT, locale: "zh-CN", serviceWorkers: "block", ...options });
    return Guarded.around(context, hosts, await context.newPage());
  }

  /** The guards around a page of a context that is there already. */
  static async around(context, hosts, page) {
    page.setDefaultTimeout(PATIENCE_MS);
    const guarded = new Guarded(context, page, new Set(hosts));
    await context.route("**/*", (route) => guarded.#ask(route));
    page.on("console", (message) => {
      if (message.type() === "error" && !guarded.expected.some((part) => message.text().includes(part))) {
        guarded.faults.push(`console: ${message.text()}`);
      }
    });
    page.on("pageerror", (error) => guarded.faults.push(`script: ${error.message}`));
    page.on("response", (response) => {
      if (response.status() >= 500) guarded.faults.push(`${response.status()} from ${new URL(response.url()).pathname}`);
    });
    return guarded;
  }

  constructor(context, page, hosts) {
    this.context = context;
    this.page = page;
    this.hosts = hosts;
    this.faults = [];
    /** Parts of console errors that belong to what a step does on purpose (a refused form answers 422). */
    this.expected = [];
    this.pagesChecked = new Set();
  }

  async #ask(route) {
    const url = new URL(route.request().url());
    if (["data:", "blob:"].includes(url.protocol) || this.hosts.has(url.host)) return route.continue();
    this.faults.push(`asked an outside host: ${url.host}`);
    return route.abort();
  }

  async visit(url) {
    await this.page.goto(url);
    await this.settled();
  }

  /** What every page has to pass, after it was loaded or changed. */
  async settled() {
    await this.page.waitForLoadState("load");
    await this.axe();
    this.check();
  }

  check() {
    if (this.faults.length > 0) {
      const faults = this.faults.splice(0);
      throw new Error(`${this.page.url()}:\n${faults.join("\n")}`);
    }
  }

  async axe() {
    // In its own world, so that the page's content security policy does not stand in the way of the check.
    const session = await this.context.newCDPSession(this.page);
    try {
      const { frameTree } = await session.send("Page.getFrameTree");
      const world = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id, worldName: "axe" });
      const evaluate = async (expression) => {
        const answer = await session.send("Runtime.evaluate",
          { expression, contextId: world.executionContextId, awaitPromise: true, returnByValue: true });
        if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? "axe failed");
        return answer.result.value;
      };
      await evaluate(AXE);
      const violations = await evaluate(`axe.run(document, { resultTypes: ["violations"] }).then((r) => r.violations.map((v) =>
        v.id + " (" + v.impact + "): " + v.help + "\\n" + v.nodes.map((n) => "    " + n.target.join(" ") + "  " + n.html.slice(0, 160)).join("\\n")))`);
      this.pagesChecked.add(new URL(this.page.url()).pathname);
      if (violations.length > 0) throw new Error(`axe on ${this.page.url()}:\n${violations.join("\n")}`);
    } finally {
      await session.detach().catch(() => {});
    }
  }

  /** target/test-output/NN-name.png */
  async picture(name, fullPage = true) {
    pictures += 1;
    const file = path.join(OUTPUT, `${String(pictures).padStart(2, "0")}-${name}.png`);
    await this.page.screenshot({ path: file, fullPage });
  }

  async close() {
    await this.context.close();
  }
}
