/// What real programs send, and payloads.
enum Samples {
    private static let browser =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"

    /// curl 7.88 asks for a page.
    static let curl = Self.head(
        """
        GET /index.html HTTP/1.1
        Host: localhost:8080
        User-Agent: curl/7.88.1
        Accept: */*
        """)

    /// Chromium asks for a page that it has seen before.
    static let chromium = Self.head(
        """
        GET /app/orders?page=2&sort=date HTTP/1.1
        Host: app.example.com
        Connection: keep-alive
        Cache-Control: max-age=0
        sec-ch-ua: "Chromium";v="130", "Not?A_Brand";v="99"
        sec-ch-ua-mobile: ?0
        sec-ch-ua-platform: "Linux"
        Upgrade-Insecure-Requests: 1
        User-Agent: \(browser)
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8
        Sec-Fetch-Site: same-origin
        Sec-Fetch-Mode: navigate
        Sec-Fetch-User: ?1
        Sec-Fetch-Dest: document
        Referer: https://app.example.com/app/orders
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: en-GB,en;q=0.9,de;q=0.8
        Cookie: session=6f1c2e0b7a9d4d3f8e5b; theme=dark; consent=1
        If-None-Match: "5f3-61a2c4b7"
        """)

    /// Chromium opens a WebSocket.
    static let chromiumUpgrade = Self.head(
        """
        GET /chat?room=7 HTTP/1.1
        Host: app.example.com
        Connection: Upgrade
        Pragma: no-cache
        Cache-Control: no-cache
        User-Agent: \(browser)
        Upgrade: websocket
        Origin: https://app.example.com
        Sec-WebSocket-Version: 13
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: en-GB,en;q=0.9,de;q=0.8
        Cookie: session=6f1c2e0b7a9d4d3f8e5b; theme=dark; consent=1
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits
        """)

    /// nginx 1.22 answers with a file.
    static let nginx = Self.head(
        """
        HTTP/1.1 200 OK
        Server: nginx/1.22.1
        Date: Mon, 23 Nov 2026 10:00:00 GMT
        Content-Type: text/html
        Content-Length: 1024
        Last-Modified: Sun, 22 Nov 2026 09:00:00 GMT
        Connection: keep-alive
        ETag: "692180d0-400"
        Accept-Ranges: bytes
        """)

    /// So many bytes of letters and spaces.
    static func ascii(_ count: Int) -> [UInt8] { Self.repeating("the quick brown fox jumps over the lazy dog ", count) }

    /// Sentences with a character beyond ASCII here and there, some of them of four bytes; cut between characters.
    static func mixed(_ count: Int) -> [UInt8] {
        let sentence = Array("Größe und Maß: 3 € für zwei Brötchen, ça va? 日本語も 🙂 and some plain words. ".utf8)
        return (0..<max(1, count / sentence.count)).flatMap { _ in sentence }
    }

    private static func head(_ text: String) -> [UInt8] {
        text.split(separator: "\n").flatMap { Array($0.utf8) + [0x0D, 0x0A] } + [0x0D, 0x0A]
    }

    private static func repeating(_ text: String, _ count: Int) -> [UInt8] {
        let bytes = Array(text.utf8)
        return (0..<count).map { bytes[$0 % bytes.count] }
    }
}
