// A suite is a list of named steps that share one context. A step that throws fails; the steps after it in the same
// suite are not tried (they stand on it) and count as failed, so that nothing unproven looks proven.

/** Runs one suite; `say` takes its lines. */
export async function runSuite(suite, say) {
  say(`\n${suite.name}`);
  const context = await suite.open();
  let passed = 0;
  let failed = 0;
  try {
    for (const [name, step] of suite.steps) {
      if (failed > 0 && !suite.independent) {
        failed += 1;
        say(`  not tried  ${name}`);
        continue;
      }
      const started = Date.now();
      try {
        await step(context);
        passed += 1;
        say(`  ok         ${name} (${Date.now() - started} ms)`);
      } catch (error) {
        failed += 1;
        say(`  FAILED     ${name}\n${String(error.stack ?? error).replace(/^/gm, "      ")}`);
        await suite.failed?.(context, error);
      }
    }
  } finally {
    await suite.close(context);
  }
  return { passed, failed };
}
