// Deno's page and its socket come from one address and one handler: a board on which everybody draws. Needs deno.
//
//     deno run --allow-net examples/deno/board.ts 3000 &
//     wsbridge --proxy http://127.0.0.1:3000
//
// Points go as binary messages of four bytes, x and y as 16 bits each; who comes later gets all that is there.

const page = `<!doctype html><meta charset="utf-8"><title>board</title>
<p id="state">connecting</p><canvas id="board" width="600" height="400" style="border: 1px solid"></canvas>
<script>
const board = document.getElementById("board"), pen = board.getContext("2d"), state = document.getElementById("state");
const socket = new WebSocket(location.href.replace(/^http/, "ws"), "board.v1");
socket.binaryType = "arraybuffer";
let points = 0;
socket.onmessage = ({ data }) => {
  if (typeof data === "string") { state.textContent = data; return; }
  const view = new DataView(data);
  for (let at = 0; at < data.byteLength; at += 4) pen.fillRect(view.getUint16(at), view.getUint16(at + 2), 4, 4);
  board.dataset.points = points += data.byteLength / 4;
};
socket.onclose = ({ code, reason }) => state.textContent = "closed with " + code + " " + reason;
board.onpointermove = (event) => {
  if (event.buttons && socket.readyState === WebSocket.OPEN) {
    socket.send(new Uint16Array([event.offsetX, event.offsetY].map((n) => ((n & 255) << 8) | (n >> 8 & 255))));
  }
};
</script>`;

const drawn: Uint8Array[] = [];
const sockets = new Set<WebSocket>();

function tellHowMany() {
  const text = `${sockets.size} here`;
  for (const socket of sockets) if (socket.readyState === WebSocket.OPEN) socket.send(text);
}

Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.args[0] ?? 3000) }, (request) => {
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return new Response(page, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  }
  if (!request.headers.get("sec-websocket-protocol")?.split(/\s*,\s*/).includes("board.v1")) {
    return new Response("this board speaks board.v1\n", { status: 400 });
  }
  const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "board.v1" });
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    sockets.add(socket);
    for (const points of drawn) socket.send(points);
    tellHowMany();
  };
  socket.onmessage = ({ data }) => {
    if (!(data instanceof ArrayBuffer) || data.byteLength !== 4) return socket.close(1003, "points of four bytes");
    const point = new Uint8Array(data);
    if (drawn.push(point) > 10_000) drawn.shift();
    for (const other of sockets) if (other.readyState === WebSocket.OPEN) other.send(point);
  };
  socket.onclose = () => {
    sockets.delete(socket);
    tellHowMany();
  };
  return response;
});
