// Runs the browser suites one after another and closes with "N passed, N failed".
// A suite is a file in suites/ that exports `name` and `steps(context)`; see lib/suite.mjs.
import { mkdir } from "node:fs/promises";
import { runSuite } from "./lib/suite.mjs";
import { OUTPUT } from "./lib/places.mjs";
import * as gallery from "./suites/gallery.mjs";
import * as mainJob from "./suites/main-job.mjs";
import * as conflicts from "./suites/conflicts.mjs";
import * as corners from "./suites/corners.mjs";
import * as together from "./suites/together.mjs";
import * as papers from "./suites/papers.mjs";
import * as keyboard from "./suites/keyboard.mjs";
import * as lifecycle from "./suites/lifecycle.mjs";
import * as guards from "./suites/guards.mjs";
import * as catalogue from "./suites/catalogue.mjs";
import * as archive from "./suites/archive.mjs";
import * as copy from "./suites/copy.mjs";
import * as photos from "./suites/photos.mjs";
import * as packages from "./suites/packages.mjs";
import * as courier from "./suites/courier.mjs";
import * as kept from "./suites/kept.mjs";
import * as drill from "./suites/drill.mjs";
import * as tablet from "./suites/tablet.mjs";
import * as registers from "./suites/registers.mjs";

const suites = [guards, gallery, papers, mainJob, keyboard, together, corners, conflicts, lifecycle, copy, archive, photos, tablet, drill, kept, courier, catalogue, packages, registers];

// node run.mjs NAME… runs only the suites whose name holds one of the words.
const words = process.argv.slice(2);
const wanted = suites.filter((suite) => words.length === 0 || words.some((word) => suite.name.includes(word)));

// A suite waits more than it works: two at once use both cores of a small machine. Each has its own boxes and its own browser;
// what it says comes out whole when it ends.
const AT_ONCE = 2;

await mkdir(OUTPUT, { recursive: true });
let passed = 0;
let failed = 0;
const waiting = [...wanted];

async function worker() {
  for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
    const lines = [];
    const started = Date.now();
    try {
      const result = await runSuite(suite, (line) => lines.push(line));
      passed += result.passed;
      failed += result.failed;
    } catch (error) {
      // it did not open or close: none of its steps says so
      failed += 1;
      lines.push(`\n${suite.name}\n  FAILED     ${String(error.stack ?? error).replace(/^/gm, "      ")}`);
    }
    lines.push(`  ${Math.round((Date.now() - started) / 1000)} s`);
    console.log(lines.join("\n"));
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, worker));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
