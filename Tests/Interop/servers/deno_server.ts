// Deno: its page and its socket from one handler, by nothing but what Deno brings.
const page = Deno.readTextFileSync(new URL("page.html", import.meta.url));
let closed = 0;

function seen(request: Request) {
  const url = new URL(request.url), field = (name: string) => request.headers.get(name);
  return {
    method: request.method, target: url.pathname + url.search, host: field("host"), origin: field("origin"),
    cookie: field("cookie"), forwarded: field("x-forwarded-for"),
  };
}

function events() {
  let timer = 0;
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode("data: 0\n\n"));
      timer = setTimeout(() => controller.enqueue(encoder.encode("data: 1\n\n")), 20000);
    },
    cancel() {
      clearTimeout(timer);
    },
  });
  return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
}

async function length(request: Request) {
  const body = await request.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return Response.json({ bytes: body.byteLength, sha256 });
}

function talk(request: Request) {
  const offered = (request.headers.get("sec-websocket-protocol") ?? "").split(",").map((one) => one.trim());
  // After the upgrade the request is gone.
  const told = JSON.stringify(seen(request));
  const { socket, response } = Deno.upgradeWebSocket(request, { protocol: offered.includes("v2") ? "v2" : undefined });
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => {
    if (data === "told") {
      socket.send(told);
    } else if (typeof data === "string" && data.startsWith("close ")) {
      const [, code, reason] = data.split(" ");
      socket.close(Number(code), reason);
    } else {
      socket.send(data);
    }
  };
  socket.onclose = ({ code }) => closed = code;
  return response;
}

const tls = Deno.env.get("TLS_CERT")
  ? { cert: Deno.readTextFileSync(Deno.env.get("TLS_CERT")!), key: Deno.readTextFileSync(Deno.env.get("TLS_KEY")!) }
  : {};
Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.args.at(-1)), ...tls }, (request) => {
  const path = new URL(request.url).pathname;
  if (path === "/page") return new Response(page, { headers: { "Content-Type": "text/html" } });
  if (path.startsWith("/told")) return Response.json(seen(request));
  if (path === "/length") return length(request);
  if (path === "/events") return events();
  if (path === "/socket") return talk(request);
  if (path === "/closed") return new Response(String(closed));
  if (path === "/refused") return new Response("no entry\n", { status: 403, headers: { "X-Reason": "interop" } });
  return new Response("", { status: 404 });
});
