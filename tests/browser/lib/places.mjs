// Where things are, from this file's own place.
import { fileURLToPath } from "node:url";
import net from "node:net";
import path from "node:path";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
export const TARGET = path.resolve(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target"));
export const OUTPUT = path.join(TARGET, "test-output");
export const BINARY = process.env.BIANMIN_BIN ?? path.join(TARGET, "debug", "bianmin");
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** A loopback port that nobody listens on at this moment. */
export function freePort() {
  return new Promise((done, failed) => {
    const server = net.createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** A port that nobody listens on at any of these addresses, nor at the next one. */
export async function freePortOn(addresses) {
  const free = (host, port) => new Promise((done) => {
    const server = net.createServer();
    server.once("error", () => done(false));
    server.listen(port, host, () => server.close(() => done(true)));
  });
  for (;;) {
    const port = await freePort();
    const all = await Promise.all(addresses.flatMap((host) => [free(host, port), free(host, port + 1)]));
    if (all.every(Boolean)) return port;
  }
}
