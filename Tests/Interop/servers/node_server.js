// Node's HTTP server with the library `ws`, as Debian packages it (NODE_PATH=/usr/share/nodejs).
"use strict";
const crypto = require("crypto");
const fs = require("fs");
const path = require("path");
const { WebSocketServer } = require("ws");

const page = fs.readFileSync(path.join(__dirname, "page.html"));
let closed = 0;

const seen = ({ method, url, headers }) => JSON.stringify({
  method, target: url, host: headers.host, origin: headers.origin ?? null, cookie: headers.cookie ?? null,
  forwarded: headers["x-forwarded-for"] ?? null });

function serve(request, response) {
  const json = (text) => response.writeHead(200, { "Content-Type": "application/json" }).end(text);
  if (request.url.startsWith("/page")) {
    response.writeHead(200, { "Content-Type": "text/html" }).end(page);
  } else if (request.url.startsWith("/told")) {
    json(seen(request));
  } else if (request.url === "/length") {
    const digest = crypto.createHash("sha256");
    let bytes = 0;
    request.on("data", (part) => { bytes += part.length; digest.update(part); });
    request.on("end", () => json(JSON.stringify({ bytes, sha256: digest.digest("hex") })));
  } else if (request.url === "/events") {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write("data: 0\n\n");
    const timer = setTimeout(() => response.end("data: 1\n\n"), 20000);
    response.on("close", () => clearTimeout(timer));
  } else if (request.url === "/closed") {
    response.end(String(closed));
  } else {
    response.writeHead(404).end();
  }
}

const sockets = new WebSocketServer({
  noServer: true, perMessageDeflate: true, handleProtocols: (offered) => (offered.has("v2") ? "v2" : false) });

sockets.on("connection", (socket, request) => {
  socket.on("message", (data, binary) => {
    const text = binary ? "" : data.toString();
    if (text === "told") {
      socket.send(seen(request));
    } else if (text === "ping") {
      socket.once("pong", () => socket.send("pong"));
      socket.ping("!");
    } else if (text.startsWith("close ")) {
      const [, code, reason] = text.split(" ");
      socket.close(Number(code), reason);
    } else {
      socket.send(data, { binary });
    }
  });
  socket.on("close", (code) => { closed = code; });
});

const tls = process.env.TLS_CERT && {
  cert: fs.readFileSync(process.env.TLS_CERT), key: fs.readFileSync(process.env.TLS_KEY) };
const server = tls ? require("https").createServer(tls, serve) : require("http").createServer(serve);
server.on("upgrade", (request, socket, head) => {
  if (request.url === "/refused") {
    socket.end("HTTP/1.1 403 Forbidden\r\nX-Reason: interop\r\nContent-Length: 9\r\nConnection: close\r\n\r\n"
      + "no entry\n");
  } else if (request.url !== "/socket") {
    socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  } else {
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request));
  }
});
server.listen(Number(process.argv.at(-1)), "127.0.0.1");
