#!/usr/bin/env python3
"""A page that lives on the server, as Phoenix LiveView has it: each click goes up the WebSocket, and comes back as those
parts of the page that are new. Without a WebSocket its forms still work. Needs python3-aiohttp.

    python3 examples/live/live.py 3000 &
    wsbridge --proxy http://127.0.0.1:3000

When the socket closes, as it does with 1001 when wsbridge stops, the page comes back with what it had.
"""

import html
import json
import sys

from aiohttp import WSMsgType, web

FRAME = """<!doctype html><html lang="en"><meta charset="utf-8"><title>live</title>
<h1>To do <small id="state">by forms</small></h1>{parts}
<script>
const parts = (html) => Object.entries(html).forEach(([id, text]) => document.getElementById(id).innerHTML = text);
let socket, state = {state}, wait = 100;
function join() {{
  socket = new WebSocket(new URL("live", location).href.replace(/^http/, "ws"));
  socket.onopen = () => {{ wait = 100; socket.send(JSON.stringify({{ event: "join", state }})); }};
  socket.onmessage = ({{ data }}) => {{
    const answer = JSON.parse(data);
    state = answer.state;
    parts(answer.parts);
    document.getElementById("state").textContent = "live";
  }};
  socket.onclose = ({{ code }}) => {{
    document.getElementById("state").textContent = "closed with " + code;
    setTimeout(join, wait = Math.min(2 * wait, 5000));
  }};
}}
document.addEventListener("submit", (submission) => {{
  if (socket.readyState !== WebSocket.OPEN) return;
  submission.preventDefault();
  const fields = Object.fromEntries(new FormData(submission.target, submission.submitter));
  socket.send(JSON.stringify({{ event: "submit", ...fields }}));
}});
join();
</script>"""


def changed(state, fields):
    """The state after one submission: a list of [text, done]."""
    if fields.get("add", "").strip():
        return [*state, [fields["add"].strip()[:200], False]][-50:]
    if fields.get("turn", "").isdecimal() and int(fields["turn"]) < len(state):
        index = int(fields["turn"])
        return [*state[:index], [state[index][0], not state[index][1]], *state[index + 1:]]
    return state


def rendered(state):
    """The parts of the page by their ids."""
    rows = "".join(f'<li><button name="turn" value="{index}">{"&#9745;" if done else "&#9744;"}</button> '
                   f"{html.escape(text)}" for index, (text, done) in enumerate(state))
    return {
        "list": f'<form method="post"><input name="kept" type="hidden" value="{html.escape(json.dumps(state))}"><ul>'
                f"{rows}</ul></form>",
        "form": f'<form method="post"><input name="kept" type="hidden" value="{html.escape(json.dumps(state))}">'
                '<input name="add" autofocus aria-label="What to do"> <button>add</button></form>',
        "count": f"{sum(done for _, done in state)} of {len(state)} done"}


def checked(state):
    """What a client says its state is, or nothing."""
    good = isinstance(state, list) and len(state) <= 50 and all(
        isinstance(row, list) and [type(value) for value in row] == [str, bool] for row in state)
    return state if good else []


async def page(request):
    state = []
    if request.method == "POST":
        fields = await request.post()
        state = changed(checked(json.loads(fields["kept"])), fields)
    parts = "".join(f'<div id="{name}">{text}</div>' for name, text in rendered(state).items())
    # JSON within a script: no "</script>" of anybody's may end it.
    return web.Response(text=FRAME.format(parts=parts, state=json.dumps(state).replace("<", "\\u003c")),
                        content_type="text/html")


async def live(request):
    socket = web.WebSocketResponse(heartbeat=30)
    await socket.prepare(request)
    state, shown = [], {}
    async for message in socket:
        if message.type != WSMsgType.TEXT:
            continue
        event = json.loads(message.data)
        state = checked(event["state"]) if event["event"] == "join" else changed(state, event)
        parts = rendered(state)
        await socket.send_json({"state": state, "parts": {
            name: text for name, text in parts.items() if shown.get(name) != text}})
        shown = parts
    return socket

if __name__ == "__main__":
    app = web.Application()
    app.add_routes([web.get("/", page), web.post("/", page), web.get("/live", live)])
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
