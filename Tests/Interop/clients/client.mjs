// What page.html does, for Node (with the library `ws`) and for Deno: client.mjs http://localhost:PORT/
const base = new URL((globalThis.Deno?.args ?? process.argv).at(-1)), found = [];
const Socket = globalThis.Deno ? WebSocket : (await import("node:module")).createRequire(import.meta.url)("ws");
const once = (target, name) => new Promise((resolve, reject) => {
  target.addEventListener(name, resolve, { once: true });
  target.addEventListener("error", ({ message }) => reject(new Error(message)), { once: true });
});

const told = await (await fetch(new URL("told", base))).json();
found.push(told.host === base.host ? "host" : `host:${told.host}`);

// A stream has no length: it goes in chunks.
const parts = new ReadableStream({
  start(controller) {
    for (let part = 0; part < 10; part++) controller.enqueue(new Uint8Array(10000));
    controller.close();
  },
});
const counted = await (await fetch(new URL("length", base), { method: "POST", body: parts, duplex: "half" })).json();
found.push(`body:${counted.bytes}`);

const events = await fetch(new URL("events", base));
const reader = events.body.getReader();
found.push(new TextDecoder().decode((await reader.read()).value).includes("data: 0") ? "event" : "no event");
await reader.cancel();

const socket = new Socket(new URL("socket", base).href.replace(/^http/, "ws"), ["v1", "v2"]);
socket.binaryType = "arraybuffer";
await once(socket, "open");
found.push(`subprotocol:${socket.protocol}`);
socket.send("grüße");
found.push((await once(socket, "message")).data);
socket.send(new Uint8Array(1000000));
found.push((await once(socket, "message")).data.byteLength);
socket.send("close 4001 enough");
const { code, reason } = await once(socket, "close");
found.push(`closed:${code}:${reason}`);
console.log(found.join(" "));
