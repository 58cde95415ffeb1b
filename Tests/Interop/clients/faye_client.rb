# What page.html does, by Ruby's HTTP client and faye-websocket: faye_client.rb http://localhost:PORT/ [CA]
require "eventmachine"
require "faye/websocket"
require "json"
require "net/http"

base, authority = URI(ARGV[0]), ARGV[1]
found = []
http = Net::HTTP.new(base.host, base.port)
if base.scheme == "https"
  http.use_ssl = true
  http.ca_file = authority
end
http.start do
  told = JSON.parse(http.get("/told").body)
  found << (told["host"] == "#{base.host}:#{base.port}" ? "host" : "host:#{told["host"]}")
  request = Net::HTTP::Post.new("/length", "Transfer-Encoding" => "chunked", "Content-Type" => "text/plain")
  request.body_stream = StringIO.new("x" * 100_000)
  found << "body:#{JSON.parse(http.request(request).body)["bytes"]}"
end
begin
  http.request(Net::HTTP::Get.new("/events")) do |answer|
    answer.read_body do |part|
      found << (part.start_with?("data: 0") ? "event" : "no event")
      raise StopIteration
    end
  end
rescue StopIteration
  # The stream is cut off from here, which nothing milder does.
end

EM.run do
  url = "#{base.scheme.sub("http", "ws")}://#{base.host}:#{base.port}/socket"
  socket = Faye::WebSocket::Client.new(url, %w[v1 v2], tls: authority ? { root_cert_file: authority } : {})
  socket.on(:open) { found << "subprotocol:#{socket.protocol}" and socket.send("grüße") }
  socket.on :message do |event|
    found << (event.data.is_a?(String) ? event.data : event.data.length)
    socket.send(event.data.is_a?(String) ? [0] * 1_000_000 : "close 4001 enough")
  end
  socket.on :close do |event|
    found << "closed:#{event.code}:#{event.reason}"
    EM.stop
  end
end
puts found.join(" ")
