extension ConsolePage {
    /// What stands between `<script>` and `</script>`; everything from outside is inserted as text.
    static let script = #"""

"use strict";
const ROWS_MAX = 2000, HISTORY_MAX = 200, SHOWN_CHARACTERS_MAX = 16384, HEX_BYTES_MAX = 4096;
const RETRY_MS_MIN = 500, RETRY_MS_MAX = 15000;
const CODES = {
  1000: "normal end", 1001: "going away: the server stops, or the page was left", 1002: "protocol error",
  1003: "this type of message is not accepted here", 1005: "no code was sent",
  1006: "no closing handshake: refused, or the connection broke; the server's log knows more",
  1007: "text was not UTF-8", 1008: "policy violation",
  1009: "message too big", 1010: "an extension was missing",
  1011: "the server, or the program behind it, failed", 1012: "the server restarts",
  1013: "the server is full: try later",
  1014: "bad gateway: the upstream failed", 1015: "TLS failed"
};
const $ = (id) => document.getElementById(id);
const log = $("log"), scroll = $("scroll"), text = $("text");
let socket = null, retry = null, retryDelay = RETRY_MS_MIN, history = [], place = 0, draft = "";
let totals = { in: [0, 0], out: [0, 0] };
let following = true, followPending = false, lastTop = 0;

function size(bytes) {
  if (bytes < 1024) return bytes + " B";
  return bytes < 1048576 ? (bytes / 1024).toFixed(1) + " KiB" : (bytes / 1048576).toFixed(1) + " MiB";
}

function element(name, content) {
  const node = document.createElement(name);
  node.textContent = content;
  return node;
}

function row(kind, mark, content, detail, hex) {
  const now = new Date(), item = document.createElement("li");
  const fraction = String(now.getMilliseconds()).padStart(3, "0");
  const time = element("time", now.toTimeString().slice(0, 8) + "." + fraction);
  time.dateTime = now.toISOString();
  item.className = kind;
  const shown = element("pre", content);
  if (hex) shown.className = "hex";
  item.append(time, element("b", mark), shown, element("small", detail || ""));
  log.append(item);
  while (log.childElementCount > ROWS_MAX) log.firstElementChild.remove();
  $("empty").hidden = true;
  follow();
}

// Once a frame: asking for the height after each row would lay out the whole log each time.
function follow() {
  if (!following || followPending) return;
  followPending = true;
  requestAnimationFrame(() => {
    followPending = false;
    scroll.scrollTop = scroll.scrollHeight;
  });
}

function scrolled() {
  if (scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40) following = true;
  else if (scroll.scrollTop < lastTop) following = false;
  lastTop = scroll.scrollTop;
}

function hexView(bytes) {
  const lines = [], end = Math.min(bytes.length, HEX_BYTES_MAX);
  const width = matchMedia("(max-width: 40rem)").matches ? 8 : 16;
  for (let at = 0; at < end; at += width) {
    const part = Array.from(bytes.subarray(at, Math.min(at + width, end)));
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const ascii = part.map((byte) => byte > 31 && byte < 127 ? String.fromCharCode(byte) : "·").join("");
    lines.push(at.toString(16).padStart(4, "0") + "  " + hex.padEnd(width * 3 - 1) + "  " + ascii);
  }
  if (end < bytes.length) lines.push("… " + size(bytes.length - end) + " more");
  return lines.join("\n");
}

function message(kind, data) {
  const binary = typeof data !== "string";
  const bytes = binary ? data.length : new TextEncoder().encode(data).length;
  let shown = binary ? hexView(data) : data.slice(0, SHOWN_CHARACTERS_MAX);
  const hidden = binary ? 0 : data.length - shown.length;
  if (hidden) shown += "\n… " + hidden + " characters more";
  totals[kind][0] += 1;
  totals[kind][1] += bytes;
  row(kind, kind === "in" ? "↓" : "↑", shown, (binary ? "binary " : "text ") + size(bytes), binary);
  count();
}

function count() {
  const part = (name, [messages, bytes]) => name + " " + messages + " / " + size(bytes);
  $("totals").textContent = part("received", totals.in) + "  ·  " + part("sent", totals.out);
}

function show(state, label) {
  $("state").dataset.state = state;
  $("state").textContent = label;
  $("connect").textContent = state === "open" ? "Disconnect" : state === "connecting" ? "Cancel" : "Connect";
  $("send").disabled = state !== "open";
}

function connect() {
  clearTimeout(retry);
  const names = $("protocols").value.split(",").map((name) => name.trim()).filter(Boolean);
  let opened = 0;
  try {
    socket = names.length ? new WebSocket($("url").value, names) : new WebSocket($("url").value);
  } catch (error) {
    socket = null;
    show("closed", "not connected");
    return row("bad", "!", error.message);
  }
  const mine = socket;
  mine.binaryType = "arraybuffer";
  show("connecting", "connecting");
  mine.onopen = () => {
    opened = Date.now();
    retryDelay = RETRY_MS_MIN;
    show("open", mine.protocol ? "open (" + mine.protocol + ")" : "open");
    row("note", "•", "connected to " + mine.url + (mine.protocol ? ", subprotocol " + mine.protocol : ""));
    text.focus();
  };
  mine.onmessage = ({ data }) => message("in", typeof data === "string" ? data : new Uint8Array(data));
  mine.onerror = () => {
    if (!opened) row("bad", "!", "could not connect to " + mine.url + " (the server's log says why)");
  };
  mine.onclose = (event) => {
    if (socket !== mine) return;
    socket = null;
    show("closed", "closed (" + event.code + ")");
    row(event.code === 1000 ? "note" : "bad", "×",
      "closed with " + event.code + ", " + meaning(event.code) + (event.reason ? ": " + event.reason : ""),
      opened ? "after " + ((Date.now() - opened) / 1000).toFixed(1) + " s" : "");
    if ($("again").checked) reconnect();
  };
}

function meaning(code) {
  if (CODES[code]) return CODES[code];
  if (code >= 4000) return "a code of the application";
  return code >= 3000 ? "a registered code" : "an unassigned code";
}

function reconnect() {
  row("note", "•", "trying again in " + (retryDelay / 1000).toFixed(1) + " s");
  show("connecting", "waiting to reconnect");
  retry = setTimeout(connect, retryDelay);
  retryDelay = Math.min(retryDelay * 2, RETRY_MS_MAX);
}

function disconnect() {
  clearTimeout(retry);
  $("again").checked = false;
  if (socket) { socket.close(1000); show("connecting", "closing"); } else show("closed", "not connected");
}

function parseHex(value) {
  const digits = value.replace(/0x|[\s,:]/gi, "");
  if (digits.length % 2 || /[^0-9a-f]/i.test(digits)) return null;
  return Uint8Array.from(digits.match(/../g) || [], (pair) => parseInt(pair, 16));
}

function send(event) {
  event.preventDefault();
  if (!socket || socket.readyState !== WebSocket.OPEN) return row("bad", "!", "not connected");
  const value = text.value, data = $("kind").value === "hex" ? parseHex(value) : value;
  if (data === null) return row("bad", "!", "not hex: give pairs of digits, such as 01 ff 7a");
  socket.send(data);
  message("out", data);
  if (value && history[history.length - 1] !== value) history = history.concat(value).slice(-HISTORY_MAX);
  place = history.length;
  text.value = draft = "";
}

function recall(event) {
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
  if (!step || place + step < 0 || place + step > history.length) return;
  event.preventDefault();
  if (place === history.length) draft = text.value;
  place += step;
  text.value = place === history.length ? draft : history[place];
}

function clear() {
  log.replaceChildren();
  totals = { in: [0, 0], out: [0, 0] };
  $("empty").hidden = false;
  count();
  text.focus();
}

$("connection").addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket || $("state").dataset.state === "connecting") disconnect(); else connect();
});
$("sender").addEventListener("submit", send);
scroll.addEventListener("scroll", scrolled);
$("clear").addEventListener("click", clear);
text.addEventListener("keydown", recall);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") text.focus();
  if (event.key === "l" && event.ctrlKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    clear();
  }
});
$("kind").addEventListener("change", () => {
  text.placeholder = $("kind").value === "hex" ? "01 ff 7a" : "Message";
  text.focus();
});
document.addEventListener("securitypolicyviolation", (event) => {
  if (event.effectiveDirective !== "connect-src") return;
  row("bad", "!", "this page may connect to its own server only");
});

const scheme = location.protocol === "https:" ? "wss://" : "ws://";
$("url").value = scheme + location.host + location.pathname + location.search;
count();
if (location.protocol.startsWith("http")) connect();

"""#
}
