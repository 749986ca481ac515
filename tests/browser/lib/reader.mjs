// A card reader that types.

/** Bursts of keys, five milliseconds apart, as a card reader types; from one burst to the next it takes `pause` milliseconds. */
export async function read(window, text, pause = 0) {
  const session = await window.context.newCDPSession(window.page);
  let at = Date.now();
  const keys = [text].flat().flatMap((burst) => {
    const letters = [...burst].map((letter) => ({ letter, timestamp: (at += 5) / 1000 }));
    at += pause;
    return letters;
  });
  await Promise.all(keys.map(({ letter, timestamp }) => {
    const key = letter === "\n" ? { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" } : { key: letter, text: letter, unmodifiedText: letter };
    return session.send("Input.dispatchKeyEvent", { type: "keyDown", timestamp, ...key });
  }));
  await session.detach();
}
