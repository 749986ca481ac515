// The demo as a newcomer starts it: a process group of its own, boxes found through boxes.json, gone at the end.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { BINARY, OUTPUT } from "./places.mjs";

const START_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 50;

/** Looks until `look` returns something other than undefined. */
export async function until(what, look, withinMs = 30_000) {
  const deadline = Date.now() + withinMs;
  let seen = "nothing";
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      seen = error.message;
    }
    if (Date.now() > deadline) throw new Error(`waited ${withinMs} ms in vain until ${what}; last seen: ${seen}`);
    await pause(LOOK_EVERY_MS);
  }
}

export class Demo {
  /** Starts the demo, on free ports unless one is given; `data` is a fresh folder unless a former demo's is given. */
  static async start(data, port = 0) {
    const demo = new Demo();
    demo.data = data ?? (await mkdtemp(path.join(os.tmpdir(), "bianmin-demo-")));
    const list = path.join(demo.data, "boxes.json");
    await rm(list, { force: true });
    demo.process = spawn(BINARY, ["demo", "--data", demo.data, "--port", String(port)], { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const log = createWriteStream(path.join(OUTPUT, "demo.log"), { flags: "a" });
    demo.process.stdout.pipe(log, { end: false });
    demo.process.stderr.pipe(log, { end: false });
    demo.process.once("exit", (code, signal) => { demo.ended = { code, signal }; });
    try {
      demo.boxes = await until("the demo's boxes answer", async () => {
        if (demo.ended) throw new Error(`the demo ended with ${demo.ended.code ?? demo.ended.signal}`);
        const boxes = JSON.parse(await readFile(list, "utf8"));
        for (const box of boxes) {
          const answer = await fetch(new URL("/healthz", box.url));
          if (!answer.ok) throw new Error(`${box.url} answers ${answer.status}`);
        }
        return boxes.length >= 3 ? boxes : undefined;
      }, START_WITHIN_MS);
    } catch (error) {
      await demo.stop();
      throw error;
    }
    demo.centre = demo.boxes.find((box) => box.role === "centre");
    demo.stations = demo.boxes.filter((box) => box.role === "station");
    return demo;
  }

  /** Hosts a browser may talk to. */
  get hosts() {
    return this.boxes.flatMap((box) => [new URL(box.url).host, new URL(box.control_url).host]);
  }

  /** The process of one box: its folder is the demo's, and its pages are at this address. */
  async processOf(box) {
    const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
    for (const pid of pids) {
      const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      if (words.includes(this.data) && words.includes(`--http\0${new URL(box.url).hostname}:`)) return Number(pid);
    }
    throw new Error(`no process of ${box.name}`);
  }

  /** Ctrl-C, and a harder end when that is not heard. */
  async stop({ keep = false } = {}) {
    for (const signal of ["SIGINT", "SIGKILL"]) {
      if (this.ended) break;
      try { process.kill(-this.process.pid, signal); } catch { break; }
      await until("the demo is gone", () => (this.ended ? true : undefined), 15_000).catch(() => {});
    }
    try { process.kill(-this.process.pid, "SIGKILL"); } catch { /* nothing of it is left */ }
    if (!keep) await rm(this.data, { recursive: true, force: true });
  }
}
