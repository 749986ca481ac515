// What a clerk does at the counter, in words of the screen: find, fill in, look at papers, accept, act on a case.
import assert from "node:assert/strict";
import { account } from "./people.mjs";
import { until } from "./demo.mjs";

/** Presses something that leads to another page, and lets the guards look at that page. */
export async function press(window, locator) {
  // What is not there says so by its own name, not as a page that never came.
  await locator.waitFor();
  await Promise.all([window.page.waitForEvent("load"), locator.click()]);
  await window.settled();
}

/** Signs in with a box's one-time code, without setting a password. */
export async function signIn(window, box) {
  await window.visit(new URL("/sign-in", box.url).href);
  await window.page.getByLabel("一次性登录码").fill(box.sign_in);
  await press(window, window.page.getByRole("button", { name: "登录", exact: true }));
  await press(window, window.page.getByRole("button", { name: "先不设" }));
}

/** Looks for something from the workbench: one case shows its page, else there is a list. */
export async function find(window, box, words) {
  await window.visit(new URL("/", box.url).href);
  await window.page.locator("#q").fill(words);
  await Promise.all([window.page.waitForEvent("load"), window.page.keyboard.press("Enter")]);
  await window.settled();
}

/** Finds the one item of these words, and begins its intake with one more Enter: its button has the focus. */
export async function begin(window, box, words) {
  await find(window, box, words);
  const focused = await window.page.evaluate(() => document.activeElement.dataset.item);
  assert.ok(focused, `“${words}” is one item, ready to begin`);
  await Promise.all([window.page.waitForEvent("load"), window.page.keyboard.press("Enter")]);
  await window.settled();
}

/** Scenario, kind and agent change which fields there are: the page comes again by itself. */
async function choose(window, box) {
  if (await box.isChecked()) return;
  await Promise.all([window.page.waitForEvent("load"), box.check({ force: true })]);
  await window.settled();
}

async function save(window) {
  await press(window, window.page.getByRole("button", { name: "存草稿" }).last());
}

async function type(window, name, value) {
  const field = window.page.locator(`#intake [name="${name}"]:not([type=hidden])`);
  if ((await field.count()) > 0) await field.first().fill(value);
}

/**
 * Fills in the intake page that is open: scenario and kind first (the page changes with them), then people, the item's
 * own form, and every paper and rule as good. `marks` sets single answers otherwise, `form` single fields.
 */
export async function fillIntake(window, { scenario, kind, applicant, agent, form = {}, marks = {} }) {
  const { page } = window;
  if (scenario) await choose(window, page.locator(`input[name=scenario][value="${scenario}"]`));
  if (kind) await choose(window, page.locator(`input[name=applicant_kind][value="${kind}"]`));
  if (agent) await choose(window, page.locator("#has_agent"));
  await type(window, "0/name", applicant.name);
  await type(window, "0/id_number", applicant.id);
  await type(window, "0/phone", applicant.phone);
  await type(window, "0/address", applicant.address);
  if (agent) {
    await type(window, "1/name", agent.name);
    await type(window, "1/id_number", agent.id);
    await type(window, "1/phone", agent.phone);
    await type(window, "1/relation", agent.relation);
  }
  await fillForm(window, applicant, form);
  await markPapers(window, marks);
  const signed = page.locator("input[name=signed][value=self]");
  if ((await signed.count()) > 0) await choose(window, signed);
  await save(window);
}

async function fillForm(window, applicant, given) {
  const { page } = window;
  for (const field of await page.locator('#intake [name*="/form."]:not([type=hidden])').all()) {
    const about = await field.evaluate((element) => ({
      name: element.name, tag: element.tagName, mode: element.inputMode, example: element.placeholder, value: element.value,
      second: [...(element.options ?? [])].map((option) => option.value).find((value) => value !== ""),
    }));
    if (about.value !== "") continue;
    const id = about.name.split("/form.")[1];
    if (given[id] !== undefined) await (about.tag === "SELECT" ? field.selectOption(given[id]) : field.fill(given[id]));
    else if (about.tag === "SELECT") await field.selectOption(about.second);
    else if (id.endsWith(".holder")) await field.fill(applicant.name);
    else if (about.mode === "numeric") await field.fill(account("621700123456789012"));
    else if (about.mode === "decimal") await field.fill("1200");
    else if (/^\d{4}-\d\d-\d\d$/.test(about.example)) await field.fill("2026-11-02");
    else await field.fill("示例");
  }
}

async function markPapers(window, marks) {
  const { page } = window;
  const names = await page.locator('#intake input[type=radio][name^="m/"], #intake input[type=radio][name^="r/"]')
    .evaluateAll((inputs) => [...new Set(inputs.filter((input) => !input.closest("[data-how]")).map((input) => input.name))]);
  for (const name of names) {
    const value = marks[name] ?? (name.startsWith("r/") ? "pass" : "ok");
    const choice = page.locator(`#intake input[name="${name}"][value="${value}"]`);
    await ((await choice.count()) > 0 ? choice : page.locator(`#intake input[name="${name}"]`).first()).check({ force: true });
  }
}

/** Presses 受理 (or 代办收件) and returns the new case's number. */
export async function accept(window) {
  // The same person may come twice in a suite: the counter asks, and the clerk says so.
  for (const again of await window.page.locator('#intake input[name^="d/"][value="again"]').all()) await again.check({ force: true });
  await press(window, window.page.locator('button[form=intake][value=accept]'));
  const told = await window.page.locator("#errors").allInnerTexts();
  assert.deepEqual(told, [], "the intake was not accepted");
  return caseNumber(window);
}

export async function caseNumber(window) {
  const shown = await window.page.locator("[data-case-number]").first().innerText();
  return shown.replace("（示例）", "").trim();
}

/** Opens a case by its number, through the workbench's search. */
export async function openCase(window, box, number) {
  await find(window, box, number);
  assert.equal(await caseNumber(window), number, "the search led to the case");
}

/** Does one act from the page of a case: `fields` by their ids, `ticks` by their values, `choices` by name. */
export async function act(window, code, { fields = {}, ticks = [], choices = {} } = {}) {
  const { page } = window;
  await press(window, page.locator(`[data-act="${code}"]`));
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]:not([type=hidden])`).fill(value);
  for (const value of ticks) await page.locator(`input[type=checkbox][value="${value}"]`).check();
  for (const [name, value] of Object.entries(choices)) await page.locator(`input[name="${name}"][value="${value}"]`).check({ force: true });
  await press(window, page.locator("form button.btn--l[data-key='ctrl+enter']"));
  assert.deepEqual(await page.locator("#errors").allInnerTexts(), [], `${code} was refused`);
}

export function stage(window) {
  return window.page.locator("[data-stage]").first().getAttribute("data-stage");
}

export function truth(window) {
  return window.page.locator("main [data-truth]").first().getAttribute("data-truth");
}

/** Reloads until `look` is content; pages tell the truth only as far as they were asked. */
export function reloadUntil(window, what, look, withinMs = 45_000) {
  return until(what, async () => {
    await window.page.reload();
    const seen = await look();
    if (seen.done) return seen.value ?? true;
    throw new Error(`the page says ${seen.says}`);
  }, withinMs);
}
