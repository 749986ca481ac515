// Runs the browser suites one after another and closes with "N passed, N failed".
// A suite is a file in suites/ that exports `name` and `steps(context)`; see lib/suite.mjs.
import { mkdir } from "node:fs/promises";
import { runSuite } from "./lib/suite.mjs";
import { OUTPUT } from "./lib/places.mjs";
import * as guards from "./suites/guards.mjs";

const suites = [guards];

await mkdir(OUTPUT, { recursive: true });
let passed = 0;
let failed = 0;
for (const suite of suites) {
  const result = await runSuite(suite);
  passed += result.passed;
  failed += result.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
