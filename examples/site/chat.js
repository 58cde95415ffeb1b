// The page and the socket come from one address: nothing to configure, and no rule about origins in the way.
"use strict";
const log = document.getElementById("log"), text = document.getElementById("text");
const socket = new WebSocket(location.href.replace(/^http/, "ws"));

function show(line) {
  const item = document.createElement("li");
  item.textContent = line;
  log.append(item);
}

socket.onopen = () => show("connected");
socket.onmessage = (event) => show(event.data);
socket.onclose = (event) => show(`closed with ${event.code} ${event.reason}`);
document.getElementById("sender").addEventListener("submit", (event) => {
  event.preventDefault();
  if (text.value && socket.readyState === WebSocket.OPEN) socket.send(text.value);
  text.value = "";
});
