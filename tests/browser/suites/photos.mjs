// D5 and the devices of the counter: photos chosen, dropped, pasted, turned, taken by a document camera and by the clerk's
// phone; a card reader that types; and what is told when a file is none, too large, or there is no camera.
import assert from "node:assert/strict";
import { Guarded, launch } from "../lib/browser.mjs";
import { Demo, until } from "../lib/demo.mjs";
import { OLD, TENANT } from "../lib/people.mjs";
import { read } from "../lib/reader.mjs";
import * as counter from "../lib/counter.mjs";

export const name = "photos and devices (D5)";

const CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
const KEPT_BYTES = 300 * 1024;

export async function open() {
  const demo = await Demo.start();
  const browser = await launch(CAMERA);
  return {
    demo, browser, station: demo.stations[0],
    village: await Guarded.open(browser, demo.hosts),
    plain: await Guarded.open(browser, demo.hosts, { javaScriptEnabled: false }),
    phone: await Guarded.open(browser, demo.hosts, { viewport: { width: 390, height: 844 } }),
  };
}

export async function close({ demo, browser }) {
  await browser.close();
  await demo.stop();
}

export async function failed({ village, plain, phone }) {
  for (const [who, window] of Object.entries({ village, plain, phone })) await window.picture(`failed-photos-${who}`).catch(() => {});
}

/** A JPEG of noise, as heavy as its size and quality make it. */
async function drawn(window, width, height, quality) {
  const encoded = await window.page.evaluate(async ([width, height, quality]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(width, height);
    let seed = 7;
    for (let at = 0; at < image.data.length; at += 1) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      image.data[at] = at % 4 === 3 ? 255 : (seed >> 16) & 255;
    }
    pen.putImageData(image, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  }, [width, height, quality]);
  return Buffer.from(encoded, "base64");
}

const jpeg = (buffer, name = "吴秀英身份证.jpg") => ({ name, mimeType: "image/jpeg", buffer });
const note = (window) => window.page.locator("[data-photo-note]").innerText();
const group = (window, at = 0) => window.page.locator("[data-photo-of]").nth(at);
const shots = (window, at = 0) => group(window, at).locator("[data-photo-list] li");

async function waitFor(what, look) {
  await until(what, async () => ((await look()) ? true : undefined));
}

/** What the box serves of the photo shown on the page: its bytes and its size in pixels. */
function served(window) {
  return window.page.locator("[data-photo-full]").evaluate(async (image) => {
    await image.decode();
    const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
    return { bytes: bytes.length, first: [...bytes.subarray(0, 3)], exif: new TextDecoder("latin1").decode(bytes).includes("Exif"), width: image.naturalWidth, height: image.naturalHeight };
  });
}

/** Files into the page as a hand would drop or paste them. */
function handed(locator, kind, buffer, type) {
  return locator.evaluate((element, [kind, encoded, type]) => {
    const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], "a", { type }));
    const event = kind === "drop" ? new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files })
      : new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: files });
    element.dispatchEvent(event);
  }, [kind, buffer.toString("base64"), type]);
}

