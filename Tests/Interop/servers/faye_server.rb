# Puma with faye-websocket, as Debian packages them.
require "digest"
require "faye/websocket"
require "json"
require "puma"
require "puma/configuration"
require "puma/launcher"

PAGE = File.read(File.join(__dir__, "page.html"))
$closed = 0

def seen(env)
  { method: env["REQUEST_METHOD"], target: env["REQUEST_URI"], host: env["HTTP_HOST"], origin: env["HTTP_ORIGIN"],
    cookie: env["HTTP_COOKIE"], forwarded: env["HTTP_X_FORWARDED_FOR"] }.to_json
end

def talk(env)
  socket = Faye::WebSocket.new(env, ["v2"], max_length: 2**26)
  socket.on :message do |event|
    case event.data
    when "told" then socket.send(seen(env))
    when "ping" then socket.ping("!") { socket.send("pong") }
    when /\Aclose (\d+) (\w+)\z/ then socket.close($1.to_i, $2)
    else socket.send(event.data)
    end
  end
  socket.on(:close) { |event| $closed = event.code }
  socket.rack_response
end

def events(env)
  stream = Faye::EventSource.new(env)
  stream.send("0")
  stream.rack_response
end

def length(env)
  count, digest = 0, Digest::SHA256.new
  while (part = env["rack.input"].read(65536))
    count += part.bytesize
    digest << part
  end
  { bytes: count, sha256: digest.hexdigest }.to_json
end

APPLICATION = lambda do |env|
  json = { "Content-Type" => "application/json" }
  case env["PATH_INFO"]
  when "/page" then [200, { "Content-Type" => "text/html" }, [PAGE]]
  when %r{\A/told} then [200, json, [seen(env)]]
  when "/length" then [200, json, [length(env)]]
  when "/events" then events(env)
  when "/closed" then [200, { "Content-Type" => "text/plain" }, [$closed.to_s]]
  when "/refused" then [403, { "Content-Type" => "text/plain", "X-Reason" => "interop" }, ["no entry\n"]]
  when "/socket" then Faye::WebSocket.websocket?(env) ? talk(env) : [400, {}, []]
  else [404, {}, []]
  end
end

configuration = Puma::Configuration.new do |user|
  if ENV["TLS_CERT"]
    user.ssl_bind "127.0.0.1", ARGV.last, cert: ENV["TLS_CERT"], key: ENV["TLS_KEY"]
  else
    user.bind "tcp://127.0.0.1:#{ARGV.last}"
  end
  user.threads 1, 8
  user.app APPLICATION
end
Puma::Launcher.new(configuration, events: Puma::Events.null).run
