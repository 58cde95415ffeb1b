extension ConsolePage {
    /// Connecting, sending, closing, and the keys.
    static let sessionScript = #"""
function show(state, label) {
  $("state").dataset.state = state;
  $("state").textContent = label;
  $("connect").textContent = state === "open" ? "Disconnect" : state === "connecting" ? "Cancel" : "Connect";
  $("send").disabled = $("close").disabled = state !== "open";
}

function connect() {
  clearTimeout(retry);
  const names = offered(), began = performance.now();
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
    lastAt = performance.now();
    row("note", "•", "connected to " + mine.url + (mine.protocol ? ", subprotocol " + mine.protocol : ""),
      "in " + span(lastAt - began));
    text.focus();
  };
  mine.onmessage = ({ data }) => message("in", typeof data === "string" ? data : new Uint8Array(data));
  mine.onerror = () => {
    if (opened) return;
    row("bad", "!", "could not connect to " + mine.url + " (the server's log says why)");
    if (names.length) row("note", "•", "perhaps the server speaks none of these subprotocols: " + names.join(", "));
  };
  mine.onclose = (event) => {
    if (socket !== mine) return;
    socket = null;
    show("closed", "closed (" + event.code + ")");
    row(event.code === 1000 ? "note" : "bad", "×",
      "closed with " + event.code + ", " + meaning(event.code) + (event.reason ? ": " + event.reason : ""),
      opened ? "after " + span(Date.now() - opened) : "");
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

function disconnect(code = 1000, reason = "") {
  clearTimeout(retry);
  $("again").checked = false;
  if (!socket) return show("closed", "not connected");
  try { socket.close(code, reason); } catch (error) { return row("bad", "!", error.message); }
  show("connecting", "closing");
}

function toggle() {
  if (socket || $("state").dataset.state === "connecting") disconnect(); else connect();
}

function offered() { return $("protocols").value.split(",").map((name) => name.trim()).filter(Boolean); }

function quoted(word) { return /^[\w@%+=:,./-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'"; }

function command() {
  const names = offered(), words = ["wsbridge connect --header 'Authorization: Bearer …'"];
  if (names.length) words.push("--subprotocol", quoted(names.join(",")));
  $("command").textContent = words.concat(quoted($("url").value)).join(" ");
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
  remember(value);
  text.value = draft = "";
}

function recall(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.isComposing) {
    event.preventDefault();
    return $("sender").requestSubmit();
  }
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
  // Between the lines of a message the arrows move the cursor.
  const edge = step < 0 ? text.value.slice(0, text.selectionStart) : text.value.slice(text.selectionEnd);
  if (!step || edge.includes("\n") || place + step < 0 || place + step > history.length) return;
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
  toggle();
});
$("closer").addEventListener("submit", (event) => {
  event.preventDefault();
  disconnect(Number($("code").value), $("reason").value);
});
$("url").addEventListener("input", command);
$("protocols").addEventListener("input", command);
$("sender").addEventListener("submit", send);
scroll.addEventListener("scroll", scrolled);
$("clear").addEventListener("click", clear);
text.addEventListener("keydown", recall);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") text.focus();
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    toggle();
  }
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
command();
if (location.protocol.startsWith("http")) connect();

"""#
}
