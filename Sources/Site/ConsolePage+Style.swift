extension ConsolePage {
    /// What stands between `<style>` and `</style>`; its hash is in the policy.
    static let style = #"""

:root {
  color-scheme: light dark;
  --page: #f6f7f9; --panel: #fff; --ink: #1a1f27; --soft: #5b6573; --line: #d9dee5; --field: #fff;
  --accent: #0b62d6; --on-accent: #fff; --hover: #eef2f7;
  --in: #0a7a43; --out: #0b62d6; --bad: #b3261e; --note: #7a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1116; --panel: #161b22; --ink: #e4e9f0; --soft: #98a3b1; --line: #2b333e; --field: #0e1116;
    --accent: #5aa2ff; --on-accent: #08131f; --hover: #1d242d;
    --in: #56d38c; --out: #79b4ff; --bad: #ff8a80; --note: #e3bd5b;
  }
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body {
  display: flex; flex-direction: column;
  background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, sans-serif;
}
button, input, select, textarea { font: inherit; color: inherit; }
header, footer { background: var(--panel); padding: .75rem 1rem; }
header { border-bottom: 1px solid var(--line); }
footer { border-top: 1px solid var(--line); }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; max-width: 75rem; margin: 0 auto; }
.row + .row { margin-top: .6rem; }
h1 { font-size: 1rem; margin: 0; letter-spacing: .01em; }
h1 span { color: var(--soft); font-weight: 400; }
#state {
  margin-left: auto; display: inline-flex; align-items: center; gap: .45rem;
  font-size: .87rem; color: var(--soft);
}
#state::before { content: ""; width: .6rem; height: .6rem; border-radius: 50%; background: var(--soft); }
#state[data-state=open]::before { background: var(--in); }
#state[data-state=connecting]::before { background: var(--note); }
#state[data-state=closed]::before { background: var(--bad); }
input[type=text], select, textarea {
  background: var(--field); border: 1px solid var(--line); border-radius: 6px;
  padding: .42rem .6rem; min-width: 0;
}
.mono { font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace; font-size: .92em; }
#url { flex: 1 1 16rem; }
#protocols { flex: 0 1 12rem; }
#text { flex: 1 1 10rem; padding: .55rem .7rem; resize: none; max-height: 30vh; field-sizing: content; }
#more { display: block; }
#more .row { margin: .5rem 0; }
#more p { margin: .4rem 0; max-width: 60rem; }
code { white-space: nowrap; }
summary { color: var(--soft); font-size: .87rem; cursor: pointer; width: fit-content; }
#code { flex: 0 0 5rem; } #code:invalid { border-color: var(--bad); } #reason { flex: 1 1 10rem; }
#command {
  margin: 0; padding: .42rem .6rem; border: 1px solid var(--line); border-radius: 6px; background: var(--field);
  white-space: pre-wrap; overflow-wrap: anywhere;
}
button {
  background: none; border: 1px solid var(--line); border-radius: 6px;
  padding: .42rem .9rem; cursor: pointer;
}
button:hover { background: var(--hover); }
button.primary {
  background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600;
}
button.primary:hover { filter: brightness(1.08); }
button:disabled { opacity: .45; cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
label.check { display: inline-flex; gap: .4rem; align-items: center; color: var(--soft); font-size: .9rem; }
input[type=checkbox] { accent-color: var(--accent); margin: 0; }
main { flex: 1 1 0; min-height: 6rem; overflow-y: auto; padding: .5rem 1rem; overflow-anchor: none; }
#log { list-style: none; margin: 0 auto; padding: 0; max-width: 75rem; }
#log li {
  display: grid; grid-template-columns: 6.6rem 1.2rem minmax(0, 1fr) auto; gap: .6rem;
  padding: .3rem .25rem; border-bottom: 1px solid var(--line);
}
#log time, #log small {
  color: var(--soft); font-size: .8rem; line-height: 1.65; white-space: nowrap;
  font-variant-numeric: tabular-nums;
}
#log pre {
  margin: 0; white-space: pre-wrap; overflow-wrap: anywhere;
  font: .9rem/1.5 ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace;
}
#log .hex { white-space: pre; overflow-x: auto; }
#log b { text-align: center; font-weight: 600; }
#log .in b { color: var(--in); } #log .out b { color: var(--out); }
#log .note b, #log .note pre { color: var(--soft); } #log .note pre { font-family: inherit; }
#log .bad b, #log .bad pre { color: var(--bad); } #log .bad pre { font-family: inherit; }
#empty { color: var(--soft); text-align: center; padding: 3rem 1rem; margin: 0; }
.hint { color: var(--soft); font-size: .82rem; }
kbd { font: inherit; border: 1px solid var(--line); border-radius: 4px; padding: 0 .3rem; }
.push { margin-left: auto; }
@media (max-width: 40rem) {
  header, footer { padding: .6rem .7rem; } main { padding: .25rem .7rem; }
  #log li { grid-template-columns: 1.1rem minmax(0, 1fr) auto; gap: .15rem .5rem; }
  #log pre { grid-column: 2 / 4; grid-row: 1; } #log b { grid-column: 1; grid-row: 1; }
  #log time { grid-column: 2; } #log small { grid-column: 3; }
  #log time, #log small { grid-row: 2; font-size: .74rem; line-height: 1.2; }
  #url { flex-basis: 100%; } #protocols { flex: 1 1 8rem; } #text { flex-basis: 5rem; } .keys { display: none; }
  .push { margin-left: 0; } #clear { margin-left: auto; }
}

"""#
}