export const steps = [
  ["D5: a phone's photo of 10 MB is reduced on the page, stripped, and shown", async (context) => {
    const { village, station } = context;
    const { page } = village;
    await counter.signIn(village, station);
    context.large = await drawn(village, 2400, 1800, 1);
    assert.ok(context.large.length > 4_500_000, `${context.large.length} bytes`);
    await counter.begin(village, station, "高龄津贴");
    context.draft = page.url();
    await page.locator('[name="0/name"]:not([type=hidden])').fill(OLD.name);
    await counter.press(village, page.locator('button[value^="photos:"]').first());
    context.photos = page.url().split("#")[0];
    await group(village).locator("input[type=file]").setInputFiles(jpeg(context.large));
    await waitFor("the photo is in the list", async () => (await shots(village).count()) === 1);
    await waitFor("it is said", async () => (await note(village)) === "存好了");
    await village.settled();
    await village.picture("photos-draft");
    await counter.press(village, page.locator("[data-shot]").first());
    const kept = await served(village);
    assert.ok(kept.bytes <= KEPT_BYTES && kept.width <= 1600 && kept.width > kept.height, JSON.stringify(kept));
    assert.deepEqual(kept.first, [255, 216, 255]);
    assert.equal(kept.exif, false);
    await village.picture("photo-large", false);
  }],

  ["D5: turned by a key, it takes the place of the one that lay", async ({ village }) => {
    const { page } = village;
    const before = page.url();
    await page.keyboard.press("r");
    await page.waitForURL((url) => url.href !== before);
    await village.settled();
    const kept = await served(village);
    assert.ok(kept.height > kept.width && kept.bytes <= KEPT_BYTES, JSON.stringify(kept));
    await page.keyboard.press("Escape");
    await page.waitForURL(/\/photos\/[0-9a-f]{32}$/);
    assert.equal(await shots(village).count(), 1);
  }],

  ["D5: dropped on a row and pasted; what is no photo is told and nothing else is lost", async (context) => {
    const { village } = context;
    const { page } = village;
    const small = await drawn(village, 400, 300, 0.8);
    await village.visit(context.draft);
    assert.equal(await page.locator('[name="0/name"]:not([type=hidden])').inputValue(), OLD.name);
    const row = page.locator("tr[data-photo-of]").nth(1);
    const count = row.locator("[data-photo-count]");
    await handed(row, "drop", small, "image/jpeg");
    await waitFor("the row counts it", async () => (await count.innerText()) === "1 张");
    await row.locator("button").focus();
    await handed(row, "paste", small, "image/png");
    await waitFor("the row counts both", async () => (await count.innerText()) === "2 张");
    await handed(row, "drop", Buffer.from("%PDF-1.7 a letter"), "application/pdf");
    await waitFor("it is told", async () => (await note(village)).includes("不是照片"));
    assert.equal(await count.innerText(), "2 张");
    await village.settled();
    await village.picture("intake-photos");
  }],

  ["D5: a draft's photo is taken away by a key", async (context) => {
    const { village } = context;
    const { page } = village;
    await village.visit(context.photos);
    await counter.press(village, shots(village, 1).first().locator("a"));
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Delete")]);
    await village.settled();
    assert.equal(await shots(village, 1).count(), 1);
  }],

  ["D5: without scripts a plain form takes photos, and says what to do with one of 10 MB", async (context) => {
    const { village, plain } = context;
    await plain.context.addCookies(await village.context.cookies());
    const small = await drawn(village, 300, 200, 0.8);
    // nothing of axe runs where scripts are off
    const press = (button) => Promise.all([plain.page.waitForEvent("load"), button.click()]);
    await plain.page.goto(context.photos);
    const form = plain.page.locator("[data-photo-of]").nth(2);
    await form.locator("input[type=file]").setInputFiles([jpeg(small), jpeg(small, "二.jpg")]);
    await press(form.getByRole("button", { name: "加照片" }));
    assert.equal(await shots(plain, 2).count(), 2);
    plain.expected.push("413", "422");
    await form.locator("input[type=file]").setInputFiles(jpeg(context.large));
    await press(form.getByRole("button", { name: "加照片" }));
    assert.match(await plain.page.locator("#errors").innerText(), /照片太大.*最多 300 KB.*手机拍小一点/s);
    await plain.picture("photos-too-large");
    assert.equal(await shots(plain, 2).count(), 2);
    await form.locator("input[type=file]").setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: Buffer.from("MZ no photo") });
    await press(form.getByRole("button", { name: "加照片" }));
    assert.match(await plain.page.locator("#errors").innerText(), /不是照片/);
    plain.check();
  }],

  ["devices: the document camera is live, and Space takes the picture", async (context) => {
    const { village } = context;
    const { page } = village;
    await village.visit(context.photos);
    const before = await shots(village).count();
    await group(village).getByRole("button", { name: "高拍仪" }).click();
    await waitFor("the camera shows something", () => page.locator("[data-camera-live]").evaluate((live) => live.videoWidth > 0));
    await waitFor("it can be chosen", async () => (await page.locator("[data-camera-which] option").count()) > 0);
    await village.settled();
    await village.picture("photos-camera", false);
    await page.keyboard.press(" ");
    await waitFor("the picture is in the list", async () => (await shots(village).count()) === before + 1);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("[data-camera]").isVisible(), false);
    assert.ok(await page.evaluate(() => document.activeElement.hasAttribute("data-camera-open")), "the focus is back");
  }],

  ["devices: no camera, or one that is not allowed, is told with the cure", async (context) => {
    const { village, demo } = context;
    const bare = await launch();
    try {
      const window = await Guarded.open(bare, demo.hosts, { storageState: await village.context.storageState() });
      await window.visit(context.photos);
      await group(window).getByRole("button", { name: "高拍仪" }).click();
      const fault = window.page.locator("[data-camera-fault]");
      await fault.waitFor();
      assert.match(await fault.innerText(), /没有找到高拍仪|没有准许/);
      await window.settled();
      await window.picture("photos-no-camera", false);
    } finally {
      await bare.close();
    }
  }],

  ["devices: F4 shows a code, and what the phone takes appears without a reload", async (context) => {
    const { village, phone } = context;
    const { page } = village;
    await village.visit(context.draft);
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("F4")]);
    await village.settled();
    await village.picture("photos-phone-code");
    const link = await page.locator("[data-phone]").getAttribute("data-phone");
    const before = await shots(village).count();
    await phone.visit(link);
    const seen = await phone.page.locator("body").innerText();
    assert.ok(!seen.includes(OLD.name) && !seen.includes("吴"), "the phone's page names nobody");
    assert.equal((await phone.context.cookies()).length, 0);
    await phone.picture("phone-camera");
    await group(phone).locator("input[type=file]").setInputFiles(jpeg(context.large));
    await waitFor("the phone is told", async () => (await note(phone)) === "存好了");
    await waitFor("the staff page shows it", async () => (await shots(village).count()) === before + 1);
    village.check();
    phone.check();
    await counter.press(village, page.getByRole("button", { name: "收回" }));
    phone.expected.push("404");
    await phone.visit(link);
    assert.match(await phone.page.locator("main").innerText(), /用不了了/);
    await phone.picture("phone-shut");
  }],

  ["devices: a card reader fills in who applies, and its Enter sends nothing", async (context) => {
    const { village } = context;
    const { page } = village;
    const field = (name) => page.locator(`[name="${name}"]:not([type=hidden])`);
    await village.visit(context.draft);
    await field("0/name").fill("");
    await field("0/name").focus();
    await read(village, `${TENANT.name},女,汉,19810615,安徽省泾县${TENANT.address},${TENANT.id},泾县公安局,20180101,长期\n`);
    await page.locator("[data-reader]").waitFor();
    assert.equal(await page.locator("[data-reader]").innerText(), "读卡器读入，校验位正确");
    assert.equal(page.url(), context.draft, "Enter sent nothing");
    assert.deepEqual([await field("0/name").inputValue(), await field("0/id_number").inputValue(), await field("0/address").inputValue()],
      [TENANT.name, TENANT.id, `安徽省泾县${TENANT.address}`]);
    await village.settled();
    await village.picture("intake-reader", false);
    // a number alone
    await village.visit(context.draft);
    await field("0/id_number").fill("");
    await field("0/id_number").focus();
    await read(village, `${OLD.id}\n`);
    await page.locator("[data-reader]").waitFor();
    assert.equal(await page.locator("[data-reader]").innerText(), "读卡器读入，校验位正确");
    assert.equal(await field("0/id_number").inputValue(), OLD.id);
    // one that was read wrongly leaves what is there
    await village.visit(context.draft);
    const stands = await field("0/id_number").inputValue();
    await field("0/id_number").focus();
    await read(village, `${OLD.id.slice(0, 16)}${(Number(OLD.id[16]) + 1) % 10}${OLD.id[17]}\n`);
    await page.locator("[data-reader]").waitFor();
    assert.match(await page.locator("[data-reader]").innerText(), /不对/);
    assert.equal(await field("0/id_number").inputValue(), stands);
    // two cards one right after the other, 80 ms apart and without any pause: what stands is all of the second one
    for (const pause of [80, 0]) {
      await village.visit(context.draft);
      for (const name of ["0/name", "0/id_number", "0/address"]) await field(name).fill("");
      await field("0/phone").fill(OLD.phone);
      await field("0/name").focus();
      await read(village, [`${TENANT.name},安徽省泾县${TENANT.address},${TENANT.id}\n`, `${OLD.name},安徽省泾县${OLD.address},${OLD.id}\n`], pause);
      await until("the second card is read", async () => ((await field("0/id_number").inputValue()) === OLD.id ? true : undefined));
      assert.deepEqual([await field("0/name").inputValue(), await field("0/address").inputValue(), await field("0/phone").inputValue()],
        [OLD.name, `安徽省泾县${OLD.address}`, OLD.phone], `${pause} ms apart`);
      assert.equal(page.url(), context.draft, "no Enter sent anything");
    }
    // by hand nothing is disturbed
    await field("0/name").fill("");
    await field("0/name").pressSequentially("Wu X", { delay: 90 });
    assert.equal(await field("0/name").inputValue(), "Wu X");
  }],

  ["D5: in the case photos only grow, and the original is shown once with a reason", async (context) => {
    const { village, station } = context;
    const { page } = village;
    await village.visit(context.draft);
    await counter.fillIntake(village, { scenario: "s1", applicant: OLD });
    await counter.accept(village);
    await village.picture("case-photos");
    assert.match(await page.locator(".one__papers").innerText(), /\d 张 · 合格/);
    await counter.press(village, page.locator('.one__papers a[href*="/photos/"]').first());
    assert.equal(await page.getByRole("button", { name: /去掉/ }).count(), 0);
    await village.picture("photos-case");
    await counter.press(village, page.locator("[data-shot]").first());
    assert.equal(await page.locator("[data-photo-full]").count(), 0);
    await village.picture("photo-why");
    await page.locator('input[name="why"][value="inspect"]').check({ force: true });
    await counter.press(village, page.getByRole("button", { name: /记下并显示/ }));
    assert.ok(await page.locator("[data-photo-full]").evaluate(async (image) => { await image.decode(); return image.naturalWidth > 0; }));
    await village.picture("photo-shown", false);
    await page.locator("#reason").fill("拍成侧面了");
    await counter.press(village, page.getByRole("button", { name: "标为有误" }));
    assert.match(await page.locator("main").innerText(), /有误：拍成侧面了/);
    await village.picture("photos-marked");
    assert.ok(station.url);
  }],
];
