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
    static let styleHash = "nE49Kt4R/A3pyV6MClfBvErxdsvX4jrDvErbuLpG+5k="
    static let scriptHash = "4JSI1fTOu6pyo/5JFoXv5BGDzkntV7fo+n6tOs9DOjE="

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
    <input class="mono" id="text" type="text" aria-label="Message" placeholder="Message"
           spellcheck="false" autocomplete="off">
    <button class="primary" id="send" disabled>Send</button>
  </form>
  <div class="row">
    <span class="hint keys"><kbd>Enter</kbd> send &nbsp; <kbd>↑</kbd> <kbd>↓</kbd> history &nbsp;
      <kbd>Esc</kbd> to the message &nbsp; <kbd>Ctrl</kbd>+<kbd>L</kbd> clear</span>
    <small class="hint push" id="totals"></small>
    <button type="button" id="clear">Clear</button>
  </div>
</footer>

"""#
}
