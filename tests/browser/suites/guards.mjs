// The guards themselves, each with a planted fault: a page that breaks one promise must be caught, and by that guard.
import assert from "node:assert/strict";
import http from "node:http";
import { Guarded, launch } from "../lib/browser.mjs";

export const name = "the guards of the browser test";
export const independent = true;

const PAGE = (inside, head = "") =>
  `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>页</title>${head}</head><body><main><h1>页</h1>${inside}</main></body></html>`;

const PAGES = {
  "/good": PAGE("<p>您好</p>"),
  "/no-label": PAGE('<input name="x">'),
  "/pale": PAGE('<p style="color:#ccc;background:#fff">看不清</p>'),
  "/outside": PAGE('<img alt="图" src="http://outside.example/a.png">'),
  "/script": PAGE("<p>您好</p>", "<script>missing()</script>"),
  "/console": PAGE("<p>您好</p>", "<script>console.error('bad')</script>"),
};

export async function open() {
  const server = http.createServer((request, response) => {
    // As strict a policy as the product's: the checks must work under it.
    const strict = request.url === "/good" ? { "content-security-policy": "default-src 'self'" } : {};
    if (request.url === "/broken") response.writeHead(500, { "content-type": "text/html" }).end(PAGE("坏了"));
    else response.writeHead(200, { "content-type": "text/html", ...strict }).end(PAGES[request.url] ?? "");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const host = `127.0.0.1:${server.address().port}`;
  return { server, host, browser: await launch() };
}

export async function close({ server, browser }) {
  await browser.close();
  server.closeAllConnections();
  server.close();
}

async function visit({ browser, host }, place) {
  const window = await Guarded.open(browser, [host]);
  try {
    await window.page.goto(`http://${host}${place}`);
    await window.settled();
  } finally {
    await window.close();
  }
}

const caught = (place, pattern) => (context) => assert.rejects(visit(context, place), pattern);

export const steps = [
  ["a good page under a strict policy passes", (context) => visit(context, "/good")],
  ["a field without a label is caught by axe", caught("/no-label", /axe on .*\n.*label/)],
  ["pale words are caught by axe", caught("/pale", /axe on .*\n.*color-contrast/)],
  ["a request to an outside host is caught", caught("/outside", /asked an outside host: outside\.example/)],
  ["an error in a script is caught", caught("/script", /script: missing is not defined/)],
  ["an error in the console is caught", caught("/console", /console: bad/)],
  ["an answer of 500 is caught", caught("/broken", /500 from \/broken/)],
];
