// A tablet: Chromium with a profile of its own on the disk, that can be killed like one whose battery falls out, and whose
// disk can be searched afterwards.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";
import { FLAGS, Guarded } from "./browser.mjs";
import { CHROMIUM } from "./places.mjs";

const CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
const SCREEN = { width: 800, height: 1180 };

/** Processes whose command line names this folder: the browser that was started on it, and nothing else. */
async function processesOf(profile) {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(ids.map(async (id) => {
    const line = await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "");
    return line.includes(profile) ? Number(id) : undefined;
  }));
  return found.filter((id) => id !== undefined && id !== process.pid);
}

export class Tablet {
  /** Starts the browser on a profile; `script` runs before each page's own. */
  static async on(profile, hosts, script) {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM, headless: true, args: [...FLAGS, ...CAMERA], viewport: SCREEN, locale: "zh-CN",
      serviceWorkers: "allow", permissions: ["camera"], hasTouch: true,
    });
    if (script) await context.addInitScript(script);
    const tablet = new Tablet();
    tablet.profile = profile;
    tablet.context = context;
    tablet.window = await Guarded.around(context, hosts, context.pages()[0] ?? await context.newPage());
    tablet.page = tablet.window.page;
    return tablet;
  }

  /** The battery falls out. */
  async kill() {
    const ids = await processesOf(this.profile);
    if (ids.length === 0) throw new Error("there is no browser to kill");
    for (const id of ids) {
      try { process.kill(id, "SIGKILL"); } catch { /* went with the one before */ }
    }
    for (let tries = 0; (await processesOf(this.profile)).length > 0; tries += 1) {
      if (tries > 200) throw new Error("the browser does not die");
      await pause(25);
    }
    await this.context.close().catch(() => {});
  }

  async close() {
    await this.context.close().catch(() => {});
  }
}

/** Every file of a folder that holds one of the words, as UTF-8 or as UTF-16; and how much was looked through. */
export async function search(folder, words) {
  const needles = words.flatMap((word) => [Buffer.from(word, "utf8"), Buffer.from(word, "utf16le")]);
  const hits = [];
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const content = await readFile(file).catch(() => Buffer.alloc(0));
    bytes += content.length;
    for (const needle of needles) if (content.includes(needle)) hits.push(`${file}: ${needle.toString("hex").slice(0, 40)}`);
  }
  return { hits, bytes };
}
