/// The page that a browser gets on a loopback listener: connects, sends, shows text, binary and close codes.
///
/// One document without a second request, so that it works through any tunnel; the policy names style and
/// script by their hashes, so that nothing which found its way into the page could run.
package enum ConsolePage {
    package static let html = [
        head, "<style>", style, "</style>\n", body, "<script>", script, "</script>\n</body>\n</html>\n",
    ].joined()

    /// The value of `Content-Security-Policy`.
    ///
    /// 'self' covers ws: and wss: to the same host and port. The icon is an empty data URL, which keeps
    /// browsers from asking for /favicon.ico.
    package static let contentSecurityPolicy = [
        "default-src 'none'",
        "connect-src 'self'",
        "img-src data:",
        "style-src 'sha256-\(styleHash)'",
        "script-src 'sha256-\(scriptHash)'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// SHA-256 in Base64. `ConsolePageTests` computes both anew and names the right value when one differs.
    static let styleHash = "M1cq9MwoUyQ/1vv2gEeYoENH5Uyy8tD5j+8i8mPMpYk="
    static let scriptHash = "sVDE+QFX2P8kb2MrZ6HHQ8cePMub9/OmkwhFj7ltrwY="

    static let head = #"""
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>wsbridge console</title>

"""#

    static let body = #"""
</head>
<body>
<header>
  <div class="row">
    <h1>wsbridge <span>console</span></h1>
    <span id="state" role="status" data-state="idle">not connected</span>
  </div>
  <form class="row" id="connection">
    <input class="mono" id="url" type="text" aria-label="WebSocket URL"
           spellcheck="false" autocomplete="off" required>
    <input class="mono" id="protocols" type="text" aria-label="Subprotocols, separated by commas"
           placeholder="subprotocols" spellcheck="false" autocomplete="off">
    <button class="primary" id="connect">Connect</button>
    <label class="check"><input type="checkbox" id="again"> reconnect</label>
  </form>
  <details class="row" id="more">
    <summary>Close codes, headers and subprotocols</summary>
    <form class="row" id="closer">
      <input class="mono" id="code" type="text" inputmode="numeric" aria-label="Close code" value="1000"
             pattern="1000|[34][0-9]{3}" title="1000, or from 3000 to 4999" required>
      <input class="mono" id="reason" type="text" aria-label="Reason of the close"
             placeholder="reason, at most 123 bytes" autocomplete="off">
      <button id="close" disabled>Close</button>
    </form>
    <p class="hint">A browser lets a page set no header field of a WebSocket: what a server wants to know goes into the
      address (<code>?token=…</code>), a cookie, or a subprotocol. It ends a connection whose server chooses none of
      the subprotocols that were offered; on the server <code>--subprotocol</code> chooses. From a terminal:</p>
    <pre class="mono" id="command" tabindex="0"></pre>
  </details>
</header>
<main id="scroll" tabindex="0" aria-label="Messages">
  <p id="empty">Nothing yet. Connect, then type a line and press Enter.</p>
  <ol id="log" role="log" aria-live="polite"></ol>
</main>
<footer>
  <form class="row" id="sender">
    <select id="kind" aria-label="Type of message">
      <option value="text">Text</option><option value="hex">Binary (hex)</option>
    </select>
    <textarea class="mono" id="text" rows="1" aria-label="Message" placeholder="Message"
              spellcheck="false" autocomplete="off"></textarea>
    <button class="primary" id="send" disabled>Send</button>
  </form>
  <div class="row">
    <span class="hint keys"><kbd>Enter</kbd> send &nbsp; <kbd>Shift</kbd>+<kbd>Enter</kbd> new line &nbsp;
      <kbd>↑</kbd> <kbd>↓</kbd> history &nbsp; <kbd>Esc</kbd> to the message &nbsp;
      <kbd>Ctrl</kbd>+<kbd>Enter</kbd> connect &nbsp; <kbd>Ctrl</kbd>+<kbd>L</kbd> clear</span>
    <small class="hint push" id="totals"></small>
    <button type="button" id="clear">Clear</button>
  </div>
</footer>

"""#
}
