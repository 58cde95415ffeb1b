extension ConsolePage {
    /// What stands between `<script>` and `</script>`; everything from outside is inserted as text.
    static let script = logScript + sessionScript

    /// The log of messages, how they look, and what was sent before.
    private static let logScript = #"""

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
let socket = null, retry = null, retryDelay = RETRY_MS_MIN, draft = "", lastAt = 0;
let history = remembered(), place = history.length;
let totals = { in: [0, 0], out: [0, 0] };
let following = true, followPending = false, lastTop = 0;

// For the next load of this page, and for nobody else: a session's storage ends with its tab.
function remembered() {
  try { return JSON.parse(sessionStorage.getItem("wsbridge")).slice(-HISTORY_MAX).map(String); } catch { return []; }
}

function remember(value) {
  if (value && history[history.length - 1] !== value) history = history.concat(value).slice(-HISTORY_MAX);
  place = history.length;
  try { sessionStorage.setItem("wsbridge", JSON.stringify(history)); } catch { /* full, or forbidden */ }
}

function span(milliseconds) {
  if (milliseconds < 1000) return milliseconds.toFixed(1) + " ms";
  return milliseconds < 60000 ? (milliseconds / 1000).toFixed(2) + " s" : (milliseconds / 60000).toFixed(1) + " min";
}

// Since the message or event before.
function elapsed() {
  const now = performance.now(), since = lastAt ? " · +" + span(now - lastAt) : "";
  lastAt = now;
  return since;
}

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
  row(kind, kind === "in" ? "↓" : "↑", shown, (binary ? "binary " : "text ") + size(bytes) + elapsed(), binary);
  count();
}

function count() {
  const part = (name, [messages, bytes]) => name + " " + messages + " / " + size(bytes);
  $("totals").textContent = part("received", totals.in) + "  ·  " + part("sent", totals.out);
}


"""#
}
