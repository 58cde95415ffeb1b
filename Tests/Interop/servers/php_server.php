<?php
// PHP's own server: `PHP_CLI_SERVER_WORKERS=4 php -S 127.0.0.1:PORT php_server.php`. It knows no WebSockets.
$path = parse_url($_SERVER["REQUEST_URI"], PHP_URL_PATH);
if ($path === "/page") {
    header("Content-Type: text/html");
    readfile(__DIR__ . "/page.html");
} elseif (str_starts_with($path, "/told")) {
    header("Content-Type: application/json");
    echo json_encode([
        "method" => $_SERVER["REQUEST_METHOD"], "target" => $_SERVER["REQUEST_URI"], "host" => $_SERVER["HTTP_HOST"],
        "origin" => $_SERVER["HTTP_ORIGIN"] ?? null, "cookie" => $_SERVER["HTTP_COOKIE"] ?? null,
        "forwarded" => $_SERVER["HTTP_X_FORWARDED_FOR"] ?? null], JSON_UNESCAPED_SLASHES);
} elseif ($path === "/length") {
    header("Content-Type: application/json");
    $body = file_get_contents("php://input");
    echo json_encode(["bytes" => strlen($body), "sha256" => hash("sha256", $body)]);
} elseif ($path === "/events") {
    header("Content-Type: text/event-stream");
    echo "data: 0\n\n";
    flush();
    sleep(20);
    echo "data: 1\n\n";
} elseif ($path === "/refused") {
    http_response_code(403);
    header("X-Reason: interop");
    echo "no entry\n";
} else {
    http_response_code(404);
}
